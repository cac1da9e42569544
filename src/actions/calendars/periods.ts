import type { DurationLike } from 'luxon';

const PERIOD = /^(\d{1,3})\s*(day|week|month)s?$/i;
const DURATION = /^(\d{1,3})\s*(min|minute|hour)s?$/i;
const MAX_MINUTES = 24 * 60;

/** `1week`, `2 weeks`, `10 days`; undefined for anything else. */
export function periodOf(text: string): DurationLike | undefined {
  const [, count, unit] = PERIOD.exec(text.trim()) ?? [];
  return count === undefined || Number(count) === 0 ? undefined : { [`${unit?.toLowerCase()}s`]: Number(count) };
}

/** `30 mins`, `1 hour`: in minutes, at most a day. */
export function durationOf(text: string): number | undefined {
  const [, count, unit] = DURATION.exec(text.trim()) ?? [];
  const minutes = Number(count ?? 0) * (unit?.toLowerCase() === 'hour' ? 60 : 1);
  return minutes > 0 && minutes <= MAX_MINUTES ? minutes : undefined;
}
