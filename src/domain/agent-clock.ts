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
  const minutes = timezone === undefined ? 0 : offsetMinutes(timezone);
  const timeZone = minutes === undefined ? timezone : 'UTC';
  const shown = nowMs + (minutes ?? 0) * 60_000;
  const written = (style: Intl.DateTimeFormatOptions): string =>
    // Narrow and unbreakable blanks are for paper.
    new Intl.DateTimeFormat(language, { ...style, timeZone }).format(shown).replace(/\s/g, ' ');
  return { date: written({ dateStyle: 'full' }), time: written({ timeStyle: 'short' }) };
}

function offsetMinutes(name: string): number | undefined {
  const [, sign, hours, minutes] = OFFSET.exec(name) ?? [];
  if (sign === undefined) return undefined;
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
}
