import { stat } from 'node:fs/promises';
import { type Kysely, sql } from 'kysely';
import type { Tables } from './tables.js';

/** What waits in the database, and how large it is. Each count is by an index that holds what waits and nothing else. */
export type DatabaseFigures = {
  tasksDue: number;
  tasksScheduled: number;
  /** How long the task that waits longest is overdue; 0 when none is due. */
  oldestDueMs: number;
  eventsUndispatched: number;
  deliveriesPending: number;
  sizeBytes: number;
  /** The write-ahead log, which is merged into the file now and then. */
  logBytes: number;
};

type Counts = Omit<DatabaseFigures, 'sizeBytes' | 'logBytes' | 'oldestDueMs'> & { oldestDueAtMs: number | null };

export async function databaseFigures(db: Kysely<Tables>, file: string, nowMs: number): Promise<DatabaseFigures> {
  const { rows } = await sql<Counts>`
    SELECT
      (SELECT count(*) FROM tasks WHERE status = 'pending' AND next_attempt_at_ms <= ${nowMs}) AS "tasksDue",
      (SELECT count(*) FROM tasks WHERE status = 'pending' AND next_attempt_at_ms > ${nowMs}) AS "tasksScheduled",
      (SELECT min(next_attempt_at_ms) FROM tasks WHERE status = 'pending' AND next_attempt_at_ms <= ${nowMs}) AS "oldestDueAtMs",
      (SELECT count(*) FROM webhook_events WHERE dispatched = 0) AS "eventsUndispatched",
      (SELECT count(*) FROM webhook_deliveries WHERE state = 'pending') AS "deliveriesPending"`.execute(db);
  const [counts] = rows;
  if (!counts) throw new Error('a SELECT without FROM has one row');
  const { oldestDueAtMs, ...waiting } = counts;
  const [sizeBytes, logBytes] = await Promise.all([sizeOf(file), sizeOf(`${file}-wal`)]);
  return { ...waiting, oldestDueMs: oldestDueAtMs === null ? 0 : nowMs - oldestDueAtMs, sizeBytes, logBytes };
}

/** A database in memory has no file, and a log is there only once something was written. */
const sizeOf = (file: string): Promise<number> =>
  stat(file).then(
    ({ size }) => size,
    () => 0,
  );
