import type { SpeechChunk, SynthesisRequest, TextToSpeech } from '../../domain/ports/speech.js';
import type { PreparableSynthesizer } from '../preparable.js';
import { spokenText } from '../spoken-text/spoken-text.js';
import { BrokenOff, Failover, type FailoverOptions } from './failover.js';

/** Characters a second of speech has, where nothing is known of the speaker. */
const CHARS_PER_SECOND = 15;

/**
 * Speaks with the next voice when one fails or keeps silent: a caller would rather hear a strange voice than none. A phrase
 * that broke off is gone on with where it did, as far as its length tells.
 */
export class FailoverSynthesizer implements TextToSpeech {
  readonly name: string;
  readonly #failover: Failover<PreparableSynthesizer>;

  /** `candidates`: at least one. */
  constructor(options: Omit<FailoverOptions<PreparableSynthesizer>, 'stage'>) {
    const [first] = options.candidates;
    if (!first) throw new Error('no voice to speak with');
    this.name = first.name;
    this.#failover = new Failover({ ...options, stage: 'tts' });
  }

  get servedBy(): string | undefined {
    return this.#failover.servedBy;
  }

  async *synthesize(request: SynthesisRequest): AsyncGenerator<SpeechChunk> {
    let text = readAloud(request);
    let broken: BrokenOff | undefined;
    for (;;) {
      let spokenMs = 0;
      const said = { ...request, text };
      const chunks = this.#failover.stream(
        request.signal,
        (tts, signal, name) => tts.synthesize({ ...said, signal, onUsage: this.#failover.meter(name) }),
        broken,
      );
      try {
        for await (const chunk of chunks) {
          spokenMs += (chunk.pcm.length * 1000) / chunk.rateHz;
          yield chunk;
        }
        return;
      } catch (error) {
        if (!(error instanceof BrokenOff)) throw error;
        text = restOf(text, spokenMs);
        if (text === '' || broken) this.#failover.report(error);
        if (text === '') return;
        if (broken) throw error.cause;
        broken = error;
      }
    }
  }

  /** Makes it ahead of time, to be kept. @throws AppError `provider_failed` */
  async prepare(request: SynthesisRequest): Promise<void> {
    const said = { ...request, text: readAloud(request) };
    const failover = this.#failover;
    const made = failover.stream(request.signal, async function* (tts, signal, name) {
      yield* tts.synthesize({ ...said, signal, onUsage: failover.meter(name) });
      await tts.prepare({ ...said, signal });
    });
    try {
      for await (const _ of made) {
        // Whoever speaks it keeps it.
      }
    } catch (error) {
      if (error instanceof BrokenOff) this.#failover.report(error);
      throw error;
    }
  }
}

/** `apply_text_normalization: off` leaves figures to the provider, as ElevenLabs has it. */
const readAloud = ({ text, language, voiceSettings }: SynthesisRequest): string =>
  voiceSettings['apply_text_normalization'] === 'off' ? text : spokenText(text, language);

/** The words that were not spoken yet: from the one on that was being said. */
export function restOf(text: string, spokenMs: number): string {
  const spokenChars = (spokenMs / 1000) * CHARS_PER_SECOND;
  for (const word of text.matchAll(/\S+/g)) if (word.index + word[0].length > spokenChars) return text.slice(word.index);
  return '';
}
