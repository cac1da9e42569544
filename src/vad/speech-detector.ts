/** Silero's window: 32 ms at 16 kHz. */
export const WINDOW_SAMPLES = 512;

const ONSET_PROBABILITY = 0.8;
const ONSET_WINDOWS = 3;
const ONSET_NEEDED = 2;
const SPEECH_PROBABILITY = 0.5;
const CONFIRM_WINDOWS = 6;
const CONFIRM_NEEDED = 5;
const SILENCE_PROBABILITY = 0.35;
/** 160 ms. */
const SILENCE_WINDOWS = 5;
/**
 * Silero hears speech however faint it is, so a window fainter than any caller cannot begin or confirm speech: it is somebody in the
 * next room. It can go on with speech that has begun: the faint parts of words do. The agent's own echo is taken out before.
 */
const FAINTEST_SPEECH_DBFS = -60;

export type Detection = { type: 'onset' | 'confirmed' | 'ended'; sample: number };

type Window = { probability: number; startSample: number };

/** Turns the probabilities of one call's windows into the begin and the end of speech. Silent between calls of `push`. */
export class SpeechDetector {
  /** The newest windows, oldest first; at most as many as the confirmation looks at. */
  #recent: Window[] = [];
  #silentWindows = 0;
  #lastSpeechEnd = 0;
  #onsetSample = 0;
  #state: 'silence' | 'suspected' | 'speech' = 'silence';

  /** Speech is on: suspected or confirmed, and not yet ended. */
  get active(): boolean {
    return this.#state !== 'silence';
  }

  /** Takes the next window, which ends before `endSample`. Returns what it decided, in order. */
  push(probability: number, levelDbfs: number, endSample: number): Detection[] {
    const audible = levelDbfs >= FAINTEST_SPEECH_DBFS;
    this.#recent.push({ probability: audible ? probability : 0, startSample: endSample - WINDOW_SAMPLES });
    if (this.#recent.length > CONFIRM_WINDOWS) this.#recent.shift();
    if (probability >= SPEECH_PROBABILITY && (audible || this.active)) this.#lastSpeechEnd = endSample;
    this.#silentWindows = probability < SILENCE_PROBABILITY ? this.#silentWindows + 1 : 0;

    const decided: Detection[] = [];
    if (this.#state === 'silence' && this.#count(ONSET_PROBABILITY, ONSET_WINDOWS) >= ONSET_NEEDED) {
      this.#state = 'suspected';
      this.#onsetSample = this.#beginOfSpeech();
      decided.push({ type: 'onset', sample: this.#onsetSample });
    }
    if (this.#state === 'suspected' && this.#count(SPEECH_PROBABILITY, CONFIRM_WINDOWS) >= CONFIRM_NEEDED) {
      this.#state = 'speech';
      decided.push({ type: 'confirmed', sample: this.#onsetSample });
    }
    if (this.active && this.#silentWindows >= SILENCE_WINDOWS) {
      this.#state = 'silence';
      this.#recent = [];
      decided.push({ type: 'ended', sample: this.#lastSpeechEnd });
    }
    return decided;
  }

  #count(probability: number, windows: number): number {
    return this.#recent.slice(-windows).filter((window) => window.probability >= probability).length;
  }

  /** The first of the unbroken run of speech windows that leads up to now; an onset's own gap of one window does not break it. */
  #beginOfSpeech(): number {
    let begin = this.#recent.length - 1;
    for (let i = begin; i >= 0; i -= 1) {
      const isSpeech = (this.#recent[i]?.probability ?? 0) >= SPEECH_PROBABILITY;
      if (isSpeech) begin = i;
      else if (i < this.#recent.length - ONSET_WINDOWS + 1) break;
    }
    return this.#recent[begin]?.startSample ?? 0;
  }
}

/** Root mean square of 16-bit samples in dB below full scale; -Infinity for digital silence. */
export function levelDbfs(samples: Int16Array): number {
  let energy = 0;
  for (const sample of samples) energy += sample * sample;
  return 10 * Math.log10(energy / samples.length / 32_768 ** 2);
}
