import type { Clock } from '../core/clock.js';
import type { Call } from '../domain/call.js';
import type { ProviderWatch } from '../domain/ports/speech.js';
import { totalCostOf } from '../domain/provider-usage.js';
import { phrasesOf } from '../pipeline/language/phrases.js';
import type { CallConversation } from './call-conversation.js';

export type CostStopDeps = {
  clock: Clock;
  call: () => Call;
  /** Undefined: a call may cost anything. */
  maxCost: number | undefined;
  language: string;
};

/** Ends a call whose providers have cost as much as it may: the agent says so, whatever is being said, and hangs up. */
export class CostStop {
  readonly #deps: CostStopDeps;
  #conversation: CallConversation | undefined;
  #stopped = false;

  constructor(deps: CostStopDeps) {
    this.#deps = deps;
  }

  /** The agent is saying goodbye for that reason, or has. */
  get stopped(): boolean {
    return this.#stopped;
  }

  /** The same watch, which looks at the sum. */
  watching(watch: ProviderWatch): ProviderWatch {
    return {
      failed: (failure, error) => watch.failed(failure, error),
      used: (...usage) => {
        watch.used(...usage);
        this.#look();
      },
    };
  }

  /** It has begun. What was made ready for it may have cost too much already. */
  begun(conversation: CallConversation): void {
    this.#conversation = conversation;
    this.#look();
  }

  #look(): void {
    const { clock, call, maxCost = Infinity } = this.#deps;
    if (!this.#conversation || this.#stopped || (totalCostOf(call().providerUsage ?? []) ?? 0) < maxCost) return;
    this.#stopped = true;
    // Whoever tells what a request costs is in the middle of it.
    clock.schedule(0, () => this.#stop());
  }

  #stop(): void {
    const text = phrasesOf(this.#deps.language).costGoodbye;
    try {
      this.#conversation?.interject({ type: 'text', text, endCall: true }, true);
    } catch {
      // The agent is saying goodbye already.
      this.#stopped = false;
      this.#conversation = undefined;
    }
  }
}
