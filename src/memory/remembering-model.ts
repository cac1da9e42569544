import { toError } from '../core/errors.js';
import type { Logger } from '../core/log.js';
import type { LanguageModel, ReplyEvent, ReplyRequest } from '../domain/ports/speech.js';

/** A language model that is told what is known of whom it speaks with, which is looked up once. */
export class RememberingModel implements LanguageModel {
  readonly name: string;
  readonly model?: string;
  /** As the model has it: who has none cannot write. */
  readonly write?: NonNullable<LanguageModel['write']>;
  readonly #inner: LanguageModel;
  readonly #known: Promise<string | undefined>;

  constructor(model: LanguageModel, recall: () => Promise<string | undefined>, log: Logger) {
    this.#inner = model;
    this.name = model.name;
    if (model.model !== undefined) this.model = model.model;
    if (model.write) this.write = (request) => model.write!(request);
    this.#known = recall().catch((thrown: unknown) => {
      // Whom it does not remember it can speak with all the same.
      log.warn({ err: toError(thrown) }, 'contact not remembered');
      return undefined;
    });
  }

  get servedBy(): string | undefined {
    return this.#inner.servedBy;
  }

  connect(): void {
    this.#inner.connect?.();
  }

  async *reply(request: ReplyRequest): AsyncGenerator<ReplyEvent> {
    const known = await this.#known;
    const { passages = [] } = request.material ?? {};
    yield* this.#inner.reply(known === undefined ? request : { ...request, material: { passages, known } });
  }
}
