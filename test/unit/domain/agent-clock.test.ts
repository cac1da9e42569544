import t from 'tap';
import { isAgentTimezone, wallClock, zoneName } from '../../../src/domain/agent-clock.js';

void t.test('time zones are names of places, or offsets that clocks on land have', async (t) => {
  for (const name of ['Europe/Berlin', 'UTC', 'UTC+00:00', 'UTC+14:00', 'UTC-12:00', 'UTC+05:45'])
    t.ok(isAgentTimezone(name), name);
  for (const name of ['', 'Mars/Olympus', '+01:00', 'UTC+1', 'UTC+14:30', 'UTC-12:01', 'UTC+05:60', 'UTC+15:00']) {
    t.notOk(isAgentTimezone(name), name);
  }
});

void t.test('date and time are those of the place, in the words of the language', async (t) => {
  const nowMs = Date.UTC(2026, 6, 31, 22, 5);
  t.match(wallClock(nowMs, undefined, 'en-US'), { date: 'Friday, July 31, 2026', time: '10:05 PM' });
  t.match(wallClock(nowMs, 'Europe/Berlin', 'de-DE'), { date: 'Samstag, 1. August 2026', time: '00:05' });
  t.match(wallClock(nowMs, 'UTC+05:45', 'de-DE'), { date: 'Samstag, 1. August 2026', time: '03:50' });
  t.match(wallClock(nowMs, 'UTC-12:00', 'en-US'), { date: 'Friday, July 31, 2026', time: '10:05 AM' });
});

void t.test('other systems are told a zone by a name of theirs', (t) => {
  for (const [zone, name] of [
    [undefined, 'UTC'],
    ['Europe/Berlin', 'Europe/Berlin'],
    ['UTC', 'UTC'],
    ['UTC+00:00', 'UTC'],
    ['UTC+02:00', 'Etc/GMT-2'],
    ['UTC-11:00', 'Etc/GMT+11'],
    ['UTC+05:45', 'UTC'],
  ] as const) {
    t.equal(zoneName(zone), name);
  }
  t.end();
});
