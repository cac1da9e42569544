import t from 'tap';
import { type CallHours, type CallWindow, hoursOf, WEEKDAYS } from '../../../src/domain/call-window.js';
import { CallCalendar } from '../../../src/tasks/call-calendar.js';
import { zonesOf } from '../../../src/tasks/callee-zones.js';

const calendar = new CallCalendar();
const BERLIN = 'Europe/Berlin';

/** When a callee may be called next, as UTC, or why never. */
function next(callWindow: CallWindow, at: string, options: { number?: string; common?: CallHours } = {}): string {
  const time = calendar.next({ toNumber: options.number ?? '+15550100', callWindow }, options.common, Date.parse(at));
  return 'never' in time ? time.never : new Date(time.openMs).toISOString().slice(0, 16);
}

void t.test('within the hours at once, otherwise when they begin, by the clock of the zone', async (t) => {
  const office = { days: ['mon', 'tue', 'wed', 'thu', 'fri'], from: '09:00', to: '17:30', timezone: BERLIN } as const;
  for (const [at, open] of [
    ['2026-01-05T08:00Z', '2026-01-05T08:00'],
    ['2026-01-05T07:59Z', '2026-01-05T08:00'],
    ['2026-01-05T12:34Z', '2026-01-05T12:34'],
    ['2026-01-05T16:29Z', '2026-01-05T16:29'],
    ['2026-01-05T16:30Z', '2026-01-06T08:00'],
    ['2026-01-09T16:30Z', '2026-01-12T08:00'],
    ['2026-01-10T12:00Z', '2026-01-12T08:00'],
    ['2026-07-06T07:00Z', '2026-07-06T07:00'],
    ['2026-07-06T06:00Z', '2026-07-06T07:00'],
  ] as const) {
    t.equal(next(office, at), open, at);
  }
});

void t.test('hours that cross midnight belong to the day on which they began', async (t) => {
  const night = { days: ['fri'], from: '22:00', to: '02:00', timezone: BERLIN } as const;
  t.equal(next(night, '2026-01-09T23:30Z'), '2026-01-09T23:30', 'Saturday, half past midnight');
  t.equal(next(night, '2026-01-10T01:00Z'), '2026-01-16T21:00', 'closed since two');
  t.equal(next(night, '2026-01-08T23:30Z'), '2026-01-09T21:00', 'Friday, half past midnight');
  const wholeDay = { days: ['sun'], from: '00:00', to: '24:00', timezone: BERLIN } as const;
  t.equal(next(wholeDay, '2026-01-11T22:59Z'), '2026-01-11T22:59');
  t.equal(next(wholeDay, '2026-01-11T23:00Z'), '2026-01-17T23:00');
});

void t.test(
  'when the clock is set forward, hours that begin in the gap begin after it, and hours within it do not come',
  async (t) => {
    const at = (from: string, to: string) => ({ from, to, timezone: BERLIN });
    // 2026-03-29: 02:00 CET is 03:00 CEST, at 01:00 UTC.
    t.equal(next(at('09:00', '10:00'), '2026-03-29T05:00Z'), '2026-03-29T07:00', 'an hour earlier by UTC than the day before');
    t.equal(next(at('09:00', '10:00'), '2026-03-28T05:00Z'), '2026-03-28T08:00');
    t.equal(next(at('02:00', '04:00'), '2026-03-29T00:00Z'), '2026-03-29T01:00');
    t.equal(next(at('02:30', '05:00'), '2026-03-29T00:00Z'), '2026-03-29T01:30');
    t.equal(next(at('02:00', '03:00'), '2026-03-29T00:00Z'), '2026-03-30T00:00');
    t.equal(next(at('23:00', '02:30'), '2026-03-29T01:00Z'), '2026-03-29T21:00', 'the skipped time has passed at the jump');
  },
);

void t.test('when the clock is set back, a time that comes twice opens at its second and closes at its first', async (t) => {
  const at = (from: string, to: string) => ({ from, to, timezone: BERLIN });
  // 2026-10-25: 03:00 CEST is 02:00 CET, at 01:00 UTC; 02:30 is at 00:30 and at 01:30 UTC.
  t.equal(next(at('02:30', '08:00'), '2026-10-25T00:35Z'), '2026-10-25T01:30');
  t.equal(next(at('22:00', '02:30'), '2026-10-25T00:29Z'), '2026-10-25T00:29');
  t.equal(next(at('22:00', '02:30'), '2026-10-25T00:30Z'), '2026-10-25T21:00');
});

void t.test("the zone is that of the number's country; where there are several, all must be within the hours", async (t) => {
  const day = { from: '09:00', to: '20:00' };
  t.equal(next(day, '2026-01-05T03:00Z', { number: '+442071234567' }), '2026-01-05T09:00');
  t.equal(next(day, '2026-01-05T03:00Z', { number: '+81312345678' }), '2026-01-05T03:00', 'noon in Tokyo');
  t.equal(
    next(day, '2026-01-05T14:00Z', { number: '+12125550123' }),
    '2026-01-05T19:00',
    'Honolulu begins when New York has 14:00',
  );
  t.equal(next(day, '2026-01-06T01:00Z', { number: '+12125550123' }), '2026-01-06T19:00', 'New York has ended');
  const newYork = { ...day, timezone: 'America/New_York' };
  t.equal(next(newYork, '2026-01-05T14:00Z', { number: '+12125550123' }), '2026-01-05T14:00', 'who knows better says so');
  t.equal(next({ from: '12:00', to: '12:30' }, '2026-01-05T14:00Z', { number: '+12125550123' }), 'no_common_hours');
});

void t.test('a zone that does not exist or is not known never dials', async (t) => {
  t.equal(next({ timezone: 'Mars/Olympus' }, '2026-01-05T14:00Z'), 'bad_timezone', 'even where there are no hours');
  t.equal(next({ from: '09:00', to: '10:00', timezone: '' }, '2026-01-05T14:00Z'), 'bad_timezone');
  for (const number of ['+80012345678', '+883510001234', '+999123', '+12']) {
    t.equal(next({ from: '00:00', to: '24:00' }, '2026-01-05T14:00Z', { number }), 'unknown_timezone', number);
    t.equal(next({}, '2026-01-05T14:00Z', { number }), '2026-01-05T14:00', 'which does not matter without hours');
  }
});

void t.test('zones of numbers: one country, a shared calling code, and countries that have no list', async (t) => {
  t.same(zonesOf('+4930123456'), ['Europe/Berlin', 'Europe/Zurich']);
  t.ok(zonesOf('+12125550123').includes('Pacific/Honolulu'));
  t.notOk(zonesOf('+14165550123').includes('Pacific/Honolulu'), 'Canada');
  const unknown = zonesOf('+1234567890');
  t.ok(['America/New_York', 'America/Toronto', 'America/Jamaica', 'Pacific/Guam'].every((zone) => unknown.includes(zone)));
  t.same(zonesOf('+38349123456'), ['Europe/Belgrade'], 'Kosovo');
  t.same(zonesOf('+80012345678'), []);
});

void t.test("a task's window goes over the organisation's, field by field", async (t) => {
  const common: CallHours = { days: ['mon'], from: '10:00', to: '11:00' };
  t.equal(hoursOf(undefined, undefined), undefined);
  t.equal(hoursOf({ timezone: BERLIN }, undefined), undefined);
  t.same(hoursOf({ timezone: BERLIN }, common), common);
  t.same(hoursOf({ from: '08:00', to: '09:00' }, common), { days: ['mon'], from: '08:00', to: '09:00' });
  t.same(hoursOf({ days: ['sun'] }, common), { ...common, days: ['sun'] });
  t.same(hoursOf({ days: ['sun'] }, undefined), { days: ['sun'], from: '00:00', to: '24:00' });
  t.same(hoursOf({ from: '08:00', to: '09:00' }, undefined), { days: WEEKDAYS, from: '08:00', to: '09:00' });
  t.equal(next({ timezone: BERLIN }, '2026-01-05T11:00Z', { common }), '2026-01-12T09:00');
});

void t.test(
  'what is remembered is what would be found anew: every quarter of an hour of a fortnight with a change of clocks',
  async (t) => {
    const hours = { days: ['sat', 'sun'], from: '20:00', to: '02:30' } as const;
    const task = { toNumber: '+34612345678', callWindow: hours };
    const startMs = Date.parse('2026-10-19T00:00Z');
    const different: string[] = [];
    for (let quarter = 0; quarter < 14 * 96; quarter += 1) {
      const atMs = startMs + quarter * 900_000;
      const [remembered, anew] = [calendar, new CallCalendar()].map((one) => one.next(task, undefined, atMs));
      if (JSON.stringify(remembered) !== JSON.stringify(anew)) different.push(new Date(atMs).toISOString());
    }
    t.same(different, []);
  },
);
