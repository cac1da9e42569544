import type { ConversationDeps } from '../conversation-deps.js';
import { FreezableTimers } from '../freezable-timers.js';
import { HUMAN_SENTENCES, MACHINE_SENTENCES } from '../language/machine-words.js';
import { Utterance } from '../utterance.js';

export type MachineEarDeps = Pick<ConversationDeps, 'clock' | 'log' | 'media' | 'speech' | 'agent' | 'band' | 'record'>;

/** Understands what an answering machine says until `finish`, and puts it into the transcript. */
export class MachineEar {
  readonly #deps: MachineEarDeps;
  readonly #timers: FreezableTimers;
  readonly #abort = new AbortController();
  readonly #onWords: (text: string) => void;
  readonly #utterance: Utterance;
  readonly #startMs: number;
  readonly #beganMs: number;
  #finished: Promise<void> | undefined;

  /** `sinceAnswerMs`: how long the call has been answered. `onWords`: all so far, and in the end once more. */
  constructor(deps: MachineEarDeps, sinceAnswerMs: number, onWords: (text: string) => void) {
    const { clock, media, speech, agent, band } = deps;
    this.#deps = deps;
    this.#onWords = onWords;
    this.#timers = new FreezableTimers(clock);
    this.#startMs = Math.round(sinceAnswerMs);
    this.#beganMs = clock.monotonicMs();
    this.#utterance = new Utterance(
      { clock, timers: this.#timers, media, stt: speech.stt },
      {
        language: agent.language,
        vocabulary: { sentences: [...MACHINE_SENTENCES, ...HUMAN_SENTENCES] },
        band,
        signal: this.#abort.signal,
        onPartial: onWords,
      },
      media.heard(),
    );
  }

  /** Idempotent. Resolves when what was said stands in the transcript, or was not understood. */
  finish(): Promise<void> {
    this.#finished ??= this.#finish();
    return this.#finished;
  }

  async #finish(): Promise<void> {
    const { clock, log, record } = this.#deps;
    const endMs = this.#startMs + Math.round(clock.monotonicMs() - this.#beganMs);
    try {
      const { text } = await this.#utterance.finish();
      if (text === '') return;
      record.entry({ speaker: 'caller', text, heardText: text, interrupted: false, startMs: this.#startMs, endMs });
      this.#onWords(text);
    } catch (error) {
      log.warn({ err: error, stage: 'stt' }, 'greeting of a machine not understood');
    } finally {
      this.#timers.clear();
    }
  }
}
