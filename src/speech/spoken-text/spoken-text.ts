import { numberWords, parseNumber, phoneWords, singly } from './figures.js';
import type { CalendarDate, Tongue } from './tongue.js';
import { americanEnglish, britishEnglish } from './tongues/english.js';
import { french } from './tongues/french.js';
import { german } from './tongues/german.js';
import { italian } from './tongues/italian.js';
import { spanish } from './tongues/spanish.js';

const TONGUES: Readonly<Record<string, Tongue>> = { de: german, fr: french, es: spanish, it: italian };

function tongueOf(language: string): Tongue | undefined {
  const [tag = '', region] = language.toLowerCase().split(/[-_]/);
  if (tag === 'en') return region === undefined || region === 'us' ? americanEnglish : britishEnglish;
  return Object.hasOwn(TONGUES, tag) ? TONGUES[tag] : undefined;
}

const CURRENCY_NAMES: Readonly<Record<string, keyof Tongue['currencies']>> = { USD: '$', EUR: '€', GBP: '£', CHF: 'CHF' };
const AMOUNT = String.raw`\d+(?:[.,\u0020\u00a0\u202f]\d{3})*(?:[.,]\d{1,2})?`;
const CURRENCY = String.raw`(?:[$€£]|\b(?:USD|EUR|GBP|CHF)\b)`;
const MONEY_BEFORE = new RegExp(`(${CURRENCY})\\s?(${AMOUNT})(?![\\d])`, 'g');
const MONEY_AFTER = new RegExp(`\\b(${AMOUNT})\\s?(${CURRENCY})(?![\\p{L}])`, 'gu');
/** With a plus, or a nought in front, or in brackets; at least seven figures. */
const PHONE = /(?<![\d.,])(?:\+\d|\(\d|0\d)(?:[ ()/.-]{0,2}\d){5,16}(?![\d])|\b\d{3}-\d{3}-\d{4}\b/g;
const EMAIL = /[\p{L}\d][\p{L}\d._+-]*@[\p{L}\d-]+(?:\.[\p{L}\d-]+)+/gu;
const URL = /\b(?:https?:\/\/|www\.)[\p{L}\d][\p{L}\d./_-]*[\p{L}\d/]/gu;
/** From one small number or time to another. */
const SPAN = /(?<![\d.,-])(\d{1,2}(?::\d{2})?)\s?[-–]\s?(?=\d{1,2}(?![\d-]))/g;
const NUMBER = /\d+(?:[.,\u00a0\u202f]\d+| \d{3}(?!\d))*/g;

/**
 * A text as it is read aloud: numbers, dates, times, money, telephone numbers, units, e-mail and web addresses in words of the
 * language (BCP 47; those that are not known keep their text). White space is as it was between words.
 */
export function spokenText(text: string, language: string): string {
  const tongue = tongueOf(language);
  if (!tongue || !/[\d@%&]|www\.|https?:/.test(text)) return text;
  let said = text
    .replace(EMAIL, (address) => addressWords(address, tongue))
    .replace(URL, (url) =>
      addressWords(
        url
          .replace(/^https?:\/\//, '')
          .replace(/^www\./, '')
          .replace(/\/$/, ''),
        tongue,
      ),
    );
  said = withDates(said, tongue).replace(SPAN, `$1 ${tongue.to} `);
  for (const pattern of tongue.times) said = withTimes(said, pattern, tongue);
  said = said
    .replace(MONEY_BEFORE, (all, sign: string, amount: string) => moneyWords(amount, sign, tongue) ?? all)
    .replace(MONEY_AFTER, (all, amount: string, sign: string) => moneyWords(amount, sign, tongue) ?? all)
    .replace(PHONE, (written) => phoneWords(written, tongue))
    .replace(tongue.ordinals, (all, digits: string, at: number, whole: string) =>
      ordinalWords(all, digits, wordBefore(whole, at), tongue),
    )
    .replace(/(\d)\s?[-–]\s?(?=\d)/g, `$1 ${tongue.to} `)
    .replace(/\s&\s/g, ` ${tongue.and} `);
  return withNumbers(withUnits(said, tongue), tongue);
}

function withDates(text: string, tongue: Tongue): string {
  const dated = (all: string, date: CalendarDate, at: number, whole: string): string =>
    isDate(date) ? tongue.date(date, wordBefore(whole, at)) : all;
  return text
    .replace(/\b(\d{4})-(\d{2})-(\d{2})\b/g, (all, year: string, month: string, day: string, at: number, whole: string) =>
      dated(all, { day: Number(day), month: Number(month), year: Number(year) }, at, whole),
    )
    .replace(/\b(\d{1,2})([./])(\d{1,2})\2(\d{4})\b/g, (all: string, ...groups: (string | number)[]) => {
      const [first = '', mark = '', second = '', year = ''] = groups.slice(0, 4).map(String);
      const [day, month] = tongue.monthFirst && mark === '/' ? [second, first] : [first, second];
      return dated(all, { day: Number(day), month: Number(month), year: Number(year) }, Number(groups[4]), String(groups[5]));
    })
    .replace(tongue.dayAndMonth, (all: string, ...groups: unknown[]) => {
      const { day, month, year } = groups.at(-1) as { day: string; month: string; year?: string };
      const date = {
        day: Number(day),
        month: tongue.months.indexOf(month) + 1,
        year: year === undefined ? undefined : Number(year),
      };
      return dated(all, date, groups.at(-3) as number, groups.at(-2) as string);
    });
}

function withTimes(text: string, pattern: RegExp, tongue: Tongue): string {
  return text.replace(pattern, (all: string, hour: string, minute: string, half: unknown) => {
    const time = { hour: Number(hour), minute: Number(minute || 0), half: halfOf(half) };
    return time.hour > 24 || time.minute > 59 ? all : tongue.time(time);
  });
}

const halfOf = (letter: unknown): 'a' | 'p' | undefined =>
  typeof letter === 'string' && /^[ap]$/i.test(letter) ? (letter.toLowerCase() as 'a' | 'p') : undefined;

const isDate = ({ day, month }: CalendarDate): boolean => day >= 1 && day <= 31 && month >= 1 && month <= 12;

const wordBefore = (text: string, at: number): string => /([\p{L}]+)\s+$/u.exec(text.slice(0, at))?.[1] ?? '';

/** Undefined: no amount of the language. */
function moneyWords(written: string, sign: string, tongue: Tongue): string | undefined {
  const amount = parseNumber(written, tongue);
  const named = tongue.currencies[CURRENCY_NAMES[sign] ?? (sign as keyof Tongue['currencies'])];
  if (!amount) return undefined;
  const [whole, hundredth] = named;
  const [wholes, cents] = [Number(amount.whole), Number(amount.decimals.padEnd(2, '0') || 0)];
  const some = (value: number, [one, more]: readonly [string, string]): string =>
    `${tongue.counting(value)} ${value === 1 ? one : more}`;
  if (cents === 0) return some(wholes, whole);
  if (wholes === 0) return some(cents, hundredth);
  return some(wholes, whole) + tongue.money.join + (tongue.money.cents ? some(cents, hundredth) : tongue.cardinal(cents));
}

function ordinalWords(written: string, digits: string, before: string, tongue: Tongue): string {
  if (Number(digits) === 0) return written;
  const said = tongue.ordinal(Number(digits), before);
  return written.endsWith('ª') ? said.replace(/o\b/g, 'a') : said;
}

/** Names of web and mail servers are read out, short endings by their letters. */
function addressWords(address: string, tongue: Tongue): string {
  return address
    .replace(/\.([a-z]{2})(?=\/|$)/g, (_, ending: string) => `.${ending.split('').join(' ')}`)
    .replace(/\d+/g, (digits) => ` ${singly(digits, tongue)} `)
    .replace(/[@.\-_+/]/g, (sign) => ` ${tongue.signs[sign as keyof Tongue['signs']]} `)
    .replace(/\s+/g, ' ')
    .trim();
}

function withUnits(text: string, tongue: Tongue): string {
  const names = Object.keys(tongue.units).sort((a, b) => b.length - a.length);
  const pattern = new RegExp(`(\\d)\\s?(${names.join('|')})(?![\\p{L}\\d])`, 'gu');
  return text.replace(pattern, (_, digit: string, unit: string, at: number, whole: string) => {
    const [one, more] = tongue.units[unit] ?? [unit, unit];
    const single = digit === '1' && !/[\d.,]$/.test(whole.slice(0, at));
    return single ? `${tongue.counting(1)} ${one}` : `${digit} ${more}`;
  });
}

function withNumbers(text: string, tongue: Tongue): string {
  return text
    .replace(NUMBER, (written, at: number, whole: string) => {
      const before = whole.slice(0, at);
      const sign = /(?:^|\s)[-−]$/.test(before) ? `${tongue.minus} ` : '';
      const glued = /[\p{L}]$/u.test(before) ? ' ' : '';
      const after = /^[\p{L}]/u.test(whole.slice(at + written.length)) ? ' ' : '';
      return `${glued}${sign}${figureWords(written, before, tongue)}${after}`;
    })
    .replace(/(^|\s)[-−](?=\p{L})/gu, '$1');
}

function figureWords(written: string, before: string, tongue: Tongue): string {
  const isYear =
    /^(?:1[1-9]|20)\d\d$/.test(written) &&
    /\b(?:in|since|until|of|year|seit|Jahr|Jahre|année|depuis|en|año|anno|nel|dal)\s$/i.test(before);
  if (isYear) return tongue.year(Number(written));
  if (/^\d{7,}$/.test(written)) return phoneWords(written, tongue);
  const number = parseNumber(written, tongue);
  if (number) return numberWords(number, tongue);
  // A version, a paragraph, a list: parts with marks between them.
  return written.replace(/(\d+)([.,]?)/g, (_, part: string, mark: string) => {
    const said = numberWords({ whole: part, decimals: '' }, tongue);
    return mark === '.' ? `${said} ${tongue.point} ` : said + (mark === ',' ? ', ' : '');
  });
}
