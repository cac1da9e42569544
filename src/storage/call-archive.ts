import { basename } from 'node:path';
import type { Kysely, Transaction } from 'kysely';
import type { CallId, TenantId } from '../core/ids.js';
import type { Retention } from '../domain/identity.js';
import type { CallArchive, RecordedCall, RetentionSettings } from '../domain/ports/call-archive.js';
import { toRetention } from './organization-repository.js';
import type { Tables } from './tables.js';

const ENDED = ['completed', 'failed'];

type Removed = { id: string; recording_path: string | null };

export class SqlCallArchive implements CallArchive, RetentionSettings {
  readonly #db: Kysely<Tables>;

  constructor(db: Kysely<Tables>) {
    this.#db = db;
  }

  remove(tenant: TenantId, id: CallId): Promise<'removed' | 'in_progress' | 'not_found'> {
    return this.#db.transaction().execute(async (trx) => {
      const call = await trx
        .selectFrom('calls')
        .select(['id', 'recording_path', 'status'])
        .where('tenant_id', '=', tenant)
        .where('id', '=', id)
        .executeTakeFirst();
      if (!call) return 'not_found';
      if (!ENDED.includes(call.status)) return 'in_progress';
      await removeAll(trx, [call]);
      return 'removed';
    });
  }

  removeCalls(tenant: TenantId, beforeMs: number, limit: number): Promise<number> {
    return this.#db.transaction().execute(async (trx) => {
      const calls = await endedBefore(trx, tenant, beforeMs).limit(limit).execute();
      await removeAll(trx, calls);
      const texts = await removeTexts(trx, tenant, beforeMs, limit);
      const sessions = await removeSessions(trx, tenant, beforeMs, limit);
      return Math.max(calls.length, texts, sessions);
    });
  }

  removeRecordings(tenant: TenantId, beforeMs: number, limit: number): Promise<number> {
    return this.#db.transaction().execute(async (trx) => {
      const calls = await endedBefore(trx, tenant, beforeMs).where('recording_path', 'is not', null).limit(limit).execute();
      if (calls.length === 0) return 0;
      await noteFiles(trx, calls);
      await trx.updateTable('calls').set({ recording_path: null }).where('id', 'in', idsOf(calls)).execute();
      return calls.length;
    });
  }

  async recordedIn(paths: readonly string[]): Promise<RecordedCall[]> {
    // By the id in the file's name: paths have no index.
    const ids = paths.map((path) => basename(path, '.wav'));
    const rows = await this.#db
      .selectFrom('calls')
      .select(['id', 'tenant_id', 'recording_path'])
      .where('id', 'in', ids)
      .where('status', 'in', ENDED)
      .execute();
    return rows.flatMap(({ id, tenant_id, recording_path: path }) =>
      path !== null && paths.includes(path) ? [{ id: id as CallId, tenantId: tenant_id as TenantId, path }] : [],
    );
  }

  async replaceRecording(tenant: TenantId, id: CallId, from: string, to: string): Promise<void> {
    await this.#db.transaction().execute(async (trx) => {
      const { numUpdatedRows } = await trx
        .updateTable('calls')
        .set({ recording_path: to })
        .where('tenant_id', '=', tenant)
        .where('id', '=', id)
        .where('recording_path', '=', from)
        .executeTakeFirst();
      await noteFiles(trx, [{ recording_path: numUpdatedRows > 0n ? from : to }]);
    });
  }

  async filesToRemove(limit: number): Promise<string[]> {
    const rows = await this.#db.selectFrom('files_to_remove').select('path').limit(limit).execute();
    return rows.map(({ path }) => path);
  }

  async fileRemoved(path: string): Promise<void> {
    await this.#db.deleteFrom('files_to_remove').where('path', '=', path).execute();
  }

  async retentions(): Promise<{ tenant: TenantId; retention: Retention }[]> {
    const rows = await this.#db
      .selectFrom('tenants')
      .select(['id', 'retention_calls_days', 'retention_recordings_days'])
      .orderBy('id')
      .execute();
    return rows.map((row) => ({ tenant: row.id as TenantId, retention: toRetention(row) }));
  }
}

const endedBefore = (trx: Transaction<Tables>, tenant: TenantId, beforeMs: number) =>
  trx
    .selectFrom('calls')
    .select(['id', 'recording_path'])
    .where('tenant_id', '=', tenant)
    .where('started_at_ms', '<', beforeMs)
    .where('status', 'in', ENDED)
    .orderBy('started_at_ms');

/** Those outside calls, which go with their call; what is still to be sent stays. */
async function removeTexts(trx: Transaction<Tables>, tenant: TenantId, beforeMs: number, limit: number): Promise<number> {
  const old = trx
    .selectFrom('texts')
    .select('id')
    .where('tenant_id', '=', tenant)
    .where('created_at_ms', '<', beforeMs)
    .where('call_id', 'is', null)
    .where('status', '<>', 'pending')
    .orderBy('serial')
    .limit(limit);
  const { numDeletedRows } = await trx.deleteFrom('texts').where('id', 'in', old).executeTakeFirst();
  return Number(numDeletedRows);
}

/** Text conversations that are over, with all that was said and sent in them. */
async function removeSessions(trx: Transaction<Tables>, tenant: TenantId, beforeMs: number, limit: number): Promise<number> {
  const old = trx
    .selectFrom('chat_sessions')
    .select('id')
    .where('tenant_id', '=', tenant)
    .where('started_at_ms', '<', beforeMs)
    .where('status', '<>', 'open')
    .orderBy('started_at_ms')
    .limit(limit);
  const { numDeletedRows } = await trx.deleteFrom('chat_sessions').where('id', 'in', old).executeTakeFirst();
  return Number(numDeletedRows);
}

async function removeAll(trx: Transaction<Tables>, calls: readonly Removed[]): Promise<void> {
  if (calls.length === 0) return;
  await noteFiles(trx, calls);
  await trx.deleteFrom('calls').where('id', 'in', idsOf(calls)).execute();
}

async function noteFiles(trx: Transaction<Tables>, calls: readonly Pick<Removed, 'recording_path'>[]): Promise<void> {
  const files = calls.flatMap(({ recording_path: path }) => (path === null ? [] : [{ path }]));
  if (files.length === 0) return;
  await trx
    .insertInto('files_to_remove')
    .values(files)
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

const idsOf = (calls: readonly Removed[]): string[] => calls.map(({ id }) => id);
