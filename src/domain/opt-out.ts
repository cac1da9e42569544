/**
 * How callers say in English that they do not want to be called again. One that ends in a full stop only counts where the
 * sentence ends with it: "don't call me" is a wish, "don't call me before nine" is another one.
 */
export const DEFAULT_OPT_OUT_PHRASES: readonly string[] = [
  'stop calling me',
  "don't call me again",
  "don't call me anymore",
  'take me off your list',
  'remove me from your list',
  'put me on your do not call list',
  "don't call me.",
  'never call me again',
  'never call again',
  'never call here again',
  'never call this number again',
  'stop calling this number',
  'stop calling my number',
  'stop calling my phone',
  'stop calling here',
  'stop calling.',
  'stop these calls',
  'stop the calls',
  "don't call again",
  "don't call anymore",
  "don't call this number",
  "don't call here",
  "don't want you to call me again",
  "don't want you to call me anymore",
  "don't want you to call me.",
  "don't want you to call.",
  "don't want you calling me",
  "don't want to be called",
  "don't want any more calls",
  "don't want these calls",
  "don't want your calls",
  'no more calls.',
  'take me off the calling list',
  'take me off the call list',
  'take my name off',
  'take my number off',
  'take this number off',
  'remove me from the calling list',
  'remove me from the call list',
  'remove me from your database',
  'remove me from your system',
  'remove my name from your list',
  'remove my number from your list',
  'remove this number from your list',
  'remove my number.',
  'delete my number.',
  'lose my number',
  'forget my number',
  'add me to your do not call list',
  'put my number on your do not call list',
  'put this number on your do not call list',
  'add my number to your do not call list',
  'unsubscribe me',
  'unsubscribe.',
  'opt me out',
  'want to opt out.',
  'opt out.',
];

/** Different words for the same wish, in phrases and in what was heard alike. */
const FOLDED: readonly (readonly [RegExp, string])[] = [
  [/\b(?:can['’]?t|cannot)\b/gu, 'can not'],
  [/\bwon['’]?t\b/gu, 'will not'],
  [/\b(do|did|does|would|should|could|is|was|are|were|has|have|had)n['’]?t\b/gu, '$1 not'],
  [/\bany more\b/gu, 'anymore'],
  [/\b(?:phoning|ringing|telephoning|contacting)\b/gu, 'calling'],
  [/\b(?:phone|ring|telephone|contact)\b/gu, 'call'],
  [/\b(?:quit|cease)\b/gu, 'stop'],
  [/\bus\b/gu, 'me'],
  [/\bour\b/gu, 'my'],
];
const TOKEN = /[\p{L}\p{M}\p{N}]+|[.!?;…,]/gu;
const SENTENCE_END: ReadonlySet<string> = new Set(['.', '!', '?', ';', '…']);

/** Words that may stand anywhere in a phrase and change nothing of it. */
const FILLERS: ReadonlySet<string> = new Set(
  'please kindly just ever really even you people guys dare like uh um er the a an of all your damn goddamn bloody fucking freaking'.split(
    ' ',
  ),
);
/** Words after which a sentence is still at its end. */
const AFTERTHOUGHTS: ReadonlySet<string> = new Set(
  'please thanks thank you okay ok alright again anymore ever at all sir madam goodbye bye'.split(' '),
);

/** What, right before a phrase, turns it into its opposite or into talk about it: "don't stop …", "I never asked you to …". */
const LINKS =
  'to|you|me|i|we|them|him|her|please|ever|just|really|dare|want|wanted|need|needed|should|would|have|going|trying|let|' +
  '(?:say|said|saying|ask|asked|asking|tell|told|telling|mean|meant|think)(?: that)?';
const DENIED = [
  // "Why don't you stop …" and "if you don't stop …" ask for it.
  new RegExp(
    `(?<!\\b(?:if|unless|until) (?:you|they) (?:do|will|can|would) )\\b(?:not|never)(?! (?:i|you|we|they)\\b(?! dare\\b))(?: (?:${LINKS}))*$`,
  ),
  /\b(?:did|have) you$/,
];
/** "You don't call me anymore" complains of too few calls; "I told you: don't call me" of too many. */
const TOLD_OF = /(?<!\b(?:tell|telling|told|ask|asking|asked|beg|begging|warn|warned) )\b(?:you|they|he|she|why)$/;

type Phrase = { words: readonly string[]; endsSentence: boolean };

/** Whether what somebody says asks not to be called again. */
export class OptOutPhrases {
  readonly #phrases: readonly Phrase[];

  constructor(phrases: readonly string[] = DEFAULT_OPT_OUT_PHRASES) {
    this.#phrases = phrases.map(phraseOf).filter(({ words }) => words.length > 0);
  }

  /** A whole phrase, with nothing around it that means the opposite. */
  matches(text: string): boolean {
    const tokens = tokensOf(text);
    return this.#phrases.some((phrase) => tokens.some((_, at) => isSaidAt(tokens, at, phrase)));
  }
}

function phraseOf(text: string): Phrase {
  const words = tokensOf(text).filter((token) => isWord(token) && !FILLERS.has(token));
  return { words, endsSentence: text.trimEnd().endsWith('.') };
}

function tokensOf(text: string): string[] {
  let folded = text.normalize('NFKC').toLowerCase();
  for (const [pattern, word] of FOLDED) folded = folded.replace(pattern, word);
  return folded.match(TOKEN) ?? [];
}

const isWord = (token: string): boolean => token !== ',' && !SENTENCE_END.has(token);

function isSaidAt(tokens: readonly string[], at: number, { words, endsSentence }: Phrase): boolean {
  if (tokens[at] !== words[0]) return false;
  let next = at;
  for (const word of words) {
    while (next > at && tokens[next] !== word && (tokens[next] === ',' || FILLERS.has(tokens[next] ?? ''))) next += 1;
    if (tokens[next] !== word) return false;
    next += 1;
  }
  if (endsSentence && !endsAt(tokens, next)) return false;
  const before = clauseBefore(tokens, at);
  if (DENIED.some((denial) => denial.test(before))) return false;
  return !(words[0] === 'do' && words[2] !== 'want' && TOLD_OF.test(before));
}

function endsAt(tokens: readonly string[], at: number): boolean {
  let next = at;
  while (tokens[next] === ',' || AFTERTHOUGHTS.has(tokens[next] ?? '')) next += 1;
  const token = tokens[next];
  return token === undefined || SENTENCE_END.has(token);
}

function clauseBefore(tokens: readonly string[], at: number): string {
  const start = tokens.slice(0, at).findLastIndex((token) => !isWord(token)) + 1;
  return tokens.slice(start, at).join(' ');
}
