/** One and more of something, e.g. `kilometre`, `kilometres`. */
export type Noun = readonly [one: string, more: string];

export type ClockTime = { hour: number; minute: number; half: 'a' | 'p' | undefined };
export type CalendarDate = { day: number; month: number; year: number | undefined };

/** How a language says what is written in figures and signs. */
export type Tongue = {
  cardinal: (value: number | bigint) => string;
  /** Before the name of what is counted, e.g. `un` instead of `uno`. */
  counting: (value: number) => string;
  year: (value: number) => string;
  /** What is in front of it, by which some languages decline, is handed over too. */
  ordinal: (value: number, before: string) => string;
  decimalMark: ',' | '.';
  /** Between the figures of a large number, three by three. */
  thousandsMark: string;
  point: string;
  /** Figures behind the point are said one by one. */
  decimalsSingly: boolean;
  minus: string;
  plus: string;
  to: string;
  and: string;
  /** Between an amount and its hundredths; `cents`: whether their name comes after it. */
  money: { join: string; cents: boolean };
  currencies: Readonly<Record<'$' | '€' | '£' | 'CHF', readonly [whole: Noun, hundredth: Noun]>>;
  units: Readonly<Record<string, Noun>>;
  /** Figures that are an ordinal; they are the first group. */
  ordinals: RegExp;
  /** Groups: hour, minute, half of the day. */
  times: readonly RegExp[];
  time: (time: ClockTime) => string;
  date: (date: CalendarDate, before: string) => string;
  /** A day and the name of its month, with or without the year; groups `day`, `month`, `year`. */
  dayAndMonth: RegExp;
  months: readonly string[];
  /** `11/22/2026`. */
  monthFirst: boolean;
  /** Telephone numbers are said in pairs of figures. */
  phoneInPairs: boolean;
  signs: Readonly<Record<'@' | '.' | '-' | '_' | '+' | '/', string>>;
};

export function monthsOf(language: string): readonly string[] {
  const format = new Intl.DateTimeFormat(language, { month: 'long', timeZone: 'UTC' });
  return Array.from({ length: 12 }, (_, month) => format.format(Date.UTC(2026, month, 1)));
}

export const oneAndMore = (same: string): Noun => [same, same];
