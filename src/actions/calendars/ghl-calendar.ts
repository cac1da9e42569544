import { zoneName } from '../../domain/agent-clock.js';
import { exchange, exchangeOk, jsonOf, pick } from '../send-request.js';
import { type OpenAction, ToolFailure } from '../tool.js';
import { type Calendar, TimeTaken } from './calendar.js';
import { calendarTools } from './calendar-tools.js';

/** Each of the interfaces has its own (GoHighLevel API 2.0). */
const CALENDARS_VERSION = '2021-04-15';
const CONTACTS_VERSION = '2021-07-28';
const NO_LONGER_FREE = /slot.*no longer available/i;

/** Free times and appointments of GoHighLevel. */
export const openGhlCalendar: OpenAction<'ghl_calendar'> = (opened) => {
  const { ghlCalendarId, calendarPeriod, title, baseUrl } = opened.action.config;
  const { deps, secrets, templates, setting } = opened;
  const { token } = secrets;
  const timezone = zoneName(setting.settings.timezone);
  const calendarPath = `/calendars/${encodeURIComponent(ghlCalendarId)}`;

  const request = (path: string, version: string, signal: AbortSignal, body?: object) => {
    if (token === undefined) throw new ToolFailure('The calendar cannot be reached.', { reason: 'the secret token is missing' });
    const headers = { authorization: `Bearer ${token}`, version, accept: 'application/json', 'content-type': 'application/json' };
    const init = body ? { method: 'POST', headers, body: JSON.stringify(body), signal } : { method: 'GET', headers, signal };
    return [deps.fetch, `${baseUrl.replace(/\/$/, '')}${path}`, init] as const;
  };
  const textAt = (value: unknown, path: string): string => {
    const found = pick(value, path);
    if (typeof found === 'string' && found !== '') return found;
    throw new ToolFailure('The calendar answered something else than expected.', { reason: `nothing at ${path}` });
  };

  const calendar: Calendar = {
    async freeTimes(fromMs, toMs, signal) {
      const query = new URLSearchParams({ startDate: String(fromMs), endDate: String(toMs), timezone });
      const answer = jsonOf(
        await exchangeOk(...request(`${calendarPath}/free-slots?${query.toString()}`, CALENDARS_VERSION, signal)),
      );
      return slotsOf(answer)
        .filter((iso) => Date.parse(iso) >= fromMs && Date.parse(iso) < toMs)
        .toSorted((a, b) => Date.parse(a) - Date.parse(b));
    },
    async book(startTime, { name, email, phone, notes }, { signal }) {
      const locationId = textAt(
        jsonOf(await exchangeOk(...request(calendarPath, CALENDARS_VERSION, signal))),
        'calendar.locationId',
      );
      if (email === undefined && phone === undefined) {
        throw new ToolFailure('Neither number nor e-mail address is known. Ask the caller for one.', { refused: true });
      }
      const contact = { locationId, name, email, phone };
      const contactId = textAt(
        jsonOf(await exchangeOk(...request('/contacts/upsert', CONTACTS_VERSION, signal, contact))),
        'contact.id',
      );
      const appointment = {
        calendarId: ghlCalendarId,
        locationId,
        contactId,
        startTime,
        ...(title === undefined ? {} : { title: templates.text(title) }),
        ...(notes === undefined ? {} : { description: notes }),
        appointmentStatus: 'confirmed',
      };
      const answer = await exchange(...request('/calendars/events/appointments', CALENDARS_VERSION, signal, appointment));
      if (answer.status >= 200 && answer.status <= 299) return;
      if (answer.status < 500 && NO_LONGER_FREE.test(answer.text)) throw new TimeTaken();
      throw new ToolFailure('The calendar did not accept it.', { reason: `answered ${answer.status}` });
    },
  };
  return calendarTools(opened, calendar, calendarPeriod);
};

/** `{"2027-01-04": {"slots": ["2027-01-04T09:00:00-05:00"]}, "traceId": "…"}` */
function slotsOf(answer: unknown): string[] {
  const days = typeof answer === 'object' && answer !== null ? Object.values(answer) : [];
  return days.flatMap((day: unknown) => {
    const slots = pick(day, 'slots');
    return Array.isArray(slots)
      ? slots.filter((slot): slot is string => typeof slot === 'string' && !Number.isNaN(Date.parse(slot)))
      : [];
  });
}
