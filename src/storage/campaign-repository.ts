import { type Kysely, sql, type Transaction } from 'kysely';
import { AppError } from '../core/errors.js';
import {
  type AgentId,
  type ApiKeyId,
  type CampaignContactId,
  type CampaignId,
  newCampaignContactId,
  type TenantId,
} from '../core/ids.js';
import {
  CAMPAIGN_ACTIONS,
  type Campaign,
  type CampaignAction,
  type CampaignContact,
  type CampaignContactDraft,
  type CampaignPatch,
  type CampaignProgress,
  type CampaignStatus,
  type ContactStatus,
  DELETABLE_STATUSES,
  OPEN_STATUSES,
} from '../domain/campaign.js';
import type { CampaignRepository } from '../domain/ports/campaign-repository.js';
import type { Listed, Page } from '../domain/ports/repositories.js';
import { campaignRow, patchColumns, toCampaign, toCampaignContact } from './campaign-rows.js';
import { contactsProgress } from './contact-progress.js';
import type { Tables } from './tables.js';

/** SQLite takes 32,766 values in a statement. */
const CONTACTS_PER_STATEMENT = 1000;

export class SqlCampaignRepository implements CampaignRepository {
  readonly #db: Kysely<Tables>;

  constructor(db: Kysely<Tables>) {
    this.#db = db;
  }

  async insert(campaign: Campaign, contacts: readonly CampaignContactDraft[] = []): Promise<void> {
    await this.#db.transaction().execute(async (trx) => {
      await checkAgent(trx, campaign.tenantId, campaign.agentId);
      await trx.insertInto('campaigns').values(campaignRow(campaign)).execute();
      await insertContacts(trx, campaign.id, contacts, campaign.createdAtMs);
    });
  }

  async find(tenant: TenantId, id: CampaignId): Promise<Campaign | undefined> {
    const row = await this.#db
      .selectFrom('campaigns')
      .selectAll()
      .where('tenant_id', '=', tenant)
      .where('id', '=', id)
      .executeTakeFirst();
    return row && toCampaign(row);
  }

  async list(tenant: TenantId, filter: { status?: CampaignStatus | undefined }, page: Page): Promise<Listed<Campaign>> {
    let selected = this.#db.selectFrom('campaigns').where('tenant_id', '=', tenant);
    if (filter.status !== undefined) selected = selected.where('status', '=', filter.status);
    const { total } = await selected.select((eb) => eb.fn.countAll<number>().as('total')).executeTakeFirstOrThrow();
    const rows = await selected.selectAll().orderBy('serial', 'desc').limit(page.limit).offset(page.offset).execute();
    return { items: rows.map(toCampaign), total };
  }

  patch(
    tenant: TenantId,
    id: CampaignId,
    patch: CampaignPatch,
    statuses: readonly CampaignStatus[],
    nowMs: number,
  ): Promise<Campaign | undefined> {
    return this.#db.transaction().execute(async (trx) => {
      if (patch.agentId !== undefined) await checkAgent(trx, tenant, patch.agentId);
      const row = await trx
        .updateTable('campaigns')
        .set({ ...patchColumns(patch), updated_at_ms: nowMs })
        .where('tenant_id', '=', tenant)
        .where('id', '=', id)
        .where('status', 'in', statuses)
        .returningAll()
        .executeTakeFirst();
      return row && toCampaign(row);
    });
  }

  async delete(tenant: TenantId, id: CampaignId): Promise<boolean> {
    const deleted = await this.#db
      .deleteFrom('campaigns')
      .where('tenant_id', '=', tenant)
      .where('id', '=', id)
      .where('status', 'in', DELETABLE_STATUSES)
      .executeTakeFirst();
    return deleted.numDeletedRows === 1n;
  }

  act(
    tenant: TenantId,
    id: CampaignId,
    action: CampaignAction,
    { nowMs, startsAtMs, apiKeyId }: { nowMs: number; startsAtMs?: number | undefined; apiKeyId?: ApiKeyId | undefined },
  ): Promise<Campaign | undefined> {
    const { from, to } = CAMPAIGN_ACTIONS[action];
    return this.#db.transaction().execute(async (trx) => {
      const row = await trx
        .updateTable('campaigns')
        .set((eb) => ({
          status: to,
          updated_at_ms: nowMs,
          ...(apiKeyId !== undefined && { api_key_id: apiKeyId }),
          ...(action === 'schedule' && { starts_at_ms: startsAtMs ?? nowMs }),
          ...(to === 'running' && { started_at_ms: eb.fn.coalesce('started_at_ms', eb.val(nowMs)) }),
          ...(to === 'cancelled' && { ended_at_ms: nowMs }),
        }))
        .where('tenant_id', '=', tenant)
        .where('id', '=', id)
        .where('status', 'in', from)
        .returningAll()
        .executeTakeFirst();
      if (!row) return undefined;
      if (to === 'paused') await holdTasks(trx, id, nowMs);
      if (to === 'cancelled') await cancelContacts(trx, id, nowMs);
      return toCampaign(row);
    });
  }

  progress(id: CampaignId): Promise<CampaignProgress> {
    return contactsProgress(this.#db, id);
  }

  addContacts(
    tenant: TenantId,
    id: CampaignId,
    drafts: readonly CampaignContactDraft[],
    { nowMs, apiKeyId }: { nowMs: number; apiKeyId?: ApiKeyId | undefined },
  ): Promise<boolean> {
    return this.#db.transaction().execute(async (trx) => {
      const open = trx
        .selectFrom('campaigns')
        .select('id')
        .where('tenant_id', '=', tenant)
        .where('id', '=', id)
        .where('status', 'in', OPEN_STATUSES);
      if (!(await open.executeTakeFirst())) return false;
      if (apiKeyId !== undefined) await trx.updateTable('campaigns').set({ api_key_id: apiKeyId }).where('id', '=', id).execute();
      await insertContacts(trx, id, drafts, nowMs);
      return true;
    });
  }

  async unwanted(tenant: TenantId, id: CampaignId | undefined, numbers: readonly string[], nowMs: number) {
    const contacts = new Set<string>();
    const doNotCall = new Set<string>();
    for (let from = 0; from < numbers.length; from += CONTACTS_PER_STATEMENT) {
      const some = numbers.slice(from, from + CONTACTS_PER_STATEMENT);
      const known = this.#db
        .selectFrom('contacts')
        .select('number')
        .where('campaign_id', '=', id ?? '')
        .where('number', 'in', some);
      for (const { number } of await known.execute()) contacts.add(number);
      const listed = this.#db
        .selectFrom('do_not_call')
        .select('number')
        .where('tenant_id', '=', tenant)
        .where('number', 'in', some)
        .where((eb) => eb.or([eb('expires_at_ms', 'is', null), eb('expires_at_ms', '>', nowMs)]));
      for (const { number } of await listed.execute()) doNotCall.add(number);
    }
    return { contacts, doNotCall };
  }

  async contacts(
    id: CampaignId,
    filter: { status?: ContactStatus | undefined; outcome?: string | undefined; search?: string | undefined },
    page: Page,
  ): Promise<Listed<CampaignContact>> {
    let selected = this.#db.selectFrom('contacts').where('campaign_id', '=', id);
    if (filter.status !== undefined) selected = selected.where('contacts.status', '=', filter.status);
    if (filter.outcome !== undefined) selected = selected.where('outcome', '=', filter.outcome);
    if (filter.search !== undefined) {
      const pattern = `%${filter.search.replaceAll(/[\\%_]/g, '\\$&')}%`;
      selected = selected.where(
        sql<boolean>`(contacts.number LIKE ${pattern} ESCAPE '\\' OR contacts.name LIKE ${pattern} ESCAPE '\\')`,
      );
    }
    const { total } = await selected.select((eb) => eb.fn.countAll<number>().as('total')).executeTakeFirstOrThrow();
    const rows = await selected
      .leftJoin('tasks', 'tasks.id', 'contacts.task_id')
      .selectAll('contacts')
      .select('tasks.call_id')
      .orderBy('contacts.serial')
      .limit(page.limit)
      .offset(page.offset)
      .execute();
    return { items: rows.map(toCampaignContact), total };
  }

  async deleteContact(id: CampaignId, contact: CampaignContactId): Promise<boolean> {
    const deleted = await this.#db
      .deleteFrom('contacts')
      .where('campaign_id', '=', id)
      .where('id', '=', contact)
      .where('status', 'in', ['pending', 'cancelled'])
      .executeTakeFirst();
    return deleted.numDeletedRows === 1n;
  }
}

async function insertContacts(
  trx: Transaction<Tables>,
  id: CampaignId,
  drafts: readonly CampaignContactDraft[],
  nowMs: number,
): Promise<void> {
  for (let from = 0; from < drafts.length; from += CONTACTS_PER_STATEMENT) {
    const rows = drafts.slice(from, from + CONTACTS_PER_STATEMENT).map((draft) => contactRow(id, draft, nowMs));
    await trx
      .insertInto('contacts')
      .values(rows)
      .onConflict((conflict) => conflict.columns(['campaign_id', 'number']).doNothing())
      .execute();
  }
}

async function checkAgent(trx: Transaction<Tables>, tenant: TenantId, id: AgentId): Promise<void> {
  const agent = await trx
    .selectFrom('agents')
    .select('id')
    .where('tenant_id', '=', tenant)
    .where('id', '=', id)
    .where('deleted_at_ms', 'is', null)
    .executeTakeFirst();
  if (!agent) throw new AppError('agent_not_found', `no agent ${id} for campaign`);
}

/** No task of the campaign is called from here on; a claim that has read one before finds it changed. */
async function holdTasks(trx: Transaction<Tables>, id: CampaignId, nowMs: number): Promise<void> {
  await trx
    .updateTable('tasks')
    .set({ next_attempt_at_ms: null, updated_at_ms: sql`max(updated_at_ms + 1, ${nowMs})` })
    .where('status', '=', 'pending')
    .where('id', 'in', tasksOf(trx, id, 'queued'))
    .execute();
}

/** Who waits is not called any more; a call in progress goes on, and is the last to its number. */
async function cancelContacts(trx: Transaction<Tables>, id: CampaignId, nowMs: number): Promise<void> {
  await trx
    .updateTable('tasks')
    .set({ status: 'failed', failure_reason: 'campaign_cancelled', updated_at_ms: sql`max(updated_at_ms + 1, ${nowMs})` })
    .where('status', '=', 'pending')
    .where('id', 'in', tasksOf(trx, id, 'queued'))
    .execute();
  await trx
    .updateTable('tasks')
    .set({ retry_waits: null })
    .where('status', '=', 'in_progress')
    .where('id', 'in', tasksOf(trx, id, 'in_progress'))
    .execute();
  await trx
    .updateTable('contacts')
    .set({ status: 'cancelled', outcome: 'campaign_cancelled', updated_at_ms: nowMs })
    .where('campaign_id', '=', id)
    .where('status', '=', 'pending')
    .execute();
}

const tasksOf = (trx: Transaction<Tables>, id: CampaignId, status: ContactStatus) =>
  trx
    .selectFrom('contacts')
    .select('task_id')
    .$narrowType<{ task_id: string }>()
    .where('campaign_id', '=', id)
    .where('status', '=', status);

const contactRow = (id: CampaignId, draft: CampaignContactDraft, nowMs: number) => ({
  id: newCampaignContactId(),
  campaign_id: id,
  number: draft.number,
  name: draft.name ?? null,
  variables: JSON.stringify(draft.variables),
  status: 'pending',
  outcome: null,
  released: 0 as const,
  not_before_ms: 0,
  task_id: null,
  created_at_ms: nowMs,
  updated_at_ms: nowMs,
});
