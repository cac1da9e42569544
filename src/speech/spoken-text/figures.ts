import type { Tongue } from './tongue.js';

/** Beyond this, figures are a code and not an amount. */
const MOST_INTEGER_DIGITS = 15;
/** How figures without gaps are grouped when they are read out. */
const GROUP = 3;

/** Figures one by one: `four two`. */
export const singly = (digits: string, tongue: Tongue): string =>
  digits
    .split('')
    .map((digit) => tongue.cardinal(Number(digit)))
    .join(' ');

/** `1,234.5` as it stands; false: it is not written as the language writes numbers. */
export function parseNumber(written: string, tongue: Tongue): { whole: string; decimals: string } | undefined {
  const [before = '', decimals = '', ...more] = written.split(tongue.decimalMark);
  const whole = before.replace(/[\s\u00a0\u202f]/g, ' ').split(tongue.thousandsMark);
  const grouped = whole.length === 1 || whole.slice(1).every((group) => /^\d{3}$/.test(group));
  if (more.length > 0 || !grouped || !/^\d+$/.test(whole.join('')) || !/^\d*$/.test(decimals)) return undefined;
  return { whole: whole.join(''), decimals };
}

export function numberWords({ whole, decimals }: { whole: string; decimals: string }, tongue: Tongue): string {
  const isCode = whole.length > MOST_INTEGER_DIGITS || /^0\d/.test(whole);
  const said = isCode ? singly(whole, tongue) : tongue.cardinal(Number(whole));
  return decimals === '' ? said : `${said} ${tongue.point} ${decimalWords(decimals, tongue)}`;
}

function decimalWords(decimals: string, tongue: Tongue): string {
  if (tongue.decimalsSingly || decimals.length > 2) return singly(decimals, tongue);
  const zeros = /^0*/.exec(decimals)?.[0] ?? '';
  const rest = decimals.slice(zeros.length);
  return [singly(zeros, tongue), rest && tongue.cardinal(Number(rest))].filter(Boolean).join(' ');
}

/** A telephone number, or another long one: figures in groups, with a breath between them. */
export function phoneWords(written: string, tongue: Tongue): string {
  const plus = written.trim().startsWith('+') ? `${tongue.plus} ` : '';
  const groups = written.match(/\d+/g) ?? [];
  const spaced = groups.flatMap((group) => (group.length > 5 ? cut(group, tongue.phoneInPairs ? 2 : GROUP) : [group]));
  return plus + spaced.map((group) => groupWords(group, tongue)).join(', ');
}

/** The last group may be longer by one, but is never a single figure. */
function cut(digits: string, size: number): string[] {
  const groups: string[] = [];
  let rest = digits;
  while (rest.length > size + 1) {
    groups.push(rest.slice(0, size));
    rest = rest.slice(size);
  }
  return size === 2 && rest.length === 3 ? [...groups, rest.slice(0, 1), rest.slice(1)] : [...groups, rest];
}

function groupWords(group: string, tongue: Tongue): string {
  const pair = tongue.phoneInPairs && /^[1-9]\d$/.test(group);
  return pair ? tongue.cardinal(Number(group)) : singly(group, tongue);
}
