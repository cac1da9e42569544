import type { Clock } from '../core/clock.js';
import { AppError } from '../core/errors.js';
import { type ApiKeyId, type CampaignContactId, type CampaignId, newCampaignId, type TenantId } from '../core/ids.js';
import {
  CAMPAIGN_ACTIONS,
  type Campaign,
  type CampaignAction,
  type CampaignContact,
  type CampaignContactDraft,
  type CampaignPatch,
  type CampaignProgress,
  type CampaignSettings,
  type CampaignStatus,
  CHANGED_WHILE_RUNNING,
  type ContactStatus,
  OPEN_STATUSES,
} from '../domain/campaign.js';
import type { CampaignRepository } from '../domain/ports/campaign-repository.js';
import type { Listed, Page } from '../domain/ports/repositories.js';
import type { Charge, TollGuard } from '../domain/ports/toll-guard.js';

export type CampaignServiceDeps = {
  campaigns: CampaignRepository;
  /** Says already when contacts are added whose number may not be called. */
  tolls?: Pick<TollGuard, 'check'> | undefined;
  clock: Clock;
  /** There may be something to feed. */
  onChanged: () => void;
};

/** Why a contact that is well written is not taken. */
export type Unwanted = 'duplicate' | 'already_a_contact' | 'do_not_call' | 'number_not_allowed';
export type ContactCheck = { wanted: CampaignContactDraft[]; unwanted: { index: number; reason: Unwanted }[] };

export class CampaignService {
  readonly #deps: CampaignServiceDeps;

  constructor(deps: CampaignServiceDeps) {
    this.#deps = deps;
  }

  /**
   * With contacts that were checked before. `by` is the key that asks for it, as everywhere here: the campaign's calls are under its limits.
   *
   * @throws AppError `agent_not_found`
   */
  async create(
    tenant: TenantId,
    settings: CampaignSettings,
    by?: ApiKeyId,
    contacts: readonly CampaignContactDraft[] = [],
  ): Promise<Campaign> {
    const nowMs = this.#deps.clock.nowMs();
    const fresh = { status: 'draft', startsAtMs: undefined, startedAtMs: undefined, endedAtMs: undefined } as const;
    const campaign: Campaign = {
      ...settings,
      ...fresh,
      id: newCampaignId(),
      tenantId: tenant,
      apiKeyId: by,
      createdAtMs: nowMs,
      updatedAtMs: nowMs,
    };
    await this.#deps.campaigns.insert(campaign, contacts);
    return campaign;
  }

  list(tenant: TenantId, filter: { status?: CampaignStatus | undefined }, page: Page): Promise<Listed<Campaign>> {
    return this.#deps.campaigns.list(tenant, filter, page);
  }

  /** @throws AppError `not_found` */
  async get(tenant: TenantId, id: CampaignId): Promise<Campaign> {
    const campaign = await this.#deps.campaigns.find(tenant, id);
    if (!campaign) throw notFound('Campaign not found');
    return campaign;
  }

  /**
   * Holds for whoever has no task yet.
   *
   * @throws AppError `not_found`, `agent_not_found`, or `conflict` when it is over, or runs and more than its name, description or
   * limit is to change.
   */
  async patch(tenant: TenantId, id: CampaignId, change: Partial<CampaignSettings>, by?: ApiKeyId): Promise<Campaign> {
    const patch: CampaignPatch = by === undefined ? change : { ...change, apiKeyId: by };
    const whileRunning = Object.keys(change).every((key) => CHANGED_WHILE_RUNNING.some((name) => name === key));
    const statuses = OPEN_STATUSES.filter((status) => whileRunning || status !== 'running');
    const campaign = await this.#deps.campaigns.patch(tenant, id, patch, statuses, this.#deps.clock.nowMs());
    if (!campaign) {
      throw await this.#notIn(
        tenant,
        id,
        'A campaign that runs can be renamed and limited only, one that is over not be changed',
      );
    }
    this.#deps.onChanged();
    return campaign;
  }

  /** Its tasks and calls stay. @throws AppError `not_found`, or `conflict` unless it is a draft or over. */
  async delete(tenant: TenantId, id: CampaignId): Promise<void> {
    const deleted = await this.#deps.campaigns.delete(tenant, id);
    if (!deleted) throw await this.#notIn(tenant, id, 'Only a draft, or a campaign that is over, can be deleted');
  }

  /** Now, or at that time if it is one to come. @throws AppError `not_found`, or `conflict` when it has begun, or has no contact. */
  async start(tenant: TenantId, id: CampaignId, startsAtMs: number | undefined, by?: ApiKeyId): Promise<Campaign> {
    await this.get(tenant, id);
    const { contacts } = await this.#deps.campaigns.progress(id);
    if (contacts === 0) throw conflict('A campaign without contacts cannot start');
    const later = startsAtMs !== undefined && startsAtMs > this.#deps.clock.nowMs();
    return this.act(tenant, id, later ? 'schedule' : 'start', { startsAtMs, by });
  }

  /** @throws AppError `not_found`, or `conflict` when its status does not allow it. */
  async act(
    tenant: TenantId,
    id: CampaignId,
    action: CampaignAction,
    { startsAtMs, by }: { startsAtMs?: number | undefined; by?: ApiKeyId | undefined } = {},
  ): Promise<Campaign> {
    const at = { nowMs: this.#deps.clock.nowMs(), startsAtMs, apiKeyId: by };
    const campaign = await this.#deps.campaigns.act(tenant, id, action, at);
    if (!campaign) throw await this.#notIn(tenant, id, `Not possible unless it is ${CAMPAIGN_ACTIONS[action].from.join(' or ')}`);
    this.#deps.onChanged();
    return campaign;
  }

  /** @throws AppError `not_found` */
  async progress(tenant: TenantId, id: CampaignId): Promise<CampaignProgress> {
    await this.get(tenant, id);
    return this.#deps.campaigns.progress(id);
  }

  /**
   * Which of these would be taken: those whose number stands here first, is no contact yet, and may be called. Without `id` it is asked for a
   * campaign that is yet to be made.
   *
   * @throws AppError `not_found`
   */
  async check(
    tenant: TenantId,
    id: CampaignId | undefined,
    drafts: readonly CampaignContactDraft[],
    by?: ApiKeyId,
  ): Promise<ContactCheck> {
    const apiKeyId = id && (await this.get(tenant, id)).apiKeyId;
    const charge = { apiKeyId: by ?? apiKeyId, counted: true };
    const numbers = [...new Set(drafts.map(({ number }) => number))];
    const { contacts, doNotCall } = await this.#deps.campaigns.unwanted(tenant, id, numbers, this.#deps.clock.nowMs());
    const seen = new Set<string>();
    const check: ContactCheck = { wanted: [], unwanted: [] };
    for (const [index, draft] of drafts.entries()) {
      const { number } = draft;
      const reason = doNotCall.has(number)
        ? 'do_not_call'
        : contacts.has(number)
          ? 'already_a_contact'
          : seen.has(number)
            ? 'duplicate'
            : this.#isForbidden(tenant, number, charge)
              ? 'number_not_allowed'
              : undefined;
      seen.add(number);
      if (reason === undefined) check.wanted.push(draft);
      else check.unwanted.push({ index, reason });
    }
    return check;
  }

  /** All or none; a number that is a contact already is passed over. @throws AppError `not_found`, or `conflict` when the campaign is over. */
  async addContacts(tenant: TenantId, id: CampaignId, drafts: readonly CampaignContactDraft[], by?: ApiKeyId): Promise<void> {
    const at = { nowMs: this.#deps.clock.nowMs(), apiKeyId: by };
    const added = await this.#deps.campaigns.addContacts(tenant, id, drafts, at);
    if (!added) throw await this.#notIn(tenant, id, 'A campaign that is over takes no more contacts');
    this.#deps.onChanged();
  }

  /** In the order they were added. @throws AppError `not_found` */
  async contacts(
    tenant: TenantId,
    id: CampaignId,
    filter: { status?: ContactStatus | undefined; outcome?: string | undefined; search?: string | undefined },
    page: Page,
  ): Promise<Listed<CampaignContact>> {
    await this.get(tenant, id);
    return this.#deps.campaigns.contacts(id, filter, page);
  }

  /** @throws AppError `not_found` for a contact that is not there, or that somebody has begun to call. */
  async deleteContact(tenant: TenantId, id: CampaignId, contact: CampaignContactId): Promise<void> {
    await this.get(tenant, id);
    if (await this.#deps.campaigns.deleteContact(id, contact)) return;
    throw notFound('There is no such contact that was not called yet');
  }

  #isForbidden(tenant: TenantId, number: string, charge: Charge): boolean {
    try {
      this.#deps.tolls?.check(tenant, number, charge);
      return false;
    } catch (error) {
      if (error instanceof AppError) return true;
      throw error;
    }
  }

  async #notIn(tenant: TenantId, id: CampaignId, rule: string): Promise<AppError> {
    const { status } = await this.get(tenant, id);
    return conflict(`${rule}; this one is ${status}`);
  }
}

const notFound = (publicMessage: string): AppError => new AppError('not_found', publicMessage, { publicMessage });
const conflict = (publicMessage: string): AppError => new AppError('conflict', publicMessage, { publicMessage });
