import type { ToneStep } from './ports/media.js';
import { COUNTRIES_WITH_TONES, PROGRESS_TONES, type ProgressTone, progressTone } from './progress-tones.js';

/**
 * What machines say by tones. `information`: the three rising tones before an announcement of the network (ITU-T E.180, SIT). `fax`: one
 * that calls (CNG) or answers (CED, ITU-T T.30). `beep`: that of an answering machine, at its end.
 */
export const HEARD_TONES = [...PROGRESS_TONES, 'information', 'fax', 'beep'] as const;
export type HeardTone = (typeof HEARD_TONES)[number];

/** A tone as it was heard: one frequency, or two; times on the line that it was heard on. */
export type HeardSound = { lowHz: number; highHz: number | undefined; startMs: number; endMs: number };

type Pattern = { tone: ProgressTone; hz: readonly number[]; ms: readonly number[] };

/** Networks keep their frequencies within 15 Hz (E.180), and the ear adds its own. */
const OFF_HZ = 25;
/** Frequencies that near are heard as one in their middle. */
const MERGED_HZ = 60;
const INFORMATION_HZ = [
  [913, 985],
  [1370, 1430],
  [1776, 1850],
] as const;
const MOST_KEPT = 8;
/** So long a pause parts one ring from the next, and one rhythm from another. */
const PAUSE_MS = 1000;
/** A ring that begins no later than this is the first; later the beep of an answering machine may sound like one, and two are waited for. */
const FIRST_RING_MS = 7000;

/** Tells what a sequence of tones means in a country (ISO 3166), or anywhere where it is not known. */
export class ToneRecognizer {
  readonly #patterns: readonly Pattern[];
  readonly #onTone: (tone: HeardTone) => void;
  readonly #told = new Set<HeardTone>();
  #sounds: HeardSound[] = [];

  /** `onTone`: once for each kind, but for every beep. */
  constructor(country: string | undefined, onTone: (tone: HeardTone) => void) {
    const known = country !== undefined && COUNTRIES_WITH_TONES.includes(country);
    const countries = known ? [country] : [undefined, ...COUNTRIES_WITH_TONES];
    const patterns = countries.flatMap((each) => PROGRESS_TONES.map((tone) => patternOf(tone, progressTone(tone, each))));
    // What takes longest to tell says most: a shorter rhythm may be a part of it.
    this.#patterns = patterns.toSorted((one, other) => soundsToTell(other) - soundsToTell(one));
    this.#onTone = onTone;
  }

  /** A tone has ended. In order. */
  heard(sound: HeardSound): void {
    this.#sounds = [...this.#sounds, sound].slice(-MOST_KEPT);
    const tone = this.#meaning();
    if (tone === undefined || (tone !== 'beep' && this.#told.has(tone))) return;
    this.#told.add(tone);
    this.#onTone(tone);
  }

  #meaning(): HeardTone | undefined {
    if (isInformation(this.#sounds)) return 'information';
    if (isFaxCall(this.#sounds) || isFaxAnswer(this.#sounds)) return 'fax';
    const progress = this.#patterns.find((pattern) => fits(pattern, this.#sounds));
    if (progress) return this.#mayBecomeAnother(progress) ? undefined : progress.tone;
    if (this.#isFirstRing()) return 'ringback';
    return this.#isBeep() ? 'beep' : undefined;
  }

  /** What is heard may be the beginning of a longer rhythm that means something else. */
  #mayBecomeAnother(pattern: Pattern): boolean {
    const sounds = sinceLastPause(this.#sounds);
    if (sounds.length < soundsToTell(pattern)) return false;
    return this.#patterns.some(
      (other) => other.tone !== pattern.tone && sounds.length < soundsToTell(other) && isWithin(other, sounds),
    );
  }

  /** One whole ring at the beginning of the line, which nothing else begins as. */
  #isFirstRing(): boolean {
    const sounds = sinceLastPause(this.#sounds);
    const [first] = this.#sounds;
    if (!first || first.startMs > FIRST_RING_MS || sounds.length < this.#sounds.length) return false;
    const rings = this.#patterns.some(
      (pattern) => pattern.tone === 'ringback' && sounds.length === pattern.ms.length / 2 && isWithin(pattern, sounds, 1),
    );
    return rings && !this.#patterns.some((other) => other.tone !== 'ringback' && isWithin(other, sounds));
  }

  /** Any tone that could not as well be the first of several that mean something else. */
  #isBeep(): boolean {
    const last = this.#sounds.at(-1);
    if (!last || last.highHz !== undefined || last.lowHz < 350 || isHz(last, 1100, 40) || isHz(last, 2100, 40)) return false;
    const lastsMs = last.endMs - last.startMs;
    if (lastsMs < 130 || lastsMs > 3000) return false;
    if (INFORMATION_HZ.some(([low, high]) => last.lowHz > low && last.lowHz < high)) return lastsMs > 450;
    return !this.#patterns.some(({ hz }) => isSound(last, hz));
  }
}

const patternOf = (tone: ProgressTone, steps: readonly ToneStep[]): Pattern => {
  const [low = 0, high] = steps[0]?.hz ?? [];
  const merged = high !== undefined && high - low < MERGED_HZ;
  return { tone, hz: merged ? [(low + high) / 2] : [low, ...(high === undefined ? [] : [high])], ms: steps.map(({ ms }) => ms) };
};

const isHz = ({ lowHz, highHz }: HeardSound, hz: number, offHz: number): boolean =>
  highHz === undefined && Math.abs(lowHz - hz) <= offHz;

const isSound = ({ lowHz, highHz }: HeardSound, [low = 0, high]: readonly number[]): boolean =>
  Math.abs(lowHz - low) <= OFF_HZ &&
  (high === undefined ? highHz === undefined : highHz !== undefined && Math.abs(highHz - high) <= OFF_HZ);

/** Within 15 %, and what the ear adds. */
const lasts = (heardMs: number, ms: number): boolean => Math.abs(heardMs - ms) <= 45 + 0.15 * ms;

const sinceLastPause = (sounds: readonly HeardSound[]): readonly HeardSound[] =>
  sounds.slice(sounds.findLastIndex(({ startMs }, i) => i === 0 || startMs - (sounds[i - 1]?.endMs ?? 0) >= PAUSE_MS));

/** A whole turn and the sound after it, but never less than three, or two where one of them is long. */
const soundsToTell = ({ ms }: Pattern): number => Math.max(ms.length / 2 + 1, ms.some((each) => each >= 1000) ? 2 : 3);

/** Whether the last sounds are the pattern. */
function fits(pattern: Pattern, sounds: readonly HeardSound[]): boolean {
  const last = sounds.slice(-soundsToTell(pattern));
  return last.length === soundsToTell(pattern) && isWithin(pattern, last);
}

/** Whether all these sounds, in a row, are of the pattern, begun at any of the first `beginnings` of its sounds. */
function isWithin({ hz, ms }: Pattern, sounds: readonly HeardSound[], beginnings = ms.length / 2): boolean {
  if (!sounds.every((sound) => isSound(sound, hz))) return false;
  return Array.from({ length: beginnings }, (_, begin) => begin).some((begin) =>
    sounds.every((sound, i) => {
      const step = 2 * (begin + i);
      const next = sounds[i + 1];
      const soundFits = lasts(sound.endMs - sound.startMs, ms[step % ms.length] ?? 0);
      return soundFits && (!next || lasts(next.startMs - sound.endMs, ms[(step + 1) % ms.length] ?? 0));
    }),
  );
}

function isInformation(sounds: readonly HeardSound[]): boolean {
  const last = sounds.slice(-3);
  return (
    last.length === 3 &&
    last.every(({ lowHz, highHz, startMs, endMs }, i) => {
      const [low = 0, high = 0] = INFORMATION_HZ[i] ?? [];
      const before = last[i - 1];
      const together = !before || startMs - before.endMs < 120;
      return (
        highHz === undefined &&
        lowHz > low - 15 &&
        lowHz < high + 15 &&
        endMs - startMs > 150 &&
        endMs - startMs < 500 &&
        together
      );
    })
  );
}

/** 1100 Hz, half a second every three and a half. */
function isFaxCall(sounds: readonly HeardSound[]): boolean {
  const [one, other] = sounds.slice(-2);
  const isCall = (sound: HeardSound): boolean => isHz(sound, 1100, 40) && lasts(sound.endMs - sound.startMs, 500);
  return one !== undefined && other !== undefined && isCall(one) && isCall(other) && lasts(other.startMs - one.endMs, 3000);
}

/** 2100 Hz for two seconds and more; modems turn its phase every 450 ms, which parts it. */
function isFaxAnswer(sounds: readonly HeardSound[]): boolean {
  let soundsMs = 0;
  let nextMs: number | undefined;
  for (const sound of sounds.toReversed()) {
    if (!isHz(sound, 2100, 30) || (nextMs !== undefined && nextMs - sound.endMs > 150)) break;
    soundsMs += sound.endMs - sound.startMs;
    nextMs = sound.startMs;
  }
  return soundsMs >= 1500;
}
