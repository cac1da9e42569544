import { DateTime } from 'luxon';
import type { RouteSchedule } from '../domain/route.js';
import { CallCalendar } from '../tasks/call-calendar.js';

const calendar = new CallCalendar();

/** Whether a schedule holds at a moment. Hours that cross midnight belong to the day they began on, dates to the day it is. */
export function isOpen({ timezone, hours, dates, exceptDates }: RouteSchedule, atMs: number): boolean {
  const now = DateTime.fromMillis(atMs, { zone: timezone });
  const today = [now.toFormat('yyyy-MM-dd'), now.toFormat('MM-dd')];
  if (dates.length > 0 && !dates.some((date) => today.includes(date))) return false;
  if (exceptDates.some((date) => today.includes(date))) return false;
  return hours.length === 0 || hours.some((window) => isWithin({ ...window, timezone }, atMs));
}

function isWithin(callWindow: NonNullable<Parameters<CallCalendar['next']>[0]['callWindow']>, atMs: number): boolean {
  const time = calendar.next({ toNumber: '', callWindow }, undefined, atMs);
  return 'openMs' in time && time.openMs === atMs;
}
