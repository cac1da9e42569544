import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import type { AgentId } from '../../src/core/ids.js';
import { DATABASE_FILE, openDatabase } from '../../src/storage/database.js';
import { sampleAgent, sampleCompletedCall, sampleEntry, sampleTurn } from '../support/sample-records.js';

export type Seeded = { agentId: AgentId; callId: string };

/** Ids of our shape, counted. */
const ID = (kind: string): string => `printf('01900000-0000-7000-8000-${kind}%011x', n.i)`;
const TALK = { entries: 10, turns: 5 };

/**
 * A database as it is after a while: so many ended calls and agents, all copies of one of each, with what triggers keep of them. The
 * call that is named has a transcript. `events`: each call is still to be told of.
 */
export async function seedRecords(dataDir: string, counts: { calls: number; agents: number; events?: boolean }): Promise<Seeded> {
  const database = await openDatabase(dataDir);
  const agent = sampleAgent({ sipUser: 'agent-0' });
  await database.agents.insert(agent);
  const call = sampleCompletedCall(agent.id);
  const copies = new Sqlite(join(dataDir, DATABASE_FILE));
  copies.pragma('foreign_keys = ON');
  await database.calls.insert(call);
  for (let i = 1; i <= TALK.entries; i += 1) await database.calls.appendTranscript(sampleEntry(call.id, i));
  for (let i = 1; i <= TALK.turns; i += 1) await database.calls.appendTurn(sampleTurn(call.id, i));
  await database.close();
  copies.transaction(() => {
    copy(copies, 'calls', counts.calls - 1, `WHERE id = '${call.id}'`, {
      id: ID('c'),
      // The one that is copied stands in the middle.
      started_at_ms: `started_at_ms + (n.i - ${Math.floor(counts.calls / 2)}) * 1000`,
    });
    copy(copies, 'agents', counts.agents - 1, `WHERE id = '${agent.id}'`, { id: ID('a'), sip_user: `'agent-' || n.i` });
    copy(copies, 'agent_versions', counts.agents - 1, `WHERE agent_id = '${agent.id}'`, { agent_id: ID('a') });
    if (!counts.events) copies.exec('DELETE FROM webhook_events');
  })();
  copies.pragma('wal_checkpoint(TRUNCATE)');
  copies.close();
  return { agentId: agent.id, callId: call.id };
}

/** Copies the row that `which` finds `count` times, with `changes` to its columns; `n.i` counts. The row's serial is its own. */
function copy(db: Sqlite.Database, table: string, count: number, which: string, changes: Record<string, string>): void {
  const columns = (db.pragma(`table_info(${table})`) as { name: string }[]).map(({ name }) => name);
  const copied = columns.filter((name) => name !== 'serial');
  const values = copied.map((name) => changes[name] ?? name);
  db.prepare(
    `WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)
     INSERT INTO ${table} (${copied.join()}) SELECT ${values.join()} FROM n, (SELECT * FROM ${table} ${which})`,
  ).run(count);
}
