import { type Kysely, sql } from 'kysely';
import type { CampaignContactId, CampaignId } from '../core/ids.js';
import type { Campaign, CampaignContact } from '../domain/campaign.js';
import type { CampaignFeed } from '../domain/ports/campaign-repository.js';
import type { Task } from '../domain/task.js';
import { toCampaign, toCampaignContact } from './campaign-rows.js';
import type { Tables } from './tables.js';
import { taskRow } from './task-rows.js';

export class SqlCampaignFeed implements CampaignFeed {
  readonly #db: Kysely<Tables>;

  constructor(db: Kysely<Tables>) {
    this.#db = db;
  }

  async startDue(nowMs: number): Promise<void> {
    await this.#db
      .updateTable('campaigns')
      .set({ status: 'running', started_at_ms: nowMs, updated_at_ms: nowMs })
      .where('status', '=', 'scheduled')
      .where('starts_at_ms', '<=', nowMs)
      .execute();
  }

  /** Without those whose agent cannot call: their contacts would all fail. */
  async running(): Promise<Campaign[]> {
    const rows = await this.#db
      .selectFrom('campaigns')
      .innerJoin('agents', 'agents.id', 'campaigns.agent_id')
      .selectAll('campaigns')
      .where('campaigns.status', '=', 'running')
      .where('agents.enabled', '=', 1)
      .where('agents.deleted_at_ms', 'is', null)
      .orderBy('campaigns.serial')
      .execute();
    return rows.map(toCampaign);
  }

  async load(id: CampaignId): Promise<{ inProgress: number; released: number }> {
    // Two counts, each of a stretch of the index; one with OR would look at every contact.
    const { rows } = await sql<{ inProgress: number; released: number }>`
      SELECT
        (SELECT count(*) FROM contacts WHERE campaign_id = ${id} AND status = 'in_progress') AS inProgress,
        (SELECT count(*) FROM contacts WHERE campaign_id = ${id} AND status = 'queued' AND released = 1) AS released`.execute(
      this.#db,
    );
    return rows[0] ?? { inProgress: 0, released: 0 };
  }

  releaseRetries(id: CampaignId, nowMs: number, limit: number): Promise<number> {
    return this.#db.transaction().execute(async (trx) => {
      const rows = await trx
        .selectFrom('contacts')
        .innerJoin('campaigns', 'campaigns.id', 'contacts.campaign_id')
        .select('contacts.task_id')
        .$narrowType<{ task_id: string }>()
        .where('campaign_id', '=', id)
        .where('campaigns.status', '=', 'running')
        .where('contacts.status', '=', 'queued')
        .where('released', '=', 0)
        .where('not_before_ms', '<=', nowMs)
        .orderBy('not_before_ms')
        .orderBy('contacts.serial')
        .limit(limit)
        .execute();
      const tasks = rows.map((row) => row.task_id);
      if (tasks.length === 0) return 0;
      await trx.updateTable('contacts').set({ released: 1 }).where('task_id', 'in', tasks).execute();
      await trx
        .updateTable('tasks')
        .set({ next_attempt_at_ms: nowMs })
        .where('id', 'in', tasks)
        .where('status', '=', 'pending')
        .execute();
      return tasks.length;
    });
  }

  async nextContacts(id: CampaignId, nowMs: number, limit: number): Promise<CampaignContact[]> {
    const rows = await this.#db
      .selectFrom('contacts')
      .selectAll()
      .where('campaign_id', '=', id)
      .where('status', '=', 'pending')
      .where('released', '=', 0)
      .where('not_before_ms', '<=', nowMs)
      .orderBy('not_before_ms')
      .orderBy('serial')
      .limit(limit)
      .execute();
    return rows.map((row) => toCampaignContact({ ...row, call_id: null }));
  }

  materialise(id: CampaignId, tasks: readonly { contact: CampaignContactId; task: Task }[], nowMs: number): Promise<number> {
    return this.#db.transaction().execute(async (trx) => {
      const running = trx.selectFrom('campaigns').select('id').where('id', '=', id).where('status', '=', 'running');
      if (!(await running.executeTakeFirst())) return 0;
      let made = 0;
      for (const { contact, task } of tasks) {
        const taken = await trx
          .updateTable('contacts')
          .set({ status: 'queued', released: 1, task_id: task.id, updated_at_ms: nowMs })
          .where('id', '=', contact)
          .where('status', '=', 'pending')
          .executeTakeFirst();
        if (taken.numUpdatedRows !== 1n) continue;
        await trx.insertInto('tasks').values(taskRow(task)).execute();
        made += 1;
      }
      return made;
    });
  }

  async putOffContacts(contacts: readonly CampaignContactId[], untilMs: number): Promise<void> {
    await this.#db.updateTable('contacts').set({ not_before_ms: untilMs }).where('id', 'in', contacts).execute();
  }

  async completeIfDone(id: CampaignId, nowMs: number): Promise<boolean> {
    const done = await this.#db
      .updateTable('campaigns')
      .set({ status: 'completed', ended_at_ms: nowMs, updated_at_ms: nowMs })
      .where('id', '=', id)
      .where('status', '=', 'running')
      .where((eb) =>
        eb.not(
          eb.exists(
            eb
              .selectFrom('contacts')
              .select('contacts.id')
              .where('contacts.campaign_id', '=', id)
              .where('contacts.status', 'in', ['pending', 'queued', 'in_progress']),
          ),
        ),
      )
      .executeTakeFirst();
    return done.numUpdatedRows === 1n;
  }

  async nextMs(afterMs: number): Promise<number | undefined> {
    const { rows } = await sql<{ next: number | null }>`
      SELECT min(next) AS next FROM (
        SELECT min(starts_at_ms) AS next FROM campaigns WHERE status = 'scheduled'
        UNION ALL
        SELECT (
          SELECT min(not_before_ms) FROM contacts
          WHERE campaign_id = campaigns.id AND contacts.status = waiting.status AND released = 0 AND not_before_ms > ${afterMs})
        FROM campaigns CROSS JOIN (SELECT 'pending' AS status UNION ALL SELECT 'queued') AS waiting
        WHERE campaigns.status = 'running')`.execute(this.#db);
    return rows[0]?.next ?? undefined;
  }
}
