import type { AgentId, ApiKeyId, CallId, CampaignContactId, CampaignId, TaskId, TenantId } from '../core/ids.js';
import type { CallWindow } from './call-window.js';
import type { RetryPolicy } from './retry-policy.js';
import type { TaskEvent } from './task.js';

export const CAMPAIGN_STATUSES = ['draft', 'scheduled', 'running', 'paused', 'completed', 'cancelled'] as const;
export type CampaignStatus = (typeof CAMPAIGN_STATUSES)[number];

/** What an operator decides about a campaign; what its tasks have in common is as in `Task`. */
export type CampaignSettings = {
  agentId: AgentId;
  name: string;
  description: string | undefined;
  startingMessage: string | undefined;
  priority: number;
  callWindow: CallWindow | undefined;
  retry: RetryPolicy | undefined;
  /** Calls at a time; undefined is as many as the lines take. */
  maxConcurrent: number | undefined;
  webhookUrl: string | undefined;
  webhookEvents: readonly TaskEvent[];
};

/** One agent calls many people. */
export type Campaign = CampaignSettings & {
  id: CampaignId;
  tenantId: TenantId;
  status: CampaignStatus;
  /** Whose limits its calls are under: the key that created, changed or started it, or added contacts, last; people leave that as it was. */
  apiKeyId?: ApiKeyId | undefined;
  /** When a scheduled one begins. */
  startsAtMs: number | undefined;
  startedAtMs: number | undefined;
  /** When it was completed or cancelled. */
  endedAtMs: number | undefined;
  createdAtMs: number;
  updatedAtMs: number;
};

/** What a patch changes. Fields that are present replace, even when undefined. */
export type CampaignPatch = Partial<CampaignSettings & Pick<Campaign, 'apiKeyId'>>;

/** What may be done, and what it comes to. A campaign becomes `completed` by itself when nobody is left to be called. */
export const CAMPAIGN_ACTIONS = {
  start: { from: ['draft', 'scheduled'], to: 'running' },
  schedule: { from: ['draft', 'scheduled'], to: 'scheduled' },
  pause: { from: ['scheduled', 'running'], to: 'paused' },
  resume: { from: ['paused'], to: 'running' },
  cancel: { from: ['draft', 'scheduled', 'running', 'paused'], to: 'cancelled' },
} as const satisfies Record<string, { from: readonly CampaignStatus[]; to: CampaignStatus }>;
export type CampaignAction = keyof typeof CAMPAIGN_ACTIONS;

/** In which a campaign may get contacts and be changed. */
export const OPEN_STATUSES: readonly CampaignStatus[] = ['draft', 'scheduled', 'running', 'paused'];
/** In which a campaign may be deleted: nobody is or will be called for it. */
export const DELETABLE_STATUSES: readonly CampaignStatus[] = ['draft', 'completed', 'cancelled'];
/** What may be changed while it runs; the rest is what its tasks are being made with. */
export const CHANGED_WHILE_RUNNING: readonly (keyof CampaignSettings)[] = ['name', 'description', 'maxConcurrent'];

/** `queued`: there is a task that waits for its call, or for another attempt. */
export const CONTACT_STATUSES = ['pending', 'queued', 'in_progress', 'completed', 'failed', 'cancelled'] as const;
export type ContactStatus = (typeof CONTACT_STATUSES)[number];

export type CampaignContactDraft = {
  /** E.164. */
  number: string;
  name: string | undefined;
  /** Fill the `{{placeholders}}` in the agent's texts. */
  variables: Readonly<Record<string, unknown>>;
};

/** Somebody to be called, once for each campaign. */
export type CampaignContact = CampaignContactDraft & {
  id: CampaignContactId;
  campaignId: CampaignId;
  status: ContactStatus;
  /** `answered`, or why it failed or was cancelled; undefined until it is over. */
  outcome: string | undefined;
  taskId: TaskId | undefined;
  /** The newest call. */
  callId: CallId | undefined;
  calls: number;
  talkedMs: number;
  createdAtMs: number;
  updatedAtMs: number;
};

export type CampaignProgress = {
  contacts: number;
  byStatus: Readonly<Record<ContactStatus, number>>;
  byOutcome: Readonly<Record<string, number>>;
  calls: number;
  answeredCalls: number;
  /** Of answered calls that have ended; undefined when there is none. */
  averageTalkMs: number | undefined;
};
