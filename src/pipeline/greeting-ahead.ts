import { toError } from '../core/errors.js';
import type { SpeechChunk, SynthesisRequest, TextToSpeech } from '../domain/ports/speech.js';

/** A synthesiser that has begun to make the first words before anybody is there to hear them. */
export class GreetingAhead implements TextToSpeech {
  readonly name: string;
  /** Resolves when its first audio is there, or never will be. */
  readonly audible: Promise<void>;
  readonly #tts: TextToSpeech;
  readonly #text: string;
  readonly #abort = new AbortController();
  readonly #chunks: SpeechChunk[] = [];
  #failure: Error | undefined;
  #over = false;
  #taken = false;
  #waiting: (() => void)[] = [];

  constructor(tts: TextToSpeech, request: Omit<SynthesisRequest, 'signal'>) {
    this.name = tts.name;
    this.#tts = tts;
    this.#text = request.text;
    this.audible = this.#news();
    void this.#make({ ...request, signal: this.#abort.signal });
  }

  get servedBy(): string | undefined {
    return this.#tts.servedBy;
  }

  /** What was begun, once; everything else as the synthesiser itself does it. */
  async *synthesize(request: SynthesisRequest): AsyncGenerator<SpeechChunk> {
    const failedBefore = this.#failure !== undefined && this.#chunks.length === 0;
    if (this.#taken || failedBefore || request.text !== this.#text) {
      yield* this.#tts.synthesize(request);
      return;
    }
    this.#taken = true;
    request.signal.addEventListener('abort', () => this.#wake(), { once: true });
    while (!request.signal.aborted) {
      const chunk = this.#chunks.shift();
      if (chunk) yield chunk;
      else if (this.#over) break;
      else await this.#news();
    }
    if (this.#failure && !request.signal.aborted) throw this.#failure;
  }

  /** Nobody will hear it. Without this it is made to its end, so that a cache has it for the next call. */
  cancel(): void {
    this.#abort.abort();
  }

  #news(): Promise<void> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  #wake(): void {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }

  async #make(request: SynthesisRequest): Promise<void> {
    try {
      for await (const chunk of this.#tts.synthesize(request)) {
        if (chunk.pcm.length === 0) continue;
        this.#chunks.push(chunk);
        this.#wake();
      }
    } catch (error) {
      this.#failure = toError(error);
    }
    this.#over = true;
    this.#wake();
  }
}
