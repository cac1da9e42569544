import type { Clock } from '../core/clock.js';
import { toError } from '../core/errors.js';
import { background, type Logger } from '../core/log.js';
import type { AgentSettings } from '../domain/agent.js';
import type { ChatMessage, LanguageModel } from '../domain/ports/speech.js';
import type { ReplySource } from './agent-reply.js';
import { within } from './deadline.js';

const TEXT_WITHIN_MS = 8_000;

export type CopilotDeps = {
  clock: Clock;
  log: Logger;
  /** As it is led now. */
  agent: () => AgentSettings;
  messages: () => readonly ChatMessage[];
  suggested: (text: string) => void;
};

/** What the agent would say, written down for an operator who decides what is said. It runs no tools: nobody has agreed to them. */
export class Copilot {
  readonly #deps: CopilotDeps;
  #abort = new AbortController();

  constructor(deps: CopilotDeps) {
    this.#deps = deps;
  }

  /** In place of what was to be suggested before. */
  suggest(source: ReplySource): void {
    this.forget();
    if (source.type === 'model') background(this.#write(source.llm, this.#abort.signal), 'suggestion', this.#deps.log);
    else this.#deps.suggested(source.text);
  }

  /** The caller goes on, or somebody has answered. */
  forget(): void {
    this.#abort.abort();
    this.#abort = new AbortController();
  }

  async #write(llm: LanguageModel, signal: AbortSignal): Promise<void> {
    const { clock, log, agent, messages, suggested } = this.#deps;
    const events = llm.reply({ agent: agent(), messages: [...messages()], tools: [], signal })[Symbol.asyncIterator]();
    let text = '';
    try {
      for (;;) {
        const next = await within(events.next(), { clock, limitMs: TEXT_WITHIN_MS, signal, what: 'the language model' });
        if (next.done) break;
        if (next.value.type === 'text') text += next.value.text;
        // What a model speaks by itself is not played: nobody has agreed to it.
        else if (next.value.type === 'spoken') text += next.value.piece.text ?? '';
      }
    } catch (error) {
      if (!signal.aborted) log.warn({ err: toError(error), stage: 'llm', provider: llm.name }, 'nothing to suggest');
      return;
    } finally {
      events.return?.().catch(() => undefined);
    }
    if (!signal.aborted && text.trim() !== '') suggested(text.trim());
  }
}
