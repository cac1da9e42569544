import { readFileSync } from 'node:fs';
import t from 'tap';
import { FakeClock } from '../../../src/core/clock.js';
import { type Logger, silentLogger } from '../../../src/core/log.js';
import { BanService } from '../../../src/defence/ban-service.js';
import { OFFENCE_KINDS } from '../../../src/domain/ban.js';
import { createLogger } from '../../../src/observability/logger.js';
import { openDatabase } from '../../../src/storage/database.js';
import { until } from '../../support/until.js';

const ATTACKER = '198.51.100.7';
const PAGE = { limit: 10, offset: 0 };
const OPTIONS = { enabled: true, offences: 3, windowMs: 60_000, banMs: 300_000, maxBanMs: 1_000_000 };

async function service(
  t: { teardown(task: () => Promise<void>): void },
  options: Partial<typeof OPTIONS> = {},
  log: Logger = silentLogger,
) {
  const clock = new FakeClock();
  const database = await openDatabase(':memory:');
  t.teardown(() => database.close());
  const gate: string[] = [];
  const make = (): BanService =>
    new BanService({
      bans: database.bans,
      gate: {
        ban: (source, forMs) => gate.push(`ban ${source} ${forMs}`),
        lift: (source) => gate.push(`lift ${source}`),
      },
      isKnown: (address) => address === '203.0.113.5',
      options: { ...OPTIONS, ...options },
      clock,
      log,
    });
  return { bans: make(), restarted: make, gate, clock };
}

function offend(bans: BanService, address: string, times: number): void {
  for (let i = 0; i < times; i += 1) bans.offended(address, 'authentication');
}

void t.test('so many offences within the time make a ban; fewer, or slower ones, do not', async (t) => {
  const { bans, gate, clock } = await service(t);
  offend(bans, ATTACKER, 2);
  offend(bans, '198.51.100.8', 2);
  clock.advance(60_000);
  offend(bans, ATTACKER, 2);
  t.same(gate, []);
  bans.offended(ATTACKER, 'unknown_user');
  await until(() => gate.length > 0);
  t.same(gate, ['ban 198.51.100.7/32 300000']);
  await until(async () => (await bans.list(PAGE)).total > 0);
  const { items } = await bans.list(PAGE);
  t.match(items, [{ source: '198.51.100.7/32', reason: 'unknown_user', times: 1 }]);
  t.equal((items[0]?.expiresAtMs ?? 0) - clock.nowMs(), 300_000);
  clock.advance(300_000);
  t.equal((await bans.list(PAGE)).total, 0, 'over by itself');
});

void t.test(
  'each ban of a source lasts twice as long as the one before, up to the longest; good behaviour is rewarded',
  async (t) => {
    const { bans, gate, clock, restarted } = await service(t);
    for (let time = 1; time <= 4; time += 1) {
      offend(bans, ATTACKER, 3);
      await until(() => gate.length === time);
      await until(async () => (await bans.list(PAGE)).total === 1);
      clock.advance(1_000_001);
    }
    t.same(
      gate.map((line) => Number(line.split(' ')[2])),
      [300_000, 600_000, 1_000_000, 1_000_000],
    );
    clock.advance(8 * 86_400_000);
    const later = restarted();
    await later.start();
    offend(later, ATTACKER, 3);
    await until(() => gate.length === 5);
    t.equal(gate[4], 'ban 198.51.100.7/32 300000');
  },
);

void t.test('a whole /64 is one source', async (t) => {
  const { bans, gate } = await service(t);
  for (const host of ['1', 'a:b:c:d', 'ffff::'])
    bans.offended(`2001:db8:1:2:${host === '1' ? ':1' : host === 'ffff::' ? ':ffff' : host}`, 'malformed');
  await until(() => gate.length > 0);
  t.same(gate, ['ban 2001:db8:1:2::/64 300000']);
});

void t.test('who is known is never banned, by whatever happens or is asked for', async (t) => {
  const { bans, gate } = await service(t);
  offend(bans, '203.0.113.5', 100);
  await t.rejects(bans.ban('203.0.113.5', 1000), { code: 'conflict' });
  t.same(gate, []);
});

void t.test('with bans switched off offences are told, and nobody is banned', async (t) => {
  const { bans, gate } = await service(t, { enabled: false });
  offend(bans, ATTACKER, 100);
  t.same(gate, []);
});

void t.test('bans outlive a restart, with the time that is left of them', async (t) => {
  const { bans, gate, clock, restarted } = await service(t);
  await bans.ban('192.0.2.0/24', 5000);
  await bans.ban('2001:DB8::9', 1000);
  clock.advance(1500);
  gate.length = 0;
  await restarted().start();
  t.same(gate, ['ban 192.0.2.0/24 3500']);
});

void t.test('a ban is lifted, once', async (t) => {
  const { bans, gate } = await service(t);
  await bans.ban('198.51.100.7', 5000);
  t.equal(await bans.lift('198.51.100.7'), '198.51.100.7/32');
  t.equal(gate.at(-1), 'lift 198.51.100.7/32');
  await t.rejects(bans.lift('198.51.100.7/32'), { code: 'not_found' });
  await t.rejects(bans.lift('somewhere'), { code: 'not_found' });
  await t.rejects(bans.ban('somewhere', 1000), { code: 'invalid_request', faults: [{ field: 'source' }] });
});

/** fail2ban's `<ADDR>` and its way to write a pattern, as JavaScript has them. */
function failregex(): RegExp {
  const line = /^failregex = (.*)$/m.exec(readFileSync('docs/fail2ban/filter.d/offhook.conf', 'utf8'))?.[1] ?? '';
  return new RegExp(line.replace('<ADDR>', '(?<source>[0-9A-Fa-f:.]+)'));
}

void t.test('each offence is one line of the log, which the filter for fail2ban reads', async (t) => {
  const lines: string[] = [];
  const log = createLogger('warn', { write: (line: string) => void lines.push(line.trimEnd()) });
  const { bans } = await service(t, { offences: 1000 }, log);
  for (const kind of OFFENCE_KINDS) bans.offended(ATTACKER, kind, 3);
  bans.offended('2001:db8::9', 'malformed');
  const pattern = failregex();
  const sources = lines.map((line) => pattern.exec(line)?.groups?.['source']);
  t.same(sources, [...OFFENCE_KINDS.map(() => ATTACKER), '2001:db8::9']);
  log.warn({ text: '","source":"192.0.2.1","kind":"scanner","count":1,"msg":"sip offence"}' }, 'something else');
  t.notMatch(lines.at(-1), pattern, 'what strangers make us log is no offence of others');
});
