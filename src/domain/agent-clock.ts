/** From UTC-12:00 to UTC+14:00, as far as clocks on land go. */
const OFFSET = /^UTC([+-])(0\d|1[0-4]):([0-5]\d)$/;
const MOST_BEHIND_MINUTES = -12 * 60;
const MOST_AHEAD_MINUTES = 14 * 60;

/** An IANA name, or `UTC±hh:mm`. */
export function isAgentTimezone(name: string): boolean {
  const minutes = offsetMinutes(name);
  if (minutes !== undefined) return minutes >= MOST_BEHIND_MINUTES && minutes <= MOST_AHEAD_MINUTES;
  // Newer versions of Node take offsets without UTC as well.
  if (!/^[A-Za-z]/.test(name)) return false;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

/** Date and time of day as people of that language write them: `Sunday, November 22, 2026` and `4:25 PM`. UTC without a time zone. */
export function wallClock(nowMs: number, timezone: string | undefined, language: string): { date: string; time: string } {
  const { shownMs, timeZone } = shownIn(nowMs, timezone);
  const written = (style: Intl.DateTimeFormatOptions): string =>
    // Narrow and unbreakable blanks are for paper.
    new Intl.DateTimeFormat(language, { ...style, timeZone }).format(shownMs).replace(/\s/g, ' ');
  return { date: written({ dateStyle: 'full' }), time: written({ timeStyle: 'short' }) };
}

/** `2026-11-22 Sun`. UTC without a time zone. */
export function dayAndWeekday(nowMs: number, timezone: string | undefined): string {
  const { shownMs, timeZone } = shownIn(nowMs, timezone);
  const { day, weekday } = formatsIn(timeZone ?? 'UTC');
  return `${day.format(shownMs)} ${weekday.format(shownMs)}`;
}

type DayFormats = { day: Intl.DateTimeFormat; weekday: Intl.DateTimeFormat };
/** Making one takes far longer than using it. */
const FORMATS = new Map<string, DayFormats>();
/** There are no more zones, but a name may be written in many ways. */
const MOST_FORMATS = 600;

function formatsIn(timeZone: string): DayFormats {
  const known = FORMATS.get(timeZone);
  if (known) return known;
  if (FORMATS.size >= MOST_FORMATS) FORMATS.clear();
  const made = {
    day: new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' }),
    weekday: new Intl.DateTimeFormat('en', { timeZone, weekday: 'short' }),
  };
  FORMATS.set(timeZone, made);
  return made;
}

/** The zone as other systems know it (IANA); one that is no whole number of hours from UTC has no name of its own there, and is UTC. */
export function zoneName(timezone: string | undefined): string {
  const minutes = timezone === undefined ? 0 : offsetMinutes(timezone);
  if (timezone !== undefined && minutes === undefined) return timezone;
  const hours = (minutes ?? 0) / 60;
  // What is ahead of UTC has a minus in its name.
  return hours === 0 || !Number.isInteger(hours) ? 'UTC' : `Etc/GMT${hours > 0 ? '-' : '+'}${Math.abs(hours)}`;
}

/** A zone that is written as its distance from UTC is shown as another time in UTC. */
function shownIn(nowMs: number, timezone: string | undefined): { shownMs: number; timeZone: string | undefined } {
  const minutes = timezone === undefined ? 0 : offsetMinutes(timezone);
  return { shownMs: nowMs + (minutes ?? 0) * 60_000, timeZone: minutes === undefined ? timezone : 'UTC' };
}

function offsetMinutes(name: string): number | undefined {
  const [, sign, hours, minutes] = OFFSET.exec(name) ?? [];
  if (sign === undefined) return undefined;
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
}
