import { toError } from '../core/errors.js';
import type { SpeculationCount } from '../domain/call.js';
import type { ChatMessage, LanguageModel, ReplyEvent, ReplyRequest, ToolDefinition } from '../domain/ports/speech.js';
import type { Metered } from '../domain/provider-usage.js';
import { wordsOf } from './spoken-words.js';

/**
 * A model's answer that was begun before the caller was certainly done. It is kept back, with the tools it calls, until somebody
 * asks for an answer to the very same words.
 */
export class Speculation implements LanguageModel {
  readonly name: string;
  /** When the model was asked, in monotonic milliseconds. */
  readonly askedMs: number;
  readonly #llm: LanguageModel;
  readonly #words: string;
  readonly #abort = new AbortController();
  readonly #events: ReplyEvent[] = [];
  #failure: Error | undefined;
  #over = false;
  #taken = false;
  #usage: Metered = {};
  #wake: () => void = () => undefined;

  constructor(
    llm: LanguageModel,
    request: Omit<ReplyRequest, 'signal' | 'tools'>,
    tools: Promise<readonly ToolDefinition[]>,
    askedMs: number,
  ) {
    this.name = llm.name;
    this.askedMs = askedMs;
    this.#llm = llm;
    this.#words = wordsIn(request.messages);
    void this.#make(request, tools);
  }

  get servedBy(): string | undefined {
    return this.#llm.servedBy;
  }

  /** Its words, or its failure, were asked for. */
  get taken(): boolean {
    return this.#taken;
  }

  /** What it has cost, as far as that is known by now. */
  get usage(): Metered {
    return this.#usage;
  }

  /** Punctuation and capitals do not count. */
  answers(messages: readonly ChatMessage[]): boolean {
    return this.#words === wordsIn(messages);
  }

  /** What was begun, once; everything else as the model itself answers. */
  async *reply(request: ReplyRequest): AsyncGenerator<ReplyEvent> {
    const failedBefore = this.#failure !== undefined && this.#events.length === 0;
    if (this.#taken || failedBefore || !this.answers(request.messages)) {
      yield* this.#llm.reply(request);
      return;
    }
    this.#taken = true;
    request.signal.addEventListener('abort', () => this.cancel(), { once: true });
    while (!request.signal.aborted) {
      const event = this.#events.shift();
      if (event) yield event;
      else if (this.#over) break;
      else await this.#news();
    }
    if (this.#failure && !request.signal.aborted) throw this.#failure;
  }

  /** Nobody will ask for it. Idempotent. */
  cancel(): void {
    this.#abort.abort();
    this.#wake();
  }

  #news(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  async #make(request: Omit<ReplyRequest, 'signal' | 'tools'>, tools: Promise<readonly ToolDefinition[]>): Promise<void> {
    const { signal } = this.#abort;
    try {
      const offered = await tools;
      if (signal.aborted) return;
      const onUsage = (usage: Metered): void => {
        this.#usage = usage;
      };
      for await (const event of this.#llm.reply({ ...request, tools: offered, signal, onUsage })) {
        this.#events.push(event);
        this.#wake();
      }
    } catch (error) {
      this.#failure = toError(error);
    }
    this.#over = true;
    this.#wake();
  }
}

/** What became of the answers that were begun for one turn. `used`: the one that was spoken, if any was. */
export function countOf(begun: readonly Speculation[], used: Speculation | undefined): SpeculationCount {
  const discarded = begun.filter((each) => each !== used || !each.taken);
  const tokens = (of: 'inputTokens' | 'outputTokens'): number => discarded.reduce((sum, { usage }) => sum + (usage[of] ?? 0), 0);
  return {
    attempts: begun.length,
    discarded: discarded.length,
    inputTokens: tokens('inputTokens'),
    outputTokens: tokens('outputTokens'),
  };
}

const wordsIn = (messages: readonly ChatMessage[]): string =>
  messages.map(({ role, content }) => `${role} ${role === 'user' ? wordsOf(content).join(' ') : content}`).join('\n');
