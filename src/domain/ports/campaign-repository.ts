import type { ApiKeyId, CampaignContactId, CampaignId, TenantId } from '../../core/ids.js';
import type {
  Campaign,
  CampaignAction,
  CampaignContact,
  CampaignContactDraft,
  CampaignPatch,
  CampaignProgress,
  CampaignStatus,
  ContactStatus,
} from '../campaign.js';
import type { Task } from '../task.js';
import type { Listed, Page } from './repositories.js';

/** Each method is one transaction; what depends on a campaign's status is decided in it. */
export interface CampaignRepository {
  /** With its first contacts. @throws AppError `agent_not_found` when the tenant has no such agent. */
  insert(campaign: Campaign, contacts?: readonly CampaignContactDraft[]): Promise<void>;
  find(tenant: TenantId, id: CampaignId): Promise<Campaign | undefined>;
  list(tenant: TenantId, filter: { status?: CampaignStatus | undefined }, page: Page): Promise<Listed<Campaign>>;
  /**
   * Changes a campaign that is in one of these statuses; undefined when there is none.
   *
   * @throws AppError `agent_not_found`
   */
  patch(
    tenant: TenantId,
    id: CampaignId,
    patch: CampaignPatch,
    statuses: readonly CampaignStatus[],
    nowMs: number,
  ): Promise<Campaign | undefined>;
  /** With its contacts; its tasks and calls stay. False when there is none in a status in which it may be. */
  delete(tenant: TenantId, id: CampaignId): Promise<boolean>;
  /**
   * Undefined when the campaign is in no status from which this may be done. When it does not run any more, none of its tasks is
   * called after this; when it is cancelled, those that wait have failed.
   */
  act(
    tenant: TenantId,
    id: CampaignId,
    action: CampaignAction,
    at: { nowMs: number; startsAtMs?: number | undefined; apiKeyId?: ApiKeyId | undefined },
  ): Promise<Campaign | undefined>;
  progress(id: CampaignId): Promise<CampaignProgress>;

  /** Adds those whose number is no contact of the campaign yet. False when the campaign takes no contacts any more. */
  addContacts(
    tenant: TenantId,
    id: CampaignId,
    drafts: readonly CampaignContactDraft[],
    at: { nowMs: number; apiKeyId?: ApiKeyId | undefined },
  ): Promise<boolean>;
  /** Which of the numbers cannot be added, and why; without `id` to a campaign that is yet to be made. */
  unwanted(
    tenant: TenantId,
    id: CampaignId | undefined,
    numbers: readonly string[],
    nowMs: number,
  ): Promise<{ contacts: ReadonlySet<string>; doNotCall: ReadonlySet<string> }>;
  contacts(
    id: CampaignId,
    filter: { status?: ContactStatus | undefined; outcome?: string | undefined; search?: string | undefined },
    page: Page,
  ): Promise<Listed<CampaignContact>>;
  /** Only one that nobody has begun to call. */
  deleteContact(id: CampaignId, contact: CampaignContactId): Promise<boolean>;
}

/** What turns contacts into tasks, a few at a time. Across tenants. */
export interface CampaignFeed {
  /** Scheduled campaigns whose time has come run from now on. */
  startDue(nowMs: number): Promise<void>;
  running(): Promise<Campaign[]>;
  /** Tasks of the campaign that are being called, and those that may be called at once. */
  load(id: CampaignId): Promise<{ inProgress: number; released: number }>;
  /** Lets tasks that wait for another attempt be called, as their time has come. Returns how many, at most `limit`. */
  releaseRetries(id: CampaignId, nowMs: number, limit: number): Promise<number>;
  /** Contacts nobody has called yet, in their order. */
  nextContacts(id: CampaignId, nowMs: number, limit: number): Promise<CampaignContact[]>;
  /** Each contact with its task; those that are not pending any more are left out, and all when the campaign does not run. Returns how many. */
  materialise(id: CampaignId, tasks: readonly { contact: CampaignContactId; task: Task }[], nowMs: number): Promise<number>;
  putOffContacts(contacts: readonly CampaignContactId[], untilMs: number): Promise<void>;
  /** True when nobody is left to be called, and the campaign is completed now. */
  completeIfDone(id: CampaignId, nowMs: number): Promise<boolean>;
  /** When there will be something to do by itself. */
  nextMs(afterMs: number): Promise<number | undefined>;
}
