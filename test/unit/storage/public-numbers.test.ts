import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import t from 'tap';
import { DEFAULT_TENANT, type TenantId } from '../../../src/core/ids.js';
import { DATABASE_FILE, openDatabase } from '../../../src/storage/database.js';
import { temporaryDirectory } from '../../support/offhook-process.js';
import { sampleAgent, sampleCompletedCall } from '../../support/sample-records.js';

const OTHER = '00000000-0000-7000-8000-000000000002' as TenantId;

void t.test('a thing keeps its number, nothing else ever has it, and nobody else finds what it stands for', async (t) => {
  const folder = temporaryDirectory(t);
  const { publicNumbers: numbers, calls, archive, close } = await openDatabase(folder);
  t.teardown(close);
  const sqlite = new Sqlite(join(folder, DATABASE_FILE));
  sqlite.prepare("INSERT INTO tenants (id, name, created_at_ms) VALUES (?, 'other', 0)").run(OTHER);
  sqlite.close();
  t.same(await numbers.numbersOf(DEFAULT_TENANT, 'workspace', [DEFAULT_TENANT]), [1], 'the first there is');
  const [other] = await numbers.numbersOf(OTHER, 'workspace', [OTHER]);
  t.same(await numbers.numbersOf(DEFAULT_TENANT, 'agent', []), []);
  const [b, a, again] = await numbers.numbersOf(DEFAULT_TENANT, 'agent', ['b', 'a', 'b']);
  t.equal(again, b);
  t.same(await numbers.numbersOf(DEFAULT_TENANT, 'agent', ['a', 'c', 'b']), [a, (a ?? 0) + 1, b]);
  t.equal(new Set([1, other, a, b]).size, 4);
  t.equal(await numbers.idOf(DEFAULT_TENANT, 'agent', b ?? 0), 'b');
  t.equal(await numbers.idOf(OTHER, 'agent', b ?? 0), undefined);
  t.equal(await numbers.idOf(DEFAULT_TENANT, 'call', b ?? 0), undefined);
  t.equal(await numbers.idOf(DEFAULT_TENANT, 'agent', 1e15), undefined);
  await t.rejects(numbers.numbersOf(OTHER, 'agent', ['a']), /another tenant/);
  const shown = await Promise.all(Array.from({ length: 5 }, () => numbers.numbersOf(OTHER, 'agent', ['x', 'y'])));
  t.equal(new Set(shown.flat()).size, 2, 'whoever asks at once is told the same');

  const call = sampleCompletedCall(undefined);
  await calls.insert(call);
  const [number] = await numbers.numbersOf(DEFAULT_TENANT, 'call', [call.id]);
  await archive.remove(DEFAULT_TENANT, call.id);
  t.equal(await numbers.idOf(DEFAULT_TENANT, 'call', number ?? 0), undefined, 'it goes with what it stood for');
  t.ok(((await numbers.numbersOf(DEFAULT_TENANT, 'call', ['next']))[0] ?? 0) > (number ?? 0));
});

void t.test('an agent is found by the number of its line, by one that calls reach', async (t) => {
  const { agents, close } = await openDatabase(':memory:');
  t.teardown(close);
  const number = '+442079460018';
  const agent = sampleAgent({ sipUser: 'a', line: { direction: 'inbound', number } });
  const caller = sampleAgent({ sipUser: 'b', line: { direction: 'outbound', number: '+442079460019' } });
  for (const one of [agent, caller]) await agents.insert(one);
  t.match(await agents.findByNumber(DEFAULT_TENANT, number), { id: agent.id });
  t.equal(await agents.findByNumber(DEFAULT_TENANT, '+442079460019'), undefined);
  t.equal(await agents.findByNumber(OTHER, number), undefined);
  const rival = sampleAgent({ sipUser: 'c', line: { direction: 'inbound', number } });
  await t.rejects(agents.insert(rival), { code: 'conflict', faults: [{ field: 'line.number' }] });
  await agents.insert({ ...rival, line: { direction: 'outbound', number } });
  await agents.update({ ...agent, enabled: false, version: 2 });
  t.equal(await agents.findByNumber(DEFAULT_TENANT, number), undefined, 'one that is disabled is not reached');
  await t.rejects(agents.insert(sampleAgent({ sipUser: 'd' }), 3), { code: 'agent_limit_reached' });
  await agents.insert(sampleAgent({ sipUser: 'd' }), 4);
});
