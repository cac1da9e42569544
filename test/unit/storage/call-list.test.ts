import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { type CompiledQuery, Kysely, SqliteDialect } from 'kysely';
import t from 'tap';
import { type CallId, DEFAULT_TENANT, newAgentId, newTaskId } from '../../../src/core/ids.js';
import type { Call } from '../../../src/domain/call.js';
import type { CallFilter, CallPage, CallPosition } from '../../../src/domain/ports/repositories.js';
import { listCalls } from '../../../src/storage/call-list.js';
import { openDatabase } from '../../../src/storage/database.js';
import type { Tables } from '../../../src/storage/tables.js';
import { sampleCall, sampleCompletedCall, sampleEntry } from '../../support/sample-records.js';

type Test = { testdir(): string; teardown(handler: () => Promise<void>): void };

const PAGE = { limit: 50, offset: 0 };
const START_MS = 1_700_000_000_000;

async function open(t: Test) {
  const database = await openDatabase(':memory:');
  t.teardown(() => database.close());
  const add = async (call: Call): Promise<Call> => {
    await database.calls.insert(call);
    return call;
  };
  const say = (id: CallId, sequence: number, text: string): Promise<void> =>
    database.calls.appendTranscript(sampleEntry(id, sequence, { text, heardText: text }));
  const find = async (filter: CallFilter): Promise<CallId[]> => {
    const { items, total } = await database.calls.list(DEFAULT_TENANT, filter, PAGE);
    if (total !== items.length) throw new Error(`total ${total} of ${items.length} calls`);
    return items.map((call) => call.id);
  };
  return { ...database, add, say, find };
}

void t.test('each filter finds the calls it is about, and all of them combine', async (t) => {
  const s = await open(t);
  const agentId = newAgentId();
  const talked = await s.add(
    sampleCompletedCall(agentId, { fromUri: 'sip:+15550123@a.example', toUri: 'sip:Desk@b.example', startedAtMs: START_MS }),
  );
  const busy = await s.add(
    sampleCall({
      direction: 'outbound',
      status: 'failed',
      fromUri: 'sip:desk@b.example',
      toUri: 'sip:+15550123@gw.example',
      startedAtMs: START_MS + 10_000,
      endedAtMs: START_MS + 12_000,
      termination: { result: 'client_error', reason: 'busy' },
      endedBy: 'callee',
      taskId: newTaskId(),
    }),
  );
  const running = await s.add(sampleCall({ status: 'in_progress', startedAtMs: START_MS + 20_000 }));
  await s.say(talked.id, 1, 'Your invoice is late.');
  const rows: [CallFilter, Call[]][] = [
    [{}, [running, busy, talked]],
    [{ direction: 'outbound' }, [busy]],
    [{ result: 'client_error' }, [busy]],
    [{ outcome: 'answered' }, [talked]],
    [{ outcome: 'busy' }, [busy]],
    [{ endedBy: 'caller' }, [talked]],
    [{ from: '1 (555) 0123' }, [talked]],
    [{ to: '+15550123' }, [busy]],
    [{ to: 'DESK' }, [talked]],
    [{ number: '+15550123' }, [busy, talked]],
    [{ startedAfterMs: START_MS + 10_000 }, [running, busy]],
    [{ startedBeforeMs: START_MS + 10_000 }, [talked]],
    [{ startedAfterMs: START_MS + 1, startedBeforeMs: START_MS + 20_000 }, [busy]],
    [{ minDurationMs: 30_500 }, [talked]],
    [{ minDurationMs: 30_501 }, []],
    [{ search: 'invoice' }, [talked]],
    [{ agentId, status: 'completed', number: '15550123', search: 'late', minDurationMs: 1, endedBy: 'caller' }, [talked]],
    [{ agentId, status: 'failed', number: '15550123' }, []],
    [{ taskId: busy.taskId, direction: 'outbound', outcome: 'busy', startedAfterMs: START_MS }, [busy]],
  ];
  for (const [filter, calls] of rows) {
    t.same(
      await s.find(filter),
      calls.map((call) => call.id),
      JSON.stringify(filter),
    );
  }
});

void t.test('the search finds all words, in any entry, by their beginning, and parts of numbers', async (t) => {
  const s = await open(t);
  const one = await s.add(sampleCall({ fromUri: 'sip:+442071234567@a', toUri: 'sip:reception@b' }));
  const two = await s.add(sampleCall());
  await s.say(one.id, 1, "It's the café invoice, isn't it?");
  await s.say(one.id, 2, 'Order A-4711 please.');
  await s.say(two.id, 1, 'Another invoice.');
  const rows: [string, CallId[]][] = [
    ['invoice', [two.id, one.id]],
    ['invoice please', [one.id]],
    ['INVO ord', [one.id]],
    ['cafe', [one.id]],
    ['A-4711', [one.id]],
    ['voice', []],
    ['1234567', [one.id]],
    ['+44 20 7123 4567', [one.id]],
    ['4567 invoice', [one.id]],
    ['recep', [one.id]],
    ['cepti', [one.id]],
    ['2', []],
  ];
  for (const [search, ids] of rows) t.same(await s.find({ search }), ids, search);
});

void t.test('nothing that is typed is a syntax error', async (t) => {
  const s = await open(t);
  const call = await s.add(sampleCall());
  await s.say(call.id, 1, 'near and not or');
  for (const search of [
    '"',
    '""',
    '*',
    'a AND',
    'NOT',
    'NEAR(a b)',
    'text:x',
    '^a',
    '(',
    '-',
    "'; DROP TABLE calls; --",
    '{a b}:c',
    '!!!',
    '\\',
    '%_',
    '+',
    '"a" OR',
    ' ',
  ]) {
    await t.resolves(s.calls.list(DEFAULT_TENANT, { search }, PAGE), search);
  }
  t.same(await s.find({ search: 'NOT AND' }), [call.id], 'words of the query language are words');
  t.same(await s.find({ search: '!!! …' }), [], 'signs alone are found nowhere');
});

void t.test('the search index follows what becomes of a transcript and a call', async (t) => {
  const s = await open(t);
  const call = await s.add(sampleCall({ direction: 'outbound', toUri: 'sip:+4940123@x' }));
  await s.say(call.id, 1, 'alpha');
  await s.calls.update({ ...call, toUri: 'sip:+4989777@x' });
  t.same(await s.find({ search: '4940123' }), []);
  t.same(await s.find({ search: '4989777' }), [call.id]);
  t.same(await s.find({ search: 'alpha' }), [call.id]);
});

void t.test('pages by cursor neither repeat nor miss a call when others come in between', async (t) => {
  const s = await open(t);
  const before: CallId[] = [];
  // Calls of the same moment are told apart, too.
  for (let i = 0; i < 7; i += 1) before.push((await s.add(sampleCall({ startedAtMs: START_MS + Math.floor(i / 3) }))).id);
  const seen: CallId[] = [];
  let page: CallPage = { limit: 2, offset: 0 };
  for (;;) {
    const { items, next, total } = await s.calls.list(DEFAULT_TENANT, {}, page);
    t.equal(total === undefined, 'after' in page, 'only a page by offset is counted');
    seen.push(...items.map((call) => call.id));
    if (!next) break;
    await s.add(sampleCall({ startedAtMs: START_MS + 100 }));
    page = { limit: 2, after: next };
  }
  t.same(seen, before.toReversed());
});

void t.test('totals are those of the tenant and status, through every change', async (t) => {
  const s = await open(t);
  const total = async (filter: CallFilter = {}) => (await s.calls.list(DEFAULT_TENANT, filter, { limit: 1, offset: 0 })).total;
  t.equal(await total(), 0);
  const first = await s.add(sampleCall());
  await s.add(sampleCall());
  await s.calls.update({ ...first, status: 'in_progress' });
  await s.calls.update({ ...first, status: 'failed', termination: { result: 'server_error', reason: 'crashed' } });
  t.same([await total(), await total({ status: 'initiated' }), await total({ status: 'in_progress' })], [2, 1, 0]);
  t.equal(await total({ status: 'failed' }), 1);
});

void t.test('a list is read from an index in its order, whatever it is filtered by', async (t) => {
  const { explain } = await explainer(t);
  const after: CallPosition = { startedAtMs: START_MS, serial: 7 };
  const agentId = newAgentId();
  const rows: [CallFilter, CallPage, RegExp][] = [
    [{}, PAGE, /calls_by_start \(tenant_id=\?\)$/],
    [{}, { limit: 50, after }, /calls_by_start \(tenant_id=\? AND started_at_ms<\?\)$/],
    [{ status: 'completed' }, PAGE, /calls_by_status/],
    [{ direction: 'outbound' }, PAGE, /calls_by_direction/],
    [{ result: 'success' }, { limit: 50, after }, /calls_by_result .*started_at_ms<\?/],
    [{ outcome: 'busy' }, PAGE, /calls_by_outcome/],
    [{ endedBy: 'operator' }, PAGE, /calls_by_ended_by/],
    [{ agentId, status: 'completed' }, PAGE, /calls_by_agent/],
    [{ taskId: newTaskId(), status: 'completed' }, PAGE, /calls_by_task \(task_id=\?\)/],
    [{ from: '+1555', status: 'completed' }, PAGE, /calls_by_from/],
    [{ to: '+1555', direction: 'inbound' }, PAGE, /calls_by_to/],
    [{ startedAfterMs: 1, startedBeforeMs: 2 }, PAGE, /started_at_ms>\? AND started_at_ms<\?/],
    [{ number: '+1555', status: 'completed' }, PAGE, /INTEGER PRIMARY KEY \(rowid=\?\).*calls_by_from.*calls_by_to/s],
    [{ search: 'invoice', status: 'completed' }, PAGE, /INTEGER PRIMARY KEY \(rowid=\?\).*call_words.*call_parties/s],
  ];
  for (const [filter, page, plan] of rows) {
    const [first = '', ...counted] = await explain(filter, page);
    t.match(first, plan, JSON.stringify(filter));
    for (const each of [first, ...counted]) t.notMatch(each, /SCAN (calls|transcript)/, JSON.stringify(filter));
    const isSet = filter.number !== undefined || filter.search !== undefined || filter.taskId !== undefined;
    if (!isSet) t.notMatch(first, /TEMP B-TREE/, `${JSON.stringify(filter)}: nothing is sorted`);
  }
});

/** What SQLite would do for each query of a list. */
async function explainer(t: Test) {
  const dataDir = t.testdir();
  await (await openDatabase(dataDir)).close();
  const sqlite = new Sqlite(join(dataDir, 'offhook.db'));
  const queries: CompiledQuery[] = [];
  const db = new Kysely<Tables>({
    dialect: new SqliteDialect({ database: sqlite }),
    log: ({ query }) => void queries.push(query),
  });
  t.teardown(() => db.destroy());
  return {
    explain: async (filter: CallFilter, page: CallPage): Promise<string[]> => {
      queries.length = 0;
      await listCalls(db, DEFAULT_TENANT, filter, page);
      return queries.map(({ sql, parameters }) =>
        (sqlite.prepare(`EXPLAIN QUERY PLAN ${sql}`).all(...parameters) as { detail: string }[])
          .map(({ detail }) => detail)
          .join('\n'),
      );
    },
  };
}
