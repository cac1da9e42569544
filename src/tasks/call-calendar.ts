import { DateTime, IANAZone } from 'luxon';
import { type CallHours, type CallWindow, hoursOf, WEEKDAYS } from '../domain/call-window.js';
import { zonesOf } from './callee-zones.js';

/** When somebody may be called next, or why that can never be. */
export type CallTime = { openMs: number } | { never: NoCallTime };
export type NoCallTime = 'bad_timezone' | 'unknown_timezone' | 'no_common_hours';

type Interval = { startMs: number; endMs: number };
/** An answer for every moment from `fromMs` until before `untilMs`; `openMs` is the moment itself when absent. */
type Answer = { fromMs: number; untilMs: number; time: 'now' | CallTime };

const DAY_MS = 86_400_000;
/** Hours of every week recur after seven days; the second week is for the days on which a clock is set. */
const HORIZON_MS = 15 * DAY_MS;
const DAYS_AHEAD = 8;
const MAX_REMEMBERED = 1000;

/**
 * Answers when a number may be called, by the clock on the callee's wall.
 *
 * Where a number's country has several time zones, it may be called only when all of them are within the hours. Thousands of
 * tasks ask the same, so answers are remembered as long as they hold.
 */
export class CallCalendar {
  readonly #remembered = new Map<string, Answer>();

  next(task: { toNumber: string; callWindow: CallWindow | undefined }, common: CallHours | undefined, atMs: number): CallTime {
    const timezone = task.callWindow?.timezone;
    if (timezone !== undefined && !isTimezone(timezone)) return { never: 'bad_timezone' };
    const hours = hoursOf(task.callWindow, common);
    if (!hours) return { openMs: atMs };
    const zones = timezone === undefined ? zonesOf(task.toNumber) : [timezone];
    if (zones.length === 0) return { never: 'unknown_timezone' };
    const time = this.#answer(hours, zones, atMs);
    return time === 'now' ? { openMs: atMs } : time;
  }

  #answer(hours: CallHours, zones: readonly string[], atMs: number): Answer['time'] {
    const key = [...hours.days, hours.from, hours.to, ...zones].join(' ');
    const known = this.#remembered.get(key);
    if (known && known.fromMs <= atMs && atMs < known.untilMs) return known.time;
    const answer = commonOpening(hours, zones, atMs);
    if (this.#remembered.size >= MAX_REMEMBERED) this.#remembered.clear();
    this.#remembered.set(key, answer);
    return answer.time;
  }
}

export const isTimezone = (name: string): boolean => IANAZone.isValidZone(name);

function commonOpening(hours: CallHours, zones: readonly string[], atMs: number): Answer {
  let momentMs = atMs;
  while (momentMs <= atMs + HORIZON_MS) {
    const open = zones.map((zone) => openInterval(hours, zone, momentMs));
    const latestMs = Math.max(...open.map(({ startMs }) => startMs));
    if (latestMs > momentMs) momentMs = latestMs;
    else if (momentMs > atMs) return { fromMs: atMs, untilMs: momentMs, time: { openMs: momentMs } };
    else return { fromMs: atMs, untilMs: Math.min(...open.map(({ endMs }) => endMs)), time: 'now' };
  }
  return { fromMs: atMs, untilMs: atMs + DAY_MS, time: { never: 'no_common_hours' } };
}

/** The hours that last or come next in a zone; never when there are none in sight. */
function openInterval(hours: CallHours, zone: string, atMs: number): Interval {
  const today = DateTime.fromMillis(atMs, { zone }).startOf('day');
  // Yesterday's may last beyond midnight.
  for (let ahead = -1; ahead <= DAYS_AHEAD; ahead += 1) {
    const day = today.plus({ days: ahead });
    if (!hours.days.some((name) => WEEKDAYS.indexOf(name) + 1 === day.weekday)) continue;
    const startMs = Math.max(...momentsOf(day, hours.from));
    const endMs = Math.min(...momentsOf(hours.to > hours.from ? day : day.plus({ days: 1 }), hours.to));
    if (endMs > atMs && endMs > startMs) return { startMs, endMs };
  }
  return { startMs: Number.POSITIVE_INFINITY, endMs: Number.POSITIVE_INFINITY };
}

/**
 * The moments at which a clock may be said to show this time: two when it is set back over it. A time that is skipped is
 * taken by the clock before and by the clock after, so that whoever takes the later one to open and the earlier one to close
 * is never outside the hours.
 */
function momentsOf(day: DateTime, time: string): number[] {
  const [hour = 0, minute = 0] = time.split(':').map(Number);
  const date = hour === 24 ? day.plus({ days: 1 }) : day;
  const wanted = { year: date.year, month: date.month, day: date.day, hour: hour % 24, minute };
  const moment = DateTime.fromObject(wanted, { zone: day.zone });
  const skippedMinutes = (moment.hour - wanted.hour) * 60 + moment.minute - wanted.minute;
  if (skippedMinutes !== 0) return [moment.toMillis(), moment.minus({ minutes: skippedMinutes }).toMillis()];
  return moment.getPossibleOffsets().map((possible) => possible.toMillis());
}
