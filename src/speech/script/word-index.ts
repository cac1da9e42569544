import { editDistance, soundOf } from './words.js';

export type Likeness = { word: string; sure: number };

type Entry = { word: string; letters: number };

/** What two words that sound alike, but are spelt apart, are to each other. */
const SAME_SOUND = 0.7;
const MIN_SOUND_CHARACTERS = 3;

/** Finds the known word that a misspelt or misheard one was meant to be, among thousands in well under a millisecond. */
export class WordIndex {
  readonly #byLength = new Map<number, Entry[]>();
  readonly #bySound = new Map<string, string>();

  constructor(words: Iterable<string>) {
    for (const word of words) {
      const sameLength = this.#byLength.get(word.length) ?? [];
      sameLength.push({ word, letters: lettersOf(word) });
      this.#byLength.set(word.length, sameLength);
      const sound = soundOf(word);
      if (sound.length >= MIN_SOUND_CHARACTERS && !this.#bySound.has(sound)) this.#bySound.set(sound, word);
    }
  }

  /** The most similar word and how sure that is (below 1), or undefined when none is near. Short words must be the same. */
  nearest(word: string): Likeness | undefined {
    let best: Likeness | undefined;
    const letters = lettersOf(word);
    for (let length = word.length - 2; length <= word.length + 2; length++) {
      const longer = Math.max(word.length, length);
      const allowed = longer < 4 ? 0 : longer < 7 ? 1 : 2;
      if (allowed < Math.abs(length - word.length) || allowed === 0) continue;
      for (const entry of this.#byLength.get(length) ?? []) {
        // An edit changes at most two letters of the set.
        if (bits(letters ^ entry.letters) > 2 * allowed) continue;
        const distance = editDistance(word, entry.word, allowed);
        const sure = distance <= allowed ? 1 - distance / longer : 0;
        if (sure > (best?.sure ?? 0)) best = { word: entry.word, sure };
      }
    }
    if (best && best.sure >= SAME_SOUND) return best;
    const sound = soundOf(word);
    const alike = sound.length >= MIN_SOUND_CHARACTERS ? this.#bySound.get(sound) : undefined;
    return alike === undefined ? best : { word: alike, sure: SAME_SOUND };
  }
}

/** The set of letters of a word; letters beyond the alphabet share bits, which only makes the set coarser. */
function lettersOf(word: string): number {
  let letters = 0;
  for (let i = 0; i < word.length; i++) letters |= 1 << (word.charCodeAt(i) & 31);
  return letters;
}

function bits(set: number): number {
  let count = 0;
  for (let rest = set; rest !== 0; rest &= rest - 1) count += 1;
  return count;
}
