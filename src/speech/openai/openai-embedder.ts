import { type Clock, systemClock } from '../../core/clock.js';
import type { Embedder, Vector } from '../../domain/ports/documents.js';
import { createClient, failureOf, type OpenAiServiceOptions, unusable } from './client.js';
import { isRecord } from './tool-calls.js';
import { Watchdog } from './watchdog.js';

const ORIGIN = { provider: 'openai', stage: 'embeddings' } as const;
const MAX_ANSWER_BYTES = 32_000_000;
const MAX_DIMENSIONS = 8_192;
/** About what the models take of one text. */
const MAX_TEXT_CHARACTERS = 20_000;

/** Embeddings of an OpenAI-compatible server. */
export class OpenAiEmbedder implements Embedder {
  readonly #client: ReturnType<typeof createClient>;
  readonly #options: OpenAiServiceOptions;
  readonly #clock: Clock;

  constructor(options: OpenAiServiceOptions, clock: Clock = systemClock) {
    this.#options = options;
    this.#clock = clock;
    this.#client = createClient(options, MAX_ANSWER_BYTES);
  }

  get model(): string {
    return this.#options.model;
  }

  async embed(texts: readonly string[], signal: AbortSignal): Promise<Vector[]> {
    const watchdog = new Watchdog(this.#clock, this.#options.timeoutMs, signal);
    try {
      watchdog.wait();
      const answer: unknown = await this.#client.embeddings.create(
        {
          model: this.model,
          input: texts.map((text) => text.slice(0, MAX_TEXT_CHARACTERS)),
          // As numbers, which every compatible server writes.
          encoding_format: 'float',
        },
        { signal: watchdog.signal },
      );
      return vectorsIn(answer, texts.length);
    } catch (error) {
      signal.throwIfAborted();
      throw failureOf(error, ORIGIN, watchdog);
    } finally {
      watchdog.close();
    }
  }
}

/** In the order of the texts, and all of one length; the type is the client's promise, not the server's. */
function vectorsIn(answer: unknown, count: number): Vector[] {
  const data: unknown = isRecord(answer) ? answer['data'] : undefined;
  if (!Array.isArray(data) || data.length !== count) throw unusable(ORIGIN, 'malformed');
  const vectors: Vector[] = [];
  for (const [place, item] of data.entries()) {
    const { index = place, embedding } = isRecord(item) ? item : {};
    if (!isVector(embedding) || typeof index !== 'number' || !(index in data)) throw unusable(ORIGIN, 'malformed');
    vectors[index] = Float32Array.from(embedding);
  }
  const lengths = new Set(Array.from({ length: count }, (_, at) => vectors[at]?.length));
  if (lengths.size !== 1 || lengths.has(undefined)) throw unusable(ORIGIN, 'malformed');
  return vectors;
}

const isVector = (value: unknown): value is number[] =>
  Array.isArray(value) &&
  value.length > 0 &&
  value.length <= MAX_DIMENSIONS &&
  value.every((part) => typeof part === 'number' && Number.isFinite(part));
