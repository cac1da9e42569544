import t from 'tap';
import { toConfig } from '../../../src/actions/action-input.js';
import { GhlCalendarConfig, GoogleCalendarConfig } from '../../../src/actions/calendars/calendar-config.js';
import { openGhlCalendar } from '../../../src/actions/calendars/ghl-calendar.js';
import { googleCalendarOpener } from '../../../src/actions/calendars/google-calendar.js';
import { durationOf, periodOf } from '../../../src/actions/calendars/periods.js';
import { Templates } from '../../../src/actions/templates.js';
import { type ActionDeps, type Opened, type Tool, ToolFailure } from '../../../src/actions/tool.js';
import { FakeClock } from '../../../src/core/clock.js';
import { DEFAULT_TENANT, newActionId, newAgentId } from '../../../src/core/ids.js';
import type { ActionType } from '../../../src/domain/action.js';
import { testAgent } from '../../support/conversation-bench.js';
import { GHL_TOKEN, startGhlServer } from '../../support/ghl-server.js';
import { startGoogleServer } from '../../support/google-calendar-server.js';

const CALLER = '+442079460018';

/** Thursday in New York, eight in the morning. */
const NOW_MS = Date.parse('2026-11-26T08:00:00-05:00');

function opened<Type extends ActionType>(
  type: Type,
  config: object,
  secrets: Record<string, string>,
  clock: FakeClock,
): Opened<Type> {
  const action = {
    id: newActionId(),
    tenantId: DEFAULT_TENANT,
    agentId: newAgentId(),
    type,
    name: 'Visit',
    config: toConfig(type, config),
    version: 1,
    timeoutMs: 10_000,
    retries: 0,
  };
  return {
    action,
    setting: { settings: { ...testAgent, timezone: 'America/New_York' }, remoteNumber: CALLER },
    deps: { clock, fetch } as unknown as ActionDeps,
    templates: new Templates(() => ({ company: 'Riverside' }), {}),
    secrets,
    openOther: () => Promise.resolve([]),
  } as unknown as Opened<Type>;
}

/** Two tools: `free` and `book`, as a model calls them. */
function used(tools: readonly Tool[]) {
  const run = async (name: string, args: Record<string, unknown>, key = '0197e3b0-0000-7000-8000-000000000001') => {
    const tool = tools.find(({ definition }) => definition.name === name);
    if (!tool) throw new Error(`no tool ${name}`);
    return (await tool.run({ args, signal: new AbortController().signal, key })) as {
      message?: string;
      result: { times: { start: string; spoken: string }[]; start: string; spoken: string };
    };
  };
  return {
    free: (args: Record<string, unknown> = {}) => run('free_times', args),
    book: (args: Record<string, unknown>, key?: string) => run('book', args, key),
  };
}

const clockAt = (nowMs: number): FakeClock => {
  const clock = new FakeClock();
  clock.advance(nowMs - clock.nowMs());
  return clock;
};

async function ghl(
  t: Parameters<typeof startGhlServer>[0],
  slots: string[],
  secrets: Record<string, string> = { token: GHL_TOKEN },
) {
  const server = await startGhlServer(t, slots);
  const config = GhlCalendarConfig.parse({ ghl_calendar_id: 'cal1', title: 'Visit at {{company}}', base_url: server.url });
  const tools = await openGhlCalendar(opened('ghl_calendar', config, secrets, clockAt(NOW_MS)));
  return { server, ...used(tools) };
}

void t.test('GoHighLevel: free times are told in the time zone of the agent, and booked as they stand', async (t) => {
  const slots = [
    '2026-11-26T07:00:00-05:00',
    '2026-11-27T09:30:00-05:00',
    '2026-11-27T10:00:00-05:00',
    '2026-12-09T09:00:00-05:00',
  ];
  const { server, free, book } = await ghl(t, slots);
  const { result } = await free();
  t.same(
    result.times.map(({ start }) => start),
    ['2026-11-27T09:30:00-05:00', '2026-11-27T10:00:00-05:00'],
    'what is over, and what lies beyond the week, is not offered',
  );
  t.match(result.times[0]?.spoken, /Friday, November 27, 2026 at 9:30/);
  t.same((await free({ day: 'tomorrow' })).result.times.length, 2);
  t.match((await free({ day: 'monday' })).message, 'Nothing is free');

  const booked = await book({
    day: 'friday',
    time: 'half past nine',
    name: 'ann lee',
    email: 'ann at example dot com',
    notes: 'Brakes',
  });
  t.match(booked, { message: 'It is booked.', result: { start: '2026-11-27T09:30:00-05:00' } });
  t.same(server.contacts, [{ locationId: 'loc1', name: 'Ann Lee', email: 'ann@example.com', phone: CALLER }]);
  t.match(server.appointments, [
    { calendarId: 'cal1', startTime: '2026-11-27T09:30:00-05:00', title: 'Visit at Riverside', description: 'Brakes' },
  ]);
});

void t.test('GoHighLevel: a time that is taken is told to be, with what is free beside it', async (t) => {
  const slots = ['2026-11-27T09:30:00-05:00', '2026-11-27T11:00:00-05:00'];
  const { server, book } = await ghl(t, slots);
  await t.rejects(book({ day: 'friday', time: 'ten' }), { message: /not free any more.*T11:00/s, reason: 'time taken' });
  // Somebody is faster between our look and our booking.
  const stop = server.requests.push.bind(server.requests);
  server.requests.push = (...seen) => {
    if (seen.some(({ path }) => path === '/contacts/upsert')) slots.shift();
    return stop(...seen);
  };
  await t.rejects(book({ start: '2026-11-27T14:30:00Z' }), { message: /not free any more.*T11:00/s });
  t.same(server.appointments, []);
});

void t.test('GoHighLevel: what is missing or wrong is a refusal, and a wrong token is told to nobody but the log', async (t) => {
  const { book, free } = await ghl(t, ['2026-11-27T09:30:00-05:00']);
  await t.rejects(free({ day: 'someday' }), { refused: true, message: /day is not known/ });
  await t.rejects(book({ day: 'friday' }), { refused: true, message: /time is not known/ });
  await t.rejects(book({ start: '2026-11-27T09:30:00-05:00', email: 'no idea' }), { refused: true, message: /email/ });
  const wrong = await ghl(t, [], { token: 'wrong' });
  await t.rejects(wrong.free(), { message: 'The other system did not accept it.', reason: 'answered 401' });
  const without = await ghl(t, [], {});
  await t.rejects(without.free(), { message: 'The calendar cannot be reached.', reason: /token is missing/ });
});

async function google(t: Parameters<typeof startGoogleServer>[0], by: 'robot' | 'user' = 'robot', changes: object = {}) {
  const clock = clockAt(NOW_MS);
  const server = await startGoogleServer(t, () => clock.nowMs());
  const config = GoogleCalendarConfig.parse({
    google_title: 'Meeting at {{company}}',
    google_description: 'By telephone.',
    google_calendar_id: server.calendarId,
    available_to: '11:00',
    base_url: server.url,
    token_url: `${server.url}/token`,
    ...changes,
  });
  const secrets: Record<string, string> = by === 'robot' ? { service_account: server.serviceAccount } : server.user;
  const tools = await googleCalendarOpener()(opened('google_calendar', config, secrets, clock));
  return { server, clock, ...used(tools) };
}

void t.test('Google: free is what lies within the hours of a day and is not busy', async (t) => {
  const { server, free } = await google(t);
  server.busy.push({ start: '2026-11-27T14:15:00Z', end: '2026-11-27T14:45:00Z' });
  t.same(
    (await free({ day: 'tomorrow' })).result.times.map(({ start }) => start),
    ['2026-11-27T10:00:00.000-05:00', '2026-11-27T10:30:00.000-05:00'],
  );
  t.match((await free({ day: 'saturday' })).message, 'Nothing is free');
  t.equal((await free()).result.times.length, 12, 'of a week so many as can be listened to');
});

void t.test('Google: a meeting is made once, however often it is tried, and its time is then taken', async (t) => {
  const { server, book } = await google(t);
  const wish = { day: 'friday', time: 'ten', name: 'Ann Lee', email: 'ann@example.com' };
  t.match(await book(wish), { message: 'It is booked.', result: { spoken: /10:00/ } });
  t.match(server.events, [
    {
      summary: 'Meeting at Riverside',
      description: `By telephone.\n\nName: Ann Lee\nE-mail: ann@example.com\nTelephone: ${CALLER}`,
      start: { dateTime: '2026-11-27T10:00:00.000-05:00', timeZone: 'America/New_York' },
      end: { dateTime: '2026-11-27T10:30:00.000-05:00' },
    },
  ]);
  await t.rejects(book(wish, '0197e3b0-0000-7000-8000-000000000002'), { message: /not free any more/, reason: 'time taken' });
  t.equal(server.events.length, 1);
});

void t.test('Google: a user who has consented invites the caller', async (t) => {
  const { server, book } = await google(t, 'user');
  await book({ day: 'friday', time: 'nine', email: 'ann@example.com' });
  t.same(server.events[0]?.attendees, [{ email: 'ann@example.com' }]);
});

void t.test('Google: a token is kept, and fetched anew when it has ended or was taken back', async (t) => {
  const { server, clock, free } = await google(t);
  await free();
  await free();
  t.equal(server.grants(), 1);
  server.revoke();
  await free();
  t.equal(server.grants(), 2, 'taken back');
  clock.advance(3_599_000);
  await free();
  t.equal(server.grants(), 3, 'ended');
});

void t.test('Google: what cannot be is told, and what is secret is not', async (t) => {
  const unknown = await google(t, 'robot', { google_calendar_id: 'nobody@offhook.example' });
  await t.rejects(unknown.free(), { message: 'The calendar cannot be read.', reason: /notFound/ });
  const clock = clockAt(NOW_MS);
  const server = await startGoogleServer(t, () => clock.nowMs());
  const config = GoogleCalendarConfig.parse({ google_title: 'M', base_url: server.url, token_url: `${server.url}/token` });
  for (const [secrets, reason] of [
    [{}, /neither/],
    [{ service_account: '{"private_key":"hush"}' }, /no key file/],
    [{ ...server.user, refresh_token: 'hush' }, /answered 400/],
  ] as const) {
    const { free } = used(await googleCalendarOpener()(opened('google_calendar', config, secrets, clock)));
    const failure = await free().catch((error: unknown) => error);
    t.ok(failure instanceof ToolFailure);
    t.match(failure, { reason });
    t.notMatch(String((failure as ToolFailure).reason), /hush/);
  }
});

void t.test('periods and lengths are read as people write them', (t) => {
  t.same(['1week', '2 weeks', '10 days', '1 month'].map(periodOf), [{ weeks: 1 }, { weeks: 2 }, { days: 10 }, { months: 1 }]);
  t.same(['30 mins', '1 hour', '45min', '90 minutes'].map(durationOf), [30, 60, 45, 90]);
  for (const text of ['', 'week', '0 weeks', '1 fortnight']) t.equal(periodOf(text), undefined, text);
  for (const text of ['', 'soon', '0 mins', '25 hours']) t.equal(durationOf(text), undefined, text);
  t.end();
});
