import t from 'tap';
import { FakeClock } from '../../../src/core/clock.js';
import { AppError } from '../../../src/core/errors.js';
import { silentLogger } from '../../../src/core/log.js';
import { SecretBox } from '../../../src/core/secret-box.js';
import { ActiveTrunks } from '../../../src/trunks/active-trunks.js';
import { TrunkHealth } from '../../../src/trunks/trunk-health.js';
import { FakeTrunkSignalling } from '../../support/fake-trunk-signalling.js';
import { newRegistrarSet } from '../../support/registrar-set.js';
import { sampleTrunk } from '../../support/sample-trunk.js';

const rest = async (): Promise<void> => {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
};

function start(answers: (number | 'never' | 'throws')[]) {
  const clock = new FakeClock();
  const asked: unknown[] = [];
  const health = new TrunkHealth({
    ping: () => {
      const answer = answers[asked.length] ?? 200;
      asked.push(answer);
      if (answer === 'throws') return Promise.reject(new AppError('signalling_unavailable', 'gone'));
      return answer === 'never' ? new Promise(() => {}) : Promise.resolve(answer);
    },
    intervalMs: 30_000,
    clock,
    log: silentLogger,
    random: () => 0,
  });
  health.start();
  /** The verdicts after so many more questions. */
  const verdicts = async (count: number): Promise<boolean[]> => {
    const seen: boolean[] = [];
    while (seen.length < count) {
      const before = asked.length;
      while (asked.length === before) {
        clock.advance(1000);
        await rest();
      }
      clock.advance(5000);
      await rest();
      seen.push(health.up);
    }
    return seen;
  };
  return { clock, health, verdicts };
}

void t.test('three questions without an answer are down, two answers in a row are up again', async (t) => {
  const s = start([200, 'never', 408, 200, 408, 503, 'throws', 200, 408, 200, 200]);
  t.ok(s.health.up, 'up until shown otherwise');
  t.same(await s.verdicts(11), [true, true, true, true, true, true, false, false, false, false, true]);
  s.health.close();
  t.equal(s.clock.pendingTimers, 0);
});

void t.test('whoever answers is alive, whatever the answer', async (t) => {
  const s = start([404, 405, 403, 500, 483, 401]);
  t.same(await s.verdicts(6), [true, true, true, true, true, true]);
  t.equal(s.health.lastStatus, 401);
  s.health.close();
});

void t.test('a trunk that is down says so, and no call goes out over it', async (t) => {
  const clock = new FakeClock();
  const signalling = new FakeTrunkSignalling();
  const box = new SecretBox(Buffer.alloc(32));
  const active = new ActiveTrunks({
    signalling,
    box,
    clock,
    log: silentLogger,
    random: () => 0,
    registrar: newRegistrarSet({}, clock),
  });
  const trunk = sampleTrunk({ pingS: 30 });
  const upNow = (): boolean | undefined => active.outboundOf(trunk.tenantId)[0]?.up;
  const pass = async (questions: number): Promise<void> => {
    for (let n = 0; n < questions; n += 1) {
      clock.advance(30_000);
      await rest();
    }
  };
  active.changed(trunk.id, trunk);
  await rest();
  t.equal(upNow(), true);
  signalling.alive = 408;
  await pass(4);
  t.equal(upNow(), false);
  t.match(active.statusOf(trunk.id), { state: 'down', lastError: { code: 408, message: 'no answer to OPTIONS' } });
  t.match(active.counts(), { down: 1, ready: 0 });
  signalling.alive = 200;
  await pass(3);
  t.match(active.statusOf(trunk.id), { state: 'ready', lastError: undefined });
  active.changed(trunk.id, { ...trunk, enabled: false, version: 2 });
  await rest();
  t.equal(clock.pendingTimers, 0);
  await active.close();
});
