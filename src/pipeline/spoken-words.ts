import { cuesOf } from './language/cues.js';
import { ENGLISH } from './language/en.js';

const LONGEST_BACKCHANNEL_WORDS = 3;

/** The words of a transcript in lower case, without punctuation. */
export function wordsOf(text: string): string[] {
  return (
    text
      .normalize('NFKC')
      .toLowerCase()
      .replaceAll('’', "'")
      .match(/[\p{L}\p{N}]+(?:['@._][\p{L}\p{N}]+)*/gu) ?? []
  );
}

/** Whether the caller said anything but listening noises: then the agent must yield. `language` is a BCP 47 tag. */
export function wantsTheFloor(text: string, language: string): boolean {
  const { backchannels } = cuesOf(language) ?? ENGLISH;
  const words = wordsOf(text);
  for (let i = 0; i < words.length; ) {
    let taken = LONGEST_BACKCHANNEL_WORDS;
    while (taken > 0 && !backchannels.has(words.slice(i, i + taken).join(' '))) taken -= 1;
    if (taken === 0) return true;
    i += taken;
  }
  return false;
}

/** The text without "uhm" and the like, nor the comma behind it. */
export function withoutFillers(text: string, language: string): string {
  const { fillers } = cuesOf(language) ?? ENGLISH;
  return text
    .replace(/(?<![\p{L}\p{N}'’-])(\p{L}+)(?!['’-])([,.…]*\s*)/gu, (whole: string, word: string) =>
      fillers.has(word.toLowerCase()) ? '' : whole,
    )
    .trim();
}

/** Nothing but "hello": whoever says it waits for the other to begin. */
export function isGreeting(text: string, language: string): boolean {
  const words = wordsOf(text);
  const greetings = cuesOf(language)?.greetings;
  return greetings !== undefined && words.length > 0 && words.length <= 3 && words.every((word) => greetings.has(word));
}
