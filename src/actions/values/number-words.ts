const ONES = new Map(
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen'
    .split(' ')
    .map((word, value) => [word, value]),
);
const TENS = new Map('twenty thirty forty fifty sixty seventy eighty ninety'.split(' ').map((word, i) => [word, (i + 2) * 10]));
const ORDINALS = new Map([
  ...'first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth'
    .split(' ')
    .map((word, i): [string, number] => [word, i + 1]),
  ['twentieth', 20],
  ['thirtieth', 30],
]);

/** One digit as it is said, `oh` for a zero among others; undefined for anything else. */
export function spokenDigit(word: string): string | undefined {
  if (/^\d$/.test(word)) return word;
  if (word === 'oh' || word === 'o' || word === 'nought') return '0';
  const value = ONES.get(word);
  return value !== undefined && value < 10 ? String(value) : undefined;
}

/** A cardinal in English words or digits: `two hundred and five`, `twenty-one`, `3.5`, `minus four`. Undefined when any word is none of it. */
export function spokenNumber(text: string): number | undefined {
  const words = text
    .toLowerCase()
    .replace(/(\d),(?=\d{3}\b)/g, '$1')
    .replace(/(?<=[a-z])-(?=[a-z])/g, ' ')
    .split(/\s+/)
    .filter((word) => word !== '' && word !== 'and');
  const negative = words[0] === 'minus' || words[0] === 'negative';
  if (negative) words.shift();
  const point = words.indexOf('point');
  const whole = wholeOf(point < 0 ? words : words.slice(0, point));
  if (whole === undefined) return undefined;
  const digits = point < 0 ? [] : words.slice(point + 1).map(spokenDigit);
  if (point >= 0 && (digits.length === 0 || digits.includes(undefined))) return undefined;
  const value = point < 0 ? whole : Number(`${whole}.${digits.join('')}`);
  return negative ? -value : value;
}

function wholeOf(words: readonly string[]): number | undefined {
  if (words.length === 0) return undefined;
  let total = 0;
  let group = 0;
  for (const word of words) {
    const small = ONES.get(word) ?? TENS.get(word) ?? (word === 'a' ? 1 : undefined);
    if (small !== undefined) group += small;
    else if (/^\d+(\.\d+)?$/.test(word)) group += Number(word);
    else if (word === 'hundred') group = Math.max(1, group) * 100;
    else if (word === 'thousand' || word === 'million') {
      total += Math.max(1, group) * (word === 'thousand' ? 1_000 : 1_000_000);
      group = 0;
    } else return undefined;
  }
  return total + group;
}

/** `third`, `21st`, `twenty first`, `5`: the day of a month or the like. */
export function spokenOrdinal(words: readonly string[]): number | undefined {
  const [first = '', second = ''] = words;
  const digits = /^(\d{1,2})(?:st|nd|rd|th)?$/.exec(first)?.[1];
  if (digits !== undefined) return Number(digits);
  const tens = TENS.get(first);
  if (tens !== undefined && second !== '') {
    const ones = ORDINALS.get(second) ?? ONES.get(second);
    return ones !== undefined && ones < 10 ? tens + ones : undefined;
  }
  return ORDINALS.get(first) ?? ONES.get(first) ?? tens;
}
