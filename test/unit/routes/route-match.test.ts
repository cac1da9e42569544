import t from 'tap';
import type { TrunkId } from '../../../src/core/ids.js';
import type { ToRoute } from '../../../src/domain/ports/inbound-routes.js';
import { ANY_CALL, type RouteMatch, type RouteSchedule } from '../../../src/domain/route.js';
import { mismatchOf } from '../../../src/routes/route-match.js';

const headers: Readonly<Record<string, string>> = { 'x-tier': ' Gold-Plus ', 'x-empty': '' };
const CALL: ToRoute = {
  trunk: { id: '0197e3b0-0000-7000-8000-000000000001' as TrunkId, name: 'carrier' },
  fromPhone: false,
  called: ['030123456', '+4930123456'],
  callers: ['0044207', '+44207'],
  anonymous: false,
  header: (name) => headers[name.toLowerCase()],
};

const mismatch = (match: Partial<RouteMatch>, call: Partial<ToRoute> = {}, at = '2026-11-23T10:00:00Z') =>
  mismatchOf({ ...ANY_CALL, ...match }, { ...CALL, ...call }, Date.parse(at));

void t.test('a route without conditions is for every call', async (t) => {
  t.equal(mismatch({}), undefined);
  t.equal(mismatch({}, { trunk: undefined, called: [], callers: [], anonymous: true }), undefined);
});

void t.test('every condition must hold, and the first that does not is named', async (t) => {
  const cases: [Partial<RouteMatch>, ReturnType<typeof mismatch>][] = [
    [{ trunks: ['other', 'carrier'] }, undefined],
    [{ trunks: ['0197e3b0-0000-7000-8000-000000000001'] }, undefined],
    [{ trunks: ['other'] }, 'trunk'],
    [{ called: ['+49301*'] }, undefined],
    [{ called: ['030123456'] }, undefined],
    [{ called: ['200', '30123456'] }, 'called'],
    [{ callers: ['+44*'] }, undefined],
    [{ callers: ['+1*'] }, 'caller'],
    [{ anonymous: false }, undefined],
    [{ anonymous: true }, 'anonymous'],
    [{ headers: { 'X-Tier': 'gold*' } }, undefined],
    [{ headers: { 'X-Tier': 'GOLD-PLUS', 'X-Empty': '' } }, undefined],
    [{ headers: { 'X-Tier': 'gold' } }, 'header'],
    [{ headers: { 'X-Other': '*' } }, 'header'],
    [{ trunks: ['carrier'], called: ['+49*'], callers: ['+1*'], anonymous: true }, 'caller'],
  ];
  for (const [match, expected] of cases) t.equal(mismatch(match), expected, JSON.stringify(match));
  t.equal(mismatch({ trunks: ['carrier'] }, { trunk: undefined }), 'trunk', 'who came over none came not over this one');
  t.equal(mismatch({}, { fromPhone: true }), 'called', 'what says nothing of who is called is for calls from outside');
  t.equal(mismatch({ called: ['+49*'] }, { fromPhone: true }), undefined);
});

void t.test('a schedule holds by the clock of its time zone', async (t) => {
  const week: RouteSchedule = {
    timezone: 'Europe/Berlin',
    hours: [
      { days: ['mon', 'tue', 'wed', 'thu', 'fri'], from: '09:00', to: '17:00' },
      { days: ['sat'], from: '22:00', to: '02:00' },
    ],
    dates: [],
    exceptDates: ['12-25', '2026-11-24'],
  };
  const open = (at: string, schedule = week): boolean => mismatch({ schedule }, {}, at) === undefined;
  t.notOk(open('2026-11-23T07:59:59Z'), 'monday 8:59 in Berlin');
  t.ok(open('2026-11-23T08:00:00Z'));
  t.ok(open('2026-11-23T15:59:59Z'));
  t.notOk(open('2026-11-23T16:00:00Z'), 'the end is excluded');
  t.ok(open('2026-07-06T07:00:00Z'), 'an hour earlier in summer');
  t.notOk(open('2026-11-24T10:00:00Z'), 'on a date that is left out');
  t.notOk(open('2026-12-25T10:00:00Z'), 'every year');
  t.notOk(open('2026-11-28T12:00:00Z'), 'saturday at noon');
  t.ok(open('2026-11-29T00:30:00Z'), 'sunday 1:30: the window began on saturday');
  t.notOk(open('2026-11-29T01:00:00Z'));
  const christmas = { ...week, hours: [], dates: ['12-25', '2026-12-26'], exceptDates: [] };
  t.ok(open('2026-12-24T23:30:00Z', christmas), 'already the 25th in Berlin');
  t.ok(open('2026-12-26T10:00:00Z', christmas));
  t.notOk(open('2027-12-26T10:00:00Z', christmas), 'a date with a year is of that year');
  t.equal(mismatch({ schedule: christmas }), 'schedule');
});
