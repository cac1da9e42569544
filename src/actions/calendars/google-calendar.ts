import { DateTime } from 'luxon';
import { z } from 'zod';
import { zoneName } from '../../domain/agent-clock.js';
import { type Answer, exchange, jsonOf } from '../send-request.js';
import { type OpenAction, ToolFailure } from '../tool.js';
import { type Calendar, TimeTaken, type Visitor } from './calendar.js';
import { calendarTools } from './calendar-tools.js';
import { GoogleToken } from './google-token.js';
import { durationOf } from './periods.js';

/** Between the beginnings of two times that are offered, where the meeting is not shorter. */
const STEP_MINUTES = 30;
/** An event of this id is there already: an earlier try has made it. */
const CONFLICT = 409;
const KEPT_TOKENS = 1_000;

const FreeBusy = z.object({
  calendars: z.record(
    z.string(),
    z.object({
      busy: z.array(z.object({ start: z.string(), end: z.string() })).default([]),
      errors: z.array(z.object({ reason: z.string() })).optional(),
    }),
  ),
});

/** Free times, as far as Google knows of what is not, and meetings of Google Calendar. Tokens are kept from call to call. */
export function googleCalendarOpener(): OpenAction<'google_calendar'> {
  const tokens = new Map<string, GoogleToken>();
  return (opened) => {
    const { action, deps, secrets, setting, templates } = opened;
    const { config } = action;
    const { timezone: zone = 'utc' } = setting.settings;
    const minutes = durationOf(config.googleDuration) ?? STEP_MINUTES;
    const key = `${action.id}:${action.version}`;
    const token = tokens.get(key) ?? new GoogleToken();
    if (tokens.size >= KEPT_TOKENS) tokens.clear();
    tokens.set(key, token);

    const post = async (path: string, body: object, signal: AbortSignal, again = true): Promise<Answer> => {
      const bearer = await token.get(config.tokenUrl, secrets, deps, signal);
      const headers = { authorization: `Bearer ${bearer}`, 'content-type': 'application/json', accept: 'application/json' };
      const url = `${config.baseUrl.replace(/\/$/, '')}/calendar/v3${path}`;
      const answer = await exchange(deps.fetch, url, { method: 'POST', headers, body: JSON.stringify(body), signal });
      if (answer.status !== 401 || !again) return answer;
      // Taken back before its time.
      token.forget();
      return post(path, body, signal, false);
    };
    const busyBetween = async (fromMs: number, toMs: number, signal: AbortSignal) => {
      const { googleCalendarId: id } = config;
      const timeMin = new Date(fromMs).toISOString();
      const timeMax = new Date(toMs).toISOString();
      const answer = accepted(await post('/freeBusy', { timeMin, timeMax, items: [{ id }] }, signal));
      const found = FreeBusy.safeParse(jsonOf(answer)).data?.calendars[id];
      if (!found || found.errors?.length) {
        throw new ToolFailure('The calendar cannot be read.', {
          reason: `freeBusy: ${found?.errors?.[0]?.reason ?? 'no such calendar'}`,
        });
      }
      return found.busy.map(({ start, end }) => ({ fromMs: Date.parse(start), toMs: Date.parse(end) }));
    };
    const lengthMs = minutes * 60_000;
    const isFree = (startMs: number, busy: readonly { fromMs: number; toMs: number }[]): boolean =>
      busy.every((taken) => startMs + lengthMs <= taken.fromMs || startMs >= taken.toMs);

    const calendar: Calendar = {
      async freeTimes(fromMs, toMs, signal) {
        const busy = await busyBetween(fromMs, toMs + lengthMs, signal);
        return startsBetween(fromMs, toMs, { zone, minutes, ...config })
          .filter((start) => isFree(start.toMillis(), busy))
          .flatMap((start) => start.toISO() ?? []);
      },
      async book(start, visitor, { signal, key: id }) {
        const from = DateTime.fromISO(start, { zone });
        // Google itself lets two meetings lie on each other.
        if (!isFree(from.toMillis(), await busyBetween(from.toMillis(), from.toMillis() + lengthMs, signal)))
          throw new TimeTaken();
        const at = (time: DateTime) => ({ dateTime: time.toISO(), timeZone: zoneName(setting.settings.timezone) });
        const event = {
          id: id.replaceAll('-', ''),
          summary: templates.text(config.googleTitle),
          description: [templates.text(config.googleDescription ?? ''), about(visitor)]
            .filter((part) => part !== '')
            .join('\n\n'),
          start: at(from),
          end: at(from.plus({ minutes })),
          // A service account may not invite anybody.
          ...(visitor.email !== undefined &&
            secrets['service_account'] === undefined && { attendees: [{ email: visitor.email }] }),
        };
        const answer = await post(`/calendars/${encodeURIComponent(config.googleCalendarId)}/events`, event, signal);
        if (answer.status !== CONFLICT) accepted(answer);
      },
    };
    return calendarTools(opened, calendar, config.calendarPeriod);
  };
}

type Hours = { zone: string; minutes: number; availableFrom: string; availableTo: string; availableDays: readonly number[] };

/** Every beginning within the hours of each day. */
function startsBetween(
  fromMs: number,
  toMs: number,
  { zone, minutes, availableFrom, availableTo, availableDays }: Hours,
): DateTime[] {
  const starts: DateTime[] = [];
  for (let day = DateTime.fromMillis(fromMs, { zone }).startOf('day'); day.toMillis() < toMs; day = day.plus({ days: 1 })) {
    if (!availableDays.includes(day.weekday)) continue;
    const closes = at(day, availableTo);
    for (
      let start = at(day, availableFrom);
      start.plus({ minutes }) <= closes;
      start = start.plus({ minutes: Math.min(minutes, STEP_MINUTES) })
    ) {
      if (start.toMillis() >= fromMs && start.toMillis() < toMs) starts.push(start);
    }
  }
  return starts;
}

function at(day: DateTime, time: string): DateTime {
  const [hour = 0, minute = 0] = time.split(':').map(Number);
  return day.set({ hour, minute });
}

function about({ name, email, phone, notes }: Visitor): string {
  const lines = { Name: name, 'E-mail': email, Telephone: phone, Notes: notes };
  return Object.entries(lines)
    .flatMap(([label, value]) => (value === undefined ? [] : [`${label}: ${value}`]))
    .join('\n');
}

function accepted(answer: Answer): Answer {
  if (answer.status >= 200 && answer.status <= 299) return answer;
  const mayPass = answer.status === 429 || answer.status >= 500;
  throw new ToolFailure('The calendar did not accept it.', { mayPass, reason: `answered ${answer.status}` });
}
