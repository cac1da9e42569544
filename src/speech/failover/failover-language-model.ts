import type { LanguageModel, ReplyEvent, ReplyRequest, WritingRequest } from '../../domain/ports/speech.js';
import type { Metered } from '../../domain/provider-usage.js';
import { BrokenOff, Failover, type FailoverOptions } from './failover.js';

/**
 * Answers with the next model when one fails or keeps silent, as long as nothing of an answer was passed on. Where a model that speaks by
 * itself broke off, the next one gives the answer: not even an apology could be had in that voice.
 */
export class FailoverLanguageModel implements LanguageModel {
  readonly name: string;
  readonly model?: string;
  /** Absent where no model can write. */
  readonly write?: NonNullable<LanguageModel['write']>;
  readonly #failover: Failover<LanguageModel>;

  /** `candidates`: at least one. */
  constructor(options: Omit<FailoverOptions<LanguageModel>, 'stage'>) {
    const [first] = options.candidates;
    if (!first) throw new Error('no model to ask');
    this.name = first.name;
    if (first.provider.model !== undefined) this.model = first.provider.model;
    this.#failover = new Failover({ ...options, stage: 'llm' });
    const writers = options.candidates.filter(({ provider }) => provider.write !== undefined);
    // Nobody waits on the telephone for a document: it takes what time its request allows.
    const desk = new Failover({ ...options, stage: 'llm', candidates: writers, deadlines: undefined });
    if (writers.length > 0) this.write = (request) => written(desk, request);
  }

  get servedBy(): string | undefined {
    return this.#failover.servedBy;
  }

  async *reply(request: ReplyRequest): AsyncGenerator<ReplyEvent> {
    let spoken = false;
    try {
      for await (const event of this.#ask(request)) {
        spoken ||= event.type === 'spoken';
        yield event;
      }
    } catch (error) {
      if (!(error instanceof BrokenOff)) throw error;
      if (spoken) return yield* this.#ask(request, error);
      // Words that were said are not taken back, and another model would say others.
      this.#failover.report(error);
      throw error.cause;
    }
  }

  #ask(request: ReplyRequest, broken?: BrokenOff): AsyncGenerator<ReplyEvent> {
    const ask = (llm: LanguageModel, signal: AbortSignal, name: string): AsyncIterable<ReplyEvent> => {
      const meter = this.#failover.meter(name);
      const onUsage = (usage: Metered): void => {
        meter(usage);
        request.onUsage?.(usage);
      };
      return llm.reply({ ...request, signal, onUsage });
    };
    return this.#failover.stream(request.signal, ask, broken);
  }
}

async function written(desk: Failover<LanguageModel>, request: WritingRequest): Promise<string> {
  const documents = desk.stream(request.signal, async function* (llm, signal) {
    if (llm.write) yield await llm.write({ ...request, signal });
  });
  for await (const document of documents) return document;
  request.signal.throwIfAborted();
  throw new Error('no model has written anything');
}
