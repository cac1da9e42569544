import type { Cancel } from '../core/clock.js';
import type { MediaSession } from '../domain/ports/media.js';
import type { VoiceEvent } from '../domain/ports/voice-activity.js';
import type { ConversationDeps } from '../pipeline/conversation-deps.js';
import { FreezableTimers } from '../pipeline/freezable-timers.js';
import { MACHINE_SENTENCES, speakerOfWords } from '../pipeline/language/machine-words.js';
import { Utterance } from '../pipeline/utterance.js';

export type EarlyEarDeps = Pick<ConversationDeps, 'clock' | 'log' | 'voice' | 'speech' | 'agent' | 'band'> & {
  session: MediaSession;
};

const PRE_ROLL_SAMPLES = 8_000;
const PAUSE_MS = 700;
/** Networks say the same again and again. */
const MOST_UTTERANCES = 6;

/** Understands what is said before the answer (early media), where an answering machine may be the one who says it. */
export class EarlyEar {
  readonly #deps: EarlyEarDeps;
  readonly #onMachine: () => void;
  readonly #timers: FreezableTimers;
  readonly #abort = new AbortController();
  readonly #watch: { close(): void };
  #utterance: Utterance | undefined;
  #utterances = 0;
  #cancelPause: Cancel = () => {};

  /** `onMachine`: once, and not after `close`. */
  constructor(deps: EarlyEarDeps, onMachine: () => void) {
    this.#deps = deps;
    this.#onMachine = onMachine;
    this.#timers = new FreezableTimers(deps.clock);
    this.#watch = deps.voice.watch(deps.session, (event) => this.#onVoice(event));
  }

  close(): void {
    this.#watch.close();
    this.#abort.abort();
    this.#timers.clear();
    this.#utterance = undefined;
  }

  #onVoice({ type, sample }: VoiceEvent): void {
    if (this.#abort.signal.aborted) return;
    if (type === 'onset') {
      this.#cancelPause();
      if (!this.#utterance && this.#utterances < MOST_UTTERANCES) this.#listen(sample);
    }
    if (type === 'ended') this.#cancelPause = this.#timers.schedule(PAUSE_MS, () => void this.#finish());
  }

  #listen(fromSample: number): void {
    const { clock, session: media, speech, agent, band } = this.#deps;
    const { signal } = this.#abort;
    this.#utterances += 1;
    this.#utterance = new Utterance(
      { clock, timers: this.#timers, media, stt: speech.stt },
      {
        language: agent.language,
        vocabulary: { sentences: MACHINE_SENTENCES },
        band,
        signal,
        onPartial: (text) => this.#understood(text),
      },
      Math.max(0, fromSample - PRE_ROLL_SAMPLES),
    );
  }

  async #finish(): Promise<void> {
    const utterance = this.#utterance;
    this.#utterance = undefined;
    try {
      this.#understood((await utterance?.finish())?.text ?? '');
    } catch (error) {
      if (!this.#abort.signal.aborted)
        this.#deps.log.warn({ err: error, stage: 'stt' }, 'words before the answer not understood');
    }
  }

  #understood(text: string): void {
    if (this.#abort.signal.aborted || speakerOfWords(text) !== 'machine') return;
    this.close();
    this.#onMachine();
  }
}
