import t from 'tap';
import { DEFAULT_TENANT, newCallId, type TenantId } from '../../../src/core/ids.js';
import type { DoNotCallEntry } from '../../../src/domain/do-not-call.js';
import { openDatabase } from '../../../src/storage/database.js';
import { sampleCall, sampleEntry } from '../../support/sample-records.js';

const NOW_MS = 1_700_000_000_000;
const entry = (number: string, changes: Partial<DoNotCallEntry> = {}): DoNotCallEntry => ({
  tenantId: DEFAULT_TENANT,
  number,
  reason: undefined,
  source: 'api',
  callId: undefined,
  createdAtMs: NOW_MS,
  expiresAtMs: undefined,
  ...changes,
});

async function open(t: { teardown(task: () => Promise<void>): void }) {
  const database = await openDatabase(':memory:');
  t.teardown(() => database.close());
  return database;
}

void t.test('a number is listed until its time is over, and then it may be listed anew', async (t) => {
  const { doNotCall: list } = await open(t);
  const first = entry('+12', { expiresAtMs: NOW_MS + 1000, reason: 'first' });
  t.equal(await list.add([first], NOW_MS), 1);
  t.same(await list.find(DEFAULT_TENANT, '+12', NOW_MS + 999), first);
  t.equal(await list.find(DEFAULT_TENANT, '+12', NOW_MS + 1000), undefined);
  t.equal(await list.remove(DEFAULT_TENANT, '+12', NOW_MS + 1000), false);
  t.same((await list.list(DEFAULT_TENANT, {}, { limit: 9, offset: 0 }, NOW_MS + 1000)).total, 0);
  const second = entry('+12', { createdAtMs: NOW_MS + 1000, reason: 'second' });
  t.equal(await list.add([second], NOW_MS + 1000), 1);
  t.same(await list.find(DEFAULT_TENANT, '+12', NOW_MS + 1000), second);
});

void t.test('a number that is listed keeps its entry, but for the longer of both times', async (t) => {
  const { doNotCall: list } = await open(t);
  for (const [first, second, kept] of [
    [10, 20, 20],
    [20, 10, 20],
    [10, undefined, undefined],
    [undefined, 10, undefined],
  ] as const) {
    const time = (ms: number | undefined) => (ms === undefined ? undefined : NOW_MS + ms);
    await list.add([entry('+12', { expiresAtMs: time(first), reason: 'first' })], NOW_MS);
    t.equal(await list.add([entry('+12', { expiresAtMs: time(second), source: 'caller_voice' })], NOW_MS), 0);
    const found = await list.find(DEFAULT_TENANT, '+12', NOW_MS);
    t.match(found, { reason: 'first', source: 'api' });
    t.equal(found?.expiresAtMs, time(kept));
    await list.remove(DEFAULT_TENANT, '+12', NOW_MS);
  }
});

void t.test('many are listed at once, those that come twice once, and all or none', async (t) => {
  const { doNotCall: list } = await open(t);
  const many = Array.from({ length: 2500 }, (_, i) => entry(`+1555${10_000 + i}`));
  t.equal(await list.add([...many, ...many.slice(0, 10)], NOW_MS), 2500);
  t.equal(await list.add(many, NOW_MS), 0);
  await t.rejects(list.add([entry('+99'), entry('not a number')], NOW_MS));
  t.equal(await list.find(DEFAULT_TENANT, '+99', NOW_MS), undefined);
});

void t.test('search takes its text literally, in numbers and reasons, and sees one tenant', async (t) => {
  const database = await open(t);
  const { doNotCall: list } = database;
  await list.add([entry('+1555100', { reason: '100 % sure_no' }), entry('+1555200', { reason: "Robert'); DROP TABLE" })], NOW_MS);
  const found = async (search: string): Promise<string[]> =>
    (await list.list(DEFAULT_TENANT, { search }, { limit: 9, offset: 0 }, NOW_MS)).items.map(({ number }) => number);
  t.same(await found('555'), ['+1555200', '+1555100']);
  t.same(await found('0 % s'), ['+1555100']);
  t.same(await found('sure_no'), ['+1555100']);
  t.same(await found('s_re'), []);
  t.same(await found('%'), ['+1555100']);
  t.same(await found('\\'), []);
  t.same(await found("'); drop"), ['+1555200']);
  t.same((await list.list('tenant-2' as TenantId, {}, { limit: 9, offset: 0 }, NOW_MS)).items, []);
});

void t.test('a wish and the words it was said in are stored together or not at all', async (t) => {
  const { calls, doNotCall: list } = await open(t);
  const call = sampleCall();
  await calls.insert(call);
  const wish = entry('+12', { source: 'caller_voice', callId: call.id });
  await calls.appendTranscript(sampleEntry(call.id, 1), wish);
  t.match(await list.find(DEFAULT_TENANT, '+12', NOW_MS), { source: 'caller_voice', callId: call.id });

  await t.rejects(calls.appendTranscript(sampleEntry(call.id, 1), entry('+13')), 'the sequence is taken');
  t.equal(await list.find(DEFAULT_TENANT, '+13', NOW_MS), undefined);
  await t.rejects(calls.appendTranscript(sampleEntry(call.id, 2), entry('alice')), 'no number');
  t.equal((await calls.transcript(call.id)).length, 1);
  await t.rejects(calls.appendTranscript(sampleEntry(newCallId(), 1), entry('+14')), 'no such call');
  t.equal(await list.find(DEFAULT_TENANT, '+14', NOW_MS), undefined);
});
