import t from 'tap';
import { AppError } from '../../../src/core/errors.js';
import { DEFAULT_TENANT, newApiKeyId } from '../../../src/core/ids.js';
import { sampleAgent } from '../../support/sample-records.js';
import { rest, startScheduler } from './scheduler-fixture.js';

void t.test('a task is called at its time, not before, and once', async (t) => {
  const s = await startScheduler(t);
  const id = await s.create(90_000);
  const manual = await s.create(undefined);
  await s.pass(89_999);
  t.same(s.dialled, []);
  await s.pass(1);
  t.same(s.dialled, ['+15550100']);
  t.match(await s.task(id), { status: 'in_progress', callId: s.calls[0]?.id });
  t.match(await s.database.calls.find(DEFAULT_TENANT, s.calls[0]!.id), { taskId: id, status: 'initiated' });
  await s.pass(3_600_000);
  t.equal(s.dialled.length, 1);
  t.match(await s.task(manual), { status: 'pending' }, 'one without a time waits for execute');
});

void t.test('of those that are due the highest priority goes first, then the earliest', async (t) => {
  const s = await startScheduler(t);
  s.room.calls = 0;
  await s.create(-1000, { toNumber: '+12' });
  await s.create(-2000, { toNumber: '+13' });
  await s.create(-10, { toNumber: '+14', priority: 5 });
  await s.create(60_000, { toNumber: '+15', priority: 9 });
  await rest();
  t.same(s.dialled, []);
  s.room.calls = 3;
  s.scheduler.wake();
  await rest();
  t.same(s.dialled, ['+14', '+13', '+12']);
});

void t.test('no more calls than there is room for; the end of one makes room for the next', async (t) => {
  const s = await startScheduler(t);
  s.room.calls = 2;
  for (const number of ['+12', '+13', '+14']) await s.create(0, { toNumber: number });
  await rest();
  t.same(s.dialled, ['+12', '+13']);
  s.room.calls = 1;
  s.scheduler.wake();
  await rest();
  t.same(s.dialled, ['+12', '+13', '+14']);
});

void t.test('calls are not handed to the dialler long before their turn', async (t) => {
  const s = await startScheduler(t);
  s.room.waitMs = 1000;
  await s.create(0);
  await rest();
  s.room.waitMs = 0;
  await s.pass(899);
  t.same(s.dialled, []);
  await s.pass(1);
  t.same(s.dialled, ['+15550100']);
});

void t.test('a task that cannot be called fails with its reason and does not hold up the others', async (t) => {
  const s = await startScheduler(t);
  const asleep = sampleAgent({ enabled: false });
  await s.database.agents.insert(asleep);
  s.refuse(({ number }) => (number === '+19' ? new AppError('forbidden', 'prefix') : undefined));
  const disabled = await s.create(0, { agentId: asleep.id, priority: 2 });
  const forbidden = await s.create(0, { toNumber: '+19', priority: 1 });
  await s.create(0);
  await rest();
  t.same(s.dialled, ['+15550100']);
  t.match(await s.task(disabled), { status: 'failed', failureReason: 'agent_disabled', callId: undefined });
  t.match(await s.task(forbidden), { status: 'failed', failureReason: 'number_not_allowed' });
});

void t.test('the guard is asked before each call: who is refused fails with its reason, and keeps no place', async (t) => {
  const s = await startScheduler(t);
  s.verdicts.set('+19', { allowed: false, reason: 'do_not_call' });
  const refused = await s.create(0, { toNumber: '+19', priority: 1 });
  const manual = await s.create(undefined, { toNumber: '+19' });
  await s.create(0);
  await rest();
  t.same(s.dialled, ['+15550100']);
  t.match(await s.task(refused), { status: 'failed', failureReason: 'do_not_call', callId: undefined });
  await t.rejects(s.service.execute(DEFAULT_TENANT, manual), { code: 'conflict', reason: 'do_not_call' });
  t.match(await s.task(manual), { status: 'pending' });
  t.equal(s.places.kept, 1, 'of the call that was made');
});

void t.test('an agent does not call numbers of the kinds it does not talk to', async (t) => {
  const s = await startScheduler(t);
  const picky = sampleAgent({ blockedPhoneTypes: ['mobile', 'premium_rate'] });
  await s.database.agents.insert(picky);
  const mobile = await s.create(0, { agentId: picky.id, toNumber: '+4915112345678', priority: 1 });
  const manual = await s.create(undefined, { agentId: picky.id, toNumber: '+499001234567' });
  for (const toNumber of ['+493012345678', '+15550100']) await s.create(0, { agentId: picky.id, toNumber });
  await s.create(0, { toNumber: '+4915112345678' });
  await rest();
  t.same(
    s.dialled.toSorted(),
    ['+15550100', '+4915112345678', '+493012345678'],
    'a landline, one of no kind, and by another agent',
  );
  t.match(await s.task(mobile), { status: 'failed', failureReason: 'blocked_phone_type', callId: undefined });
  await t.rejects(s.service.execute(DEFAULT_TENANT, manual), { code: 'conflict', reason: 'blocked_phone_type' });
  t.equal(s.places.kept, 3);
});

void t.test('when the guard cannot tell nobody is called until it can', async (t) => {
  const s = await startScheduler(t);
  s.verdicts.set('+15550100', new Error('the list cannot be read'));
  const id = await s.create(0);
  await rest();
  t.match(await s.task(id), { status: 'pending' });
  t.equal(s.places.kept, 0);
  s.verdicts.clear();
  await s.pass(5000);
  t.same(s.dialled, ['+15550100']);
});

void t.test('without a gateway tasks wait; they are called when there is one', async (t) => {
  const s = await startScheduler(t);
  s.refuse(() => new AppError('outbound_not_configured', 'none'));
  const id = await s.create(0);
  await rest();
  t.match(await s.task(id), { status: 'pending' });
  s.refuse(undefined);
  await s.pass(5000);
  t.match(await s.task(id), { status: 'in_progress' });
});

void t.test('a task that is moved, deleted or executed meanwhile is not called at its old time', async (t) => {
  const s = await startScheduler(t);
  const [moved, deleted, executed] = [await s.create(1000), await s.create(1000), await s.create(1000)];
  await s.service.patch(DEFAULT_TENANT, moved, { scheduledAtMs: s.clock.nowMs() + 50_000 });
  await s.service.delete(DEFAULT_TENANT, deleted);
  await s.service.execute(DEFAULT_TENANT, executed);
  await s.pass(2000);
  t.equal(s.dialled.length, 1);
  await s.pass(48_000);
  t.equal(s.dialled.length, 2);
  t.match(await s.task(moved), { status: 'in_progress' });
});

void t.test('more tasks than are read at a time are all called, each once', async (t) => {
  const s = await startScheduler(t);
  s.room.calls = 0;
  for (let i = 0; i < 45; i += 1) await s.create(0, { toNumber: `+1555${1000 + i}` });
  s.room.calls = 100;
  s.scheduler.wake();
  await rest();
  await rest();
  t.equal(s.dialled.length, 45);
  t.equal(new Set(s.dialled).size, 45);
});

void t.test('a task follows the end of its own call, and one that was reset does not', async (t) => {
  const s = await startScheduler(t);
  const id = await s.create(0);
  await rest();
  const end = { endedAtMs: s.clock.nowMs(), status: 'failed', termination: { result: 'client_error', reason: 'busy' } } as const;
  const first = s.calls[0]!;
  await s.service.reset(DEFAULT_TENANT, id);
  await rest();
  t.equal(s.dialled.length, 2, 'it is due again');
  await s.database.calls.update({ ...first, ...end });
  t.match(await s.task(id), { status: 'in_progress', callId: s.calls[1]?.id }, 'a late end of the first call changes nothing');
  await s.database.calls.update({ ...s.calls[1]!, ...end });
  t.match(await s.task(id), { status: 'failed', failureReason: 'busy' });
});

void t.test('after close nothing is called any more, and no timer is left', async (t) => {
  const s = await startScheduler(t);
  await s.create(1000);
  await rest();
  await s.scheduler.close();
  await s.pass(5000);
  t.same(s.dialled, []);
  t.equal(s.clock.pendingTimers, 0);
});

void t.test('tasks of a key that may place no more calls wait until it may, and hold up nobody', async (t) => {
  const s = await startScheduler(t);
  const key = newApiKeyId();
  const freeMs = s.clock.nowMs() + 600_000;
  s.refuse(({ apiKeyId }) => {
    const retryAfterMs = freeMs - s.clock.nowMs();
    return apiKeyId === key && retryAfterMs > 0 ? new AppError('key_limit_reached', 'spent', { retryAfterMs }) : undefined;
  });
  s.room.calls = 0;
  const first = await s.create(0, { toNumber: '+12', priority: 9 }, key);
  for (let i = 0; i < 130; i += 1) await s.create(0, { toNumber: '+13', priority: 5 }, key);
  await s.create(0, { toNumber: '+14' });
  s.room.calls = 3;
  s.scheduler.wake();
  await rest();
  t.same(s.dialled, ['+14']);
  t.match(await s.task(first), { status: 'pending', failureReason: undefined, apiKeyId: key });
  await s.pass(599_999);
  t.same(s.dialled, ['+14']);
  await s.pass(1);
  t.same(s.dialled, ['+14', '+12', '+13']);
  t.match(await s.database.calls.find(DEFAULT_TENANT, s.calls.at(-1)!.id), { apiKeyId: key });
});

void t.test('a key that changes, resets or executes a task answers for it from then on', async (t) => {
  const s = await startScheduler(t);
  const [maker, other] = [newApiKeyId(), newApiKeyId()];
  const id = await s.create(undefined, {}, maker);
  t.match(await s.task(id), { apiKeyId: maker });
  await s.service.patch(DEFAULT_TENANT, id, { name: 'y' });
  t.match(await s.task(id), { apiKeyId: maker }, 'people leave it as it was');
  await s.service.patch(DEFAULT_TENANT, id, { name: 'z' }, other);
  t.match(await s.task(id), { apiKeyId: other });
  await s.service.execute(DEFAULT_TENANT, id, { by: maker });
  t.match([await s.task(id), s.calls], [{ apiKeyId: maker }, [{ apiKeyId: maker }]]);
  await s.service.reset(DEFAULT_TENANT, id, other);
  t.match(await s.task(id), { apiKeyId: other });
});
