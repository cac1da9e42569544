import t from 'tap';
import { FakeClock } from '../../../src/core/clock.js';
import { silentLogger } from '../../../src/core/log.js';
import { SecretBox } from '../../../src/core/secret-box.js';
import type { RegisterOutcome } from '../../../src/domain/ports/trunk-signalling.js';
import { ActiveTrunks } from '../../../src/trunks/active-trunks.js';
import { accepted, FakeTrunkSignalling } from '../../support/fake-trunk-signalling.js';
import { newRegistrarSet } from '../../support/registrar-set.js';
import { sampleTrunk } from '../../support/sample-trunk.js';

const rest = async (): Promise<void> => {
  for (let turn = 0; turn < 30; turn += 1) await Promise.resolve();
};

function start() {
  const clock = new FakeClock();
  const signalling = new FakeTrunkSignalling();
  const box = new SecretBox(Buffer.alloc(32, 1));
  const active = new ActiveTrunks({
    signalling,
    box,
    clock,
    log: silentLogger,
    random: () => 0,
    registrar: newRegistrarSet({}, clock),
  });
  const base = sampleTrunk({ kind: 'register', username: 'u' });
  const trunk = { ...base, sealedPassword: box.seal('p', base.id) };
  return { clock, signalling, active, trunk };
}

void t.test('the same version of a trunk again changes nothing', async (t) => {
  const { active, signalling, trunk } = start();
  active.changed(trunk.id, trunk);
  await rest();
  active.changed(trunk.id, { ...trunk });
  await rest();
  t.same(
    signalling.bindings.map(({ asked }) => asked),
    [[3600]],
  );
  await active.close();
});

void t.test('what the old self of a trunk has bound is taken back before the new self registers', async (t) => {
  const { active, signalling, trunk } = start();
  const order: string[] = [];
  let release: (outcome: RegisterOutcome) => void = () => {};
  signalling.answer = (expiresS, { host }) => {
    order.push(`${host} ${expiresS}`);
    if (expiresS > 0) return accepted(expiresS);
    return new Promise((resolve) => {
      release = resolve;
    });
  };
  active.changed(trunk.id, { ...trunk, host: 'one' });
  await rest();
  active.changed(trunk.id, { ...trunk, host: 'two', version: 2 });
  active.changed(trunk.id, { ...trunk, host: 'three', version: 3 });
  await rest();
  t.same(order, ['one 3600', 'one 0'], 'until it is taken back');
  release(accepted(0));
  await rest();
  t.same(order, ['one 3600', 'one 0', 'three 3600'], 'and who was replaced meanwhile is never heard of');
  const closing = active.close();
  await rest();
  release(accepted(0));
  await closing;
  t.equal(order.at(-1), 'three 0');
});

void t.test('a password that cannot be opened is told of, and the trunk stays out of use', async (t) => {
  const { active, signalling, trunk } = start();
  active.changed(trunk.id, { ...trunk, sealedPassword: new SecretBox(Buffer.alloc(32, 2)).seal('p', trunk.id) });
  await rest();
  t.match(active.statusOf(trunk.id), { state: 'failed', lastError: { message: /secrets\.key/ } });
  t.match(active.outboundOf(trunk.tenantId), [{ up: false }]);
  t.same(signalling.bindings, []);
  await active.close();
});
