import { DateTime } from 'luxon';
import { spokenNumber, spokenOrdinal } from './number-words.js';

const WEEKDAYS = 'monday tuesday wednesday thursday friday saturday sunday'.split(' ');
const MONTHS = 'january february march april may june july august september october november december'.split(' ');

/** In which order day and month stand in `3/4/2027`: American English is alone with the month first. */
const monthFirst = (language: string): boolean => /^en-(us|ca|ph)$/i.test(language);

/**
 * A day as people say it, in their time zone: `2027-03-04`, `4/3/2027`, `next friday`, `tomorrow`, `march the fourth`, `the 4th`. Without
 * a year it is the next such day, today included.
 */
export function spokenDate(text: string, today: DateTime, language: string): string | undefined {
  const plain = text
    .toLowerCase()
    .replace(/[.,]+(?=\s|$)/g, '')
    .replace(/-(?=[a-z])/g, ' ')
    .trim();
  const found =
    numeric(plain, language, today) ??
    inWords(
      plain.split(/\s+/).filter((word) => word !== 'on'),
      today,
    );
  return found?.isValid ? (found.toISODate() ?? undefined) : undefined;
}

function numeric(text: string, language: string, today: DateTime): DateTime | undefined {
  const zone = today.zoneName ?? 'utc';
  const [iso, year, month, day] = /^(\d{4})-(\d{1,2})-(\d{1,2})(?:t.*)?$/.exec(text) ?? [];
  if (iso !== undefined) return DateTime.fromObject({ year: Number(year), month: Number(month), day: Number(day) }, { zone });
  const [whole, first = 0, second = 0, last] = (/^(\d{1,2})[./](\d{1,2})(?:[./](\d{2}|\d{4}))?$/.exec(text) ?? []).map(Number);
  if (whole === undefined && !/^\d/.test(text)) return undefined;
  if (first === 0 || second === 0) return undefined;
  const date = monthFirst(language) && !text.includes('.') ? { month: first, day: second } : { month: second, day: first };
  if (last === undefined || Number.isNaN(last)) return nextOne(date, today);
  return DateTime.fromObject({ ...date, year: last < 100 ? 2000 + last : last }, { zone });
}

function inWords(words: readonly string[], today: DateTime): DateTime | undefined {
  const text = words.join(' ');
  if (text === 'today' || text === 'tonight') return today;
  if (text === 'tomorrow') return today.plus({ days: 1 });
  if (text === 'the day after tomorrow' || text === 'day after tomorrow') return today.plus({ days: 2 });
  if (text === 'yesterday') return today.minus({ days: 1 });
  return relative(words, today) ?? weekday(words, today) ?? ofMonth(words, today);
}

/** `in two weeks`, `in 3 days`. */
function relative(words: readonly string[], today: DateTime): DateTime | undefined {
  const unit = /^(day|week|month)s?$/.exec(words.at(-1) ?? '')?.[1];
  if (words[0] !== 'in' || unit === undefined) return undefined;
  const count = spokenNumber(words.slice(1, -1).join(' '));
  return count === undefined ? undefined : today.plus({ [`${unit}s`]: count });
}

/** `friday` and `this friday` are the next one, `next friday` is that of the week to come. */
function weekday(words: readonly string[], today: DateTime): DateTime | undefined {
  const index = WEEKDAYS.indexOf(words.at(-1) ?? '');
  if (index < 0 || words.length > 2) return undefined;
  const wanted = index + 1;
  if (words.length === 1 || ['this', 'coming'].includes(words[0]!)) return today.plus({ days: (wanted - today.weekday + 7) % 7 });
  return words[0] === 'next' ? today.plus({ days: 8 - today.weekday + index }) : undefined;
}

/** `march 4th 2027`, `march the fourth`, `the fourth of march`, `4 march`, `the 4th`; a weekday before it only confirms it. */
function ofMonth(words: readonly string[], today: DateTime): DateTime | undefined {
  const rest = words.filter((word) => word !== 'the' && word !== 'of' && !WEEKDAYS.includes(word));
  const at = rest.findIndex((word) => MONTHS.includes(word) || MONTHS.some((month) => month.slice(0, 3) === word));
  const month = at < 0 ? undefined : MONTHS.findIndex((name) => name.startsWith(rest[at]!.slice(0, 3))) + 1;
  const yearWord = /^(19|20)\d\d$/.test(rest.at(-1) ?? '') ? rest.at(-1) : undefined;
  const dayWords = rest.filter((word, i) => i !== at && word !== yearWord);
  if (dayWords.length === 0 || dayWords.length > 2) return undefined;
  const day = spokenOrdinal(dayWords);
  if (day === undefined || day < 1 || day > 31) return undefined;
  if (month === undefined) return yearWord === undefined ? nextOne({ month: today.month, day }, today, 'month') : undefined;
  if (yearWord === undefined) return nextOne({ month, day }, today);
  return DateTime.fromObject({ year: Number(yearWord), month, day }, { zone: today.zoneName ?? 'utc' });
}

/** The first such day from today on. */
function nextOne(date: { month: number; day: number }, today: DateTime, step: 'year' | 'month' = 'year'): DateTime | undefined {
  const midnight = today.startOf('day');
  // A 29th of February may be years away, a 31st a month or two.
  for (let steps = 0; steps <= 8; steps += 1) {
    const shifted = step === 'year' ? { ...date, year: today.year + steps } : monthAfter(date, today.year, steps);
    const found = DateTime.fromObject(shifted, { zone: today.zoneName ?? 'utc' });
    if (found.isValid && found >= midnight) return found;
  }
  return undefined;
}

const monthAfter = ({ month, day }: { month: number; day: number }, year: number, steps: number) => ({
  year: year + Math.floor((month - 1 + steps) / 12),
  month: ((month - 1 + steps) % 12) + 1,
  day,
});

const HALVES = new Map([
  ['half', 30],
  ['quarter', 15],
]);

/** A time of day as `HH:MM`: `15:30`, `3 pm`, `half past three`, `quarter to five`, `nine thirty a.m.`, `noon`. */
export function spokenTime(text: string): string | undefined {
  const plain = text
    .toLowerCase()
    .replace(/\b([ap])\.?\s?m\b\.?/g, '$1m')
    .replace(/(\d)([ap]m)\b/g, '$1 $2')
    .replace(/o['’ ]?clock/g, '')
    .replace(/^(?:at|around|about)\s+/, '')
    .trim();
  if (plain === 'noon' || plain === 'midday') return '12:00';
  if (plain === 'midnight') return '00:00';
  const afternoon = /\b(pm|in the (afternoon|evening)|at night)$/.test(plain);
  const morning = /\b(am|in the morning)$/.test(plain);
  const words = plain.replace(/\s*\b(am|pm|in the \w+|at night)$/, '').split(/[\s:.-]+/);
  const time = pastOrTo(words) ?? hourAndMinute(words);
  if (!time) return undefined;
  const { minute } = time;
  const hour = afternoon && time.hour < 12 ? time.hour + 12 : morning && time.hour === 12 ? 0 : time.hour;
  if (hour > 23 || minute > 59) return undefined;
  return `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`;
}

type Time = { hour: number; minute: number };

function pastOrTo(words: readonly string[]): Time | undefined {
  const at = words.findIndex((word) => word === 'past' || word === 'after' || word === 'to');
  const hour = spokenNumber(words.slice(at + 1).join(' '));
  const before = words.slice(0, Math.max(0, at)).filter((word) => word !== 'a' && word !== 'minutes');
  const minutes = HALVES.get(before[0] ?? '') ?? spokenNumber(before.join(' '));
  if (at < 1 || hour === undefined || minutes === undefined) return undefined;
  return words[at] === 'to' ? { hour: (hour + 23) % 24, minute: 60 - minutes } : { hour, minute: minutes };
}

function hourAndMinute(words: readonly string[]): Time | undefined {
  const hour = spokenNumber(words[0] ?? '');
  if (hour === undefined || !Number.isInteger(hour)) return undefined;
  const rest = words.slice(1).filter((word) => word !== 'oh');
  const minute = rest.length === 0 ? 0 : spokenNumber(rest.join(' '));
  return minute === undefined || !Number.isInteger(minute) ? undefined : { hour, minute };
}
