/** Words that carry grammar or politeness rather than a wish: they count, but little. */
const STOP_WORDS = new Set(
  (
    'a an the this that these those it its i me my you your yours we us our he him his she her they them their to of in on at by for from with about as and or but if so ' +
    'is am are was were be been being do does did have has had can could will would shall should may might must not what when where which who how why ' +
    'there here please just like want need know tell say get got give let um uh er erm well okay ok oh ah hi hey now then also too very really actually maybe ' +
    'any some one thing something anything come go going guys wondering possible possibly kindly sorry excuse quick question ask asking'
  ).split(' '),
);

export const isStopWord = (word: string): boolean => STOP_WORDS.has(word) || STOP_WORDS.has(stemOf(word));

const CONTRACTIONS: readonly (readonly [RegExp, string])[] = [
  [/\bcan['’]?t\b/gu, 'can not'],
  [/\bwon['’]t\b/gu, 'will not'],
  [/\b(?:gonna|wanna|gotta)\b/gu, 'want to'],
  [/n['’]t\b/gu, ' not'],
  [/\bi['’]m\b/gu, 'i am'],
  [/['’]d\b/gu, ' would'],
  [/['’]ll\b/gu, ' will'],
  [/['’]re\b/gu, ' are'],
  [/['’]ve\b/gu, ' have'],
  [/\b(what|where|when|who|how|that|it|here|there|name)['’]s\b/gu, '$1 is'],
  [/['’]s?\b/gu, ''],
  [/\b([ap])\.\s?m\b\.?/gu, '$1m'],
];

/** Longest utterance looked at: a minute of speech is about 1,000 characters. */
const MAX_CHARACTERS = 2_000;
const WORD = /\p{N}+(?:[:.,-]\p{N}+)*|[\p{L}\p{M}]+/gu;

/** Lower-case words without punctuation, contractions spelled out (`what's` -> `what is`). Times and numbers stay whole (`9:30`). */
export function wordsOf(text: string): string[] {
  let folded = text.slice(0, MAX_CHARACTERS).normalize('NFKC').toLowerCase();
  for (const [pattern, replacement] of CONTRACTIONS) folded = folded.replace(pattern, replacement);
  return folded.match(WORD) ?? [];
}

const SUFFIXES: readonly (readonly [RegExp, string])[] = [
  [/ies$/u, 'y'],
  [/(ss|sh|ch|x|z)es$/u, '$1'],
  [/([^su])s$/u, '$1'],
  [/([^aeiou])\1(?:ing|ed)$/u, '$1'],
  [/([aeiouy].*)(?:ing|ed)$/u, '$1'],
];

/** Folds inflections of English (`opening`, `opens` -> `open`); light, because two words that differ must stay different. */
export function stemOf(word: string): string {
  if (word.length < 4 || !/^[a-z]+$/u.test(word)) return word;
  let stem = word;
  for (const [pattern, replacement] of SUFFIXES) {
    const shorter = stem.replace(pattern, replacement);
    if (shorter.length >= 3) stem = shorter;
  }
  return stem.length > 4 ? stem.replace(/e$/u, '') : stem;
}

/** Edits (insert, delete, replace, swap of neighbours) between two words, or `limit + 1` as soon as it must be more. */
export function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) > limit) return limit + 1;
  let beforePrevious: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    let best = i;
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let cost = Math.min(previous[j]! + 1, row[j - 1]! + 1, previous[j - 1]! + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) cost = Math.min(cost, beforePrevious[j - 2]! + 1);
      row[j] = cost;
      best = Math.min(best, cost);
    }
    if (best > limit) return limit + 1;
    beforePrevious = previous;
    previous = row;
  }
  return previous[b.length]!;
}

const SOUNDS: readonly (readonly [RegExp, string])[] = [
  [/^(?:kn|gn)/u, 'n'],
  [/^wr/u, 'r'],
  [/^h(?=our|onest)/u, ''],
  [/ph/gu, 'f'],
  [/igh/gu, 'i'],
  [/gh/gu, 'g'],
  [/tch/gu, 'ch'],
  [/dg/gu, 'j'],
  [/c(?=[eiy])/gu, 's'],
  [/ck|c(?!h)|q/gu, 'k'],
  [/z/gu, 's'],
  [/mb$/u, 'm'],
];

/** How a word sounds, roughly: words a recogniser may confuse (`write`, `right`) share it. Vowels count only at the start. */
export function soundOf(word: string): string {
  let sound = word;
  for (const [pattern, replacement] of SOUNDS) sound = sound.replace(pattern, replacement);
  return (
    sound.slice(0, 1).replace(/[aeiouy]/u, 'a') +
    sound
      .slice(1)
      .replace(/[aeiouywh]/gu, '')
      .replace(/(.)\1+/gu, '$1')
  );
}
