import type { Clock } from '../../src/core/clock.js';
import { AppError } from '../../src/core/errors.js';
import type { Expectation } from '../../src/domain/expectation.js';
import type {
  LanguageModel,
  Recognition,
  RecognitionOptions,
  RecognitionStream,
  ReplyEvent,
  ReplyRequest,
  SpeechChunk,
  SpeechToText,
  SynthesisRequest,
  TextToSpeech,
} from '../../src/domain/ports/speech.js';
import type { Metered } from '../../src/domain/provider-usage.js';

export const wait = (clock: Clock, ms: number): Promise<void> => new Promise((resolve) => clock.schedule(ms, resolve));

/** What one utterance is recognised as. */
export type FakeUtterance = {
  text: string;
  heardAs?: string;
  partials?: { afterMs: number; text: string }[];
  finalAfterMs?: number;
  error?: Error;
};

/** Recognises the utterances it was given, one per stream; nothing when there are none left. */
export class FakeStt implements SpeechToText {
  readonly name = 'fake-stt';
  understands = true;
  readonly utterances: FakeUtterance[] = [];
  readonly streams: { options: RecognitionOptions; openedMs: number; samples: number; finishedMs: number | undefined }[] = [];
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  open(options: RecognitionOptions): RecognitionStream {
    const { text, heardAs, partials = [], finalAfterMs = 0, error } = this.utterances.shift() ?? { text: '' };
    const stream = { options, openedMs: this.#clock.monotonicMs(), samples: 0, finishedMs: undefined as number | undefined };
    this.streams.push(stream);
    for (const partial of partials) this.#clock.schedule(partial.afterMs, () => options.onPartial?.(partial.text));
    return {
      write: (pcm) => {
        stream.samples += pcm.length;
      },
      finish: async (): Promise<Recognition> => {
        stream.finishedMs = this.#clock.monotonicMs();
        if (finalAfterMs > 0) await wait(this.#clock, finalAfterMs);
        if (error) throw error;
        return { text, confidence: undefined, ...(heardAs !== undefined && { heardAs }) };
      },
    };
  }
}

/** Milliseconds of audio per character. */
export const MS_PER_CHAR = 50;

export type FakeReplyStep =
  | string
  /** Said by itself, 50 ms a character: all of its words, then its audio in chunks of 200 ms. */
  | { spoken: string }
  | { delayMs: number }
  | { endCall: true }
  | { tool: string; arguments?: unknown }
  | { expect: Expectation }
  | { usage: Metered }
  | { error: Error }
  | { hang: true }
  | { rubbish: unknown };

/** Answers with the steps it was given, one reply per request; `echo: <what was said>` when there are none left. */
export class FakeLlm implements LanguageModel {
  readonly name = 'fake-llm';
  /** Of a model that takes instructions; a script has none. */
  model?: string;
  readonly replies: FakeReplyStep[][] = [];
  readonly requests: ReplyRequest[] = [];
  /** Where it was told that what it said was cut off. */
  readonly cuts: { id: string; heardMs: number }[] = [];
  readonly #clock: Clock;
  #items = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  async *reply(request: ReplyRequest): AsyncGenerator<ReplyEvent> {
    this.requests.push(request);
    const steps = this.replies.shift() ?? [`Echo: ${request.messages.at(-1)?.content ?? ''}.`];
    for (const step of steps) {
      if (typeof step === 'string') yield { type: 'text', text: step };
      else if ('spoken' in step) yield* this.#speak(step.spoken);
      else if ('delayMs' in step) await wait(this.#clock, step.delayMs);
      else if ('endCall' in step) yield { type: 'tool', call: { id: '1', name: 'end_call', arguments: {} } };
      else if ('tool' in step) {
        const { tool: name, arguments: args = {} } = step;
        yield { type: 'tool', call: { id: `call_${this.requests.length}_${name}`, name, arguments: args } };
      } else if ('usage' in step) request.onUsage?.(step.usage);
      else if ('expect' in step) yield { type: 'expect', expectation: step.expect };
      else if ('error' in step) throw step.error;
      else if ('rubbish' in step) yield step.rubbish as ReplyEvent;
      else await new Promise(() => undefined);
      if (request.signal.aborted) return;
    }
  }

  *#speak(text: string): Generator<ReplyEvent> {
    const id = `item_${++this.#items}`;
    const item = { id, cutOff: (heardMs: number) => void this.cuts.push({ id, heardMs }) };
    for (const word of text.match(/\S+\s*/g) ?? []) yield { type: 'spoken', piece: { item, text: word } };
    const samples = text.length * MS_PER_CHAR * 24;
    for (let at = 0; at < samples; at += 4_800) {
      const audio = { pcm: new Int16Array(Math.min(4_800, samples - at)), rateHz: 24_000 };
      yield { type: 'spoken', piece: { item, audio } };
    }
    yield { type: 'spoken', piece: { item, done: true } };
  }
}

/** Speaks 50 ms a character at 16 kHz, in chunks of 200 ms, the first after `delayMs`. */
export class FakeTts implements TextToSpeech {
  readonly name = 'fake-tts';
  delayMs = 0;
  /** Texts that fail; `everything` fails when it holds '*'. */
  readonly failing = new Set<string>();
  hang = false;
  readonly requests: { text: string; atMs: number; signal: AbortSignal }[] = [];
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  async *synthesize({ text, signal }: SynthesisRequest): AsyncGenerator<SpeechChunk> {
    this.requests.push({ text, atMs: this.#clock.monotonicMs(), signal });
    if (this.hang) await new Promise(() => undefined);
    if (this.delayMs > 0) await wait(this.#clock, this.delayMs);
    if (this.failing.has('*') || this.failing.has(text)) throw new AppError('provider_failed', 'fake synthesiser failed');
    const samples = text.length * MS_PER_CHAR * 16;
    for (let at = 0; at < samples; at += 3_200) {
      if (signal.aborted) return;
      yield { pcm: new Int16Array(Math.min(3_200, samples - at)), rateHz: 16_000 };
    }
  }
}
