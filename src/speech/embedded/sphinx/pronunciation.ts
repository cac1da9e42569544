/** Spellings and their usual sounds in the dictionary's alphabet, longest first at each place. Crude: for names no dictionary knows. */
const LETTER_RULES: readonly (readonly [RegExp, string])[] = [
  [/^tion/, 'SH AH N'],
  [/^sion/, 'ZH AH N'],
  [/^ough/, 'AO'],
  [/^augh/, 'AO'],
  [/^eigh/, 'EY'],
  [/^igh/, 'AY'],
  [/^tch/, 'CH'],
  [/^dge/, 'JH'],
  [/^sch/, 'SH'],
  [/^ch/, 'CH'],
  [/^sh/, 'SH'],
  [/^th/, 'TH'],
  [/^ph/, 'F'],
  [/^wh/, 'W'],
  [/^gh/, 'G'],
  [/^ck/, 'K'],
  [/^kn/, 'N'],
  [/^wr/, 'R'],
  [/^qu/, 'K W'],
  [/^ng$/, 'NG'],
  [/^ng(?=s$)/, 'NG'],
  [/^x/, 'K S'],
  [/^ee|^ea|^ie(?!r$)/, 'IY'],
  [/^oo/, 'UW'],
  [/^ou/, 'AW'],
  [/^ow$/, 'OW'],
  [/^ow/, 'AW'],
  [/^oi|^oy/, 'OY'],
  [/^ai|^ay|^ei|^ey(?!$)/, 'EY'],
  [/^ey$/, 'IY'],
  [/^au|^aw/, 'AO'],
  [/^oa/, 'OW'],
  [/^ew|^eu/, 'Y UW'],
  [/^ar/, 'AA R'],
  [/^or/, 'AO R'],
  [/^er|^ir|^ur/, 'ER'],
  // A silent e at the end makes the vowel before it long.
  [/^a(?=[bcdfgjklmnpqstvz]e$)/, 'EY'],
  [/^i(?=[bcdfgjklmnpqstvz]e$)/, 'AY'],
  [/^o(?=[bcdfgjklmnpqstvz]e$)/, 'OW'],
  [/^u(?=[bcdfgjklmnpqstvz]e$)/, 'UW'],
  [/^e$/, ''],
  [/^a$/, 'AH'],
  [/^i$/, 'IY'],
  [/^o$/, 'OW'],
  [/^y$/, 'IY'],
  [/^a/, 'AE'],
  [/^e/, 'EH'],
  [/^i/, 'IH'],
  [/^o/, 'AA'],
  [/^u/, 'AH'],
  [/^y(?=[aeiou])/, 'Y'],
  [/^y/, 'IH'],
  [/^c(?=[eiy])/, 'S'],
  [/^g(?=[ei])/, 'JH'],
  [/^c|^k|^q/, 'K'],
  [/^b/, 'B'],
  [/^d/, 'D'],
  [/^f/, 'F'],
  [/^g/, 'G'],
  [/^h/, 'HH'],
  [/^j/, 'JH'],
  [/^l/, 'L'],
  [/^m/, 'M'],
  [/^n/, 'N'],
  [/^p/, 'P'],
  [/^r/, 'R'],
  [/^s/, 'S'],
  [/^t/, 'T'],
  [/^v/, 'V'],
  [/^w/, 'W'],
  [/^z/, 'Z'],
];
const LETTER_NAMES: Readonly<Record<string, string>> = {
  b: 'B IY',
  c: 'S IY',
  d: 'D IY',
  f: 'EH F',
  g: 'JH IY',
  h: 'EY CH',
  j: 'JH EY',
  k: 'K EY',
  l: 'EH L',
  m: 'EH M',
  n: 'EH N',
  p: 'P IY',
  q: 'K Y UW',
  r: 'AA R',
  s: 'EH S',
  t: 'T IY',
  v: 'V IY',
  w: 'D AH B AH L Y UW',
  x: 'EH K S',
  z: 'Z IY',
};
const VOICELESS_END = /(?:P|T|K|F|TH)$/;
const HISSING_END = /(?:S|Z|SH|ZH|CH|JH)$/;
/** Shorter parts make words out of anything. */
const MIN_PART_CHARS = 3;

/** The known words that might make up `word`, for one look at the dictionary. */
export function possibleParts(word: string): string[] {
  const stem = stemOf(word);
  const splits = splitsOf(word).flat();
  return stem === undefined ? splits : [stem, ...splits];
}

/** A pronunciation for a word the dictionary lacks: of its parts (`off` + `hook`), of its stem, letter by letter or by rule. */
export function guessPronunciation(word: string, known: (part: string) => string | undefined): string | undefined {
  const stem = stemOf(word);
  const stemPhones = stem === undefined ? undefined : known(stem);
  if (stemPhones !== undefined) return `${stemPhones} ${pluralEnding(stemPhones)}`;
  for (const [head, tail] of splitsOf(word)) {
    const [headPhones, tailPhones] = [known(head), known(tail)];
    if (headPhones !== undefined && tailPhones !== undefined) return `${headPhones} ${tailPhones}`;
  }
  const letters = word.replace(/[^a-z]/g, '');
  if (letters === '') return undefined;
  if (!/[aeiouy]/.test(letters)) return Array.from(letters, (letter) => LETTER_NAMES[letter]).join(' ');
  return byRules(letters);
}

function stemOf(word: string): string | undefined {
  const stem = /^(.{2,}?)(?:'s|s'|s)$/.exec(word)?.[1];
  return stem === undefined || stem === word ? undefined : stem;
}

/** Two-part splits, the most even one first: `voicemail` is `voice` + `mail` rather than any other cut. */
function splitsOf(word: string): [string, string][] {
  const splits: [string, string][] = [];
  for (let i = MIN_PART_CHARS; i <= word.length - MIN_PART_CHARS; i++) splits.push([word.slice(0, i), word.slice(i)]);
  return splits.sort(([a, b], [c, d]) => Math.abs(a.length - b.length) - Math.abs(c.length - d.length));
}

function pluralEnding(phones: string): string {
  if (HISSING_END.test(phones)) return 'IH Z';
  return VOICELESS_END.test(phones) ? 'S' : 'Z';
}

function byRules(letters: string): string | undefined {
  const phones: string[] = [];
  for (let rest = letters; rest !== ''; ) {
    const [pattern, sound] = LETTER_RULES.find(([rule]) => rule.test(rest)) ?? [/^./, ''];
    const length = pattern.exec(rest)?.[0].length ?? 1;
    // A doubled consonant is spoken once.
    if (sound !== '' && !(phones.at(-1) === sound && /^[^aeiou]/.test(rest))) phones.push(sound);
    rest = rest.slice(Math.max(1, length));
  }
  return phones.length === 0 ? undefined : phones.join(' ');
}
