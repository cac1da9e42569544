import type { z } from 'zod';
import type { Recruited } from '../../../../campaigns/campaign-recruiting.js';
import type { AgentId } from '../../../../core/ids.js';
import type { Campaign, CampaignContact, CampaignProgress, CampaignSettings } from '../../../../domain/campaign.js';
import { TASK_EVENTS } from '../../../../domain/task.js';
import { presentRetry, presentWindow, toRetry, toWindow } from '../../../../tasks/call-policy-translation.js';
import type {
  CampaignCreate,
  CampaignPatchBody,
  CampaignResource,
  ContactResource,
  ProgressResource,
  RecruitedResource,
} from './campaign-schema.js';

export const toCampaignSettings = (body: z.output<typeof CampaignCreate>): CampaignSettings => ({
  agentId: body.agent_id.toLowerCase() as AgentId,
  name: body.name,
  description: body.description ?? undefined,
  startingMessage: body.starting_message || undefined,
  priority: body.priority,
  callWindow: toWindow(body.call_window),
  retry: toRetry(body.retry),
  maxConcurrent: body.max_concurrent ?? undefined,
  webhookUrl: body.webhook_url ?? undefined,
  webhookEvents: body.webhook_events ?? TASK_EVENTS,
});

/** Fields that were not sent are absent, fields that were cleared are undefined. */
export function toCampaignPatch(body: z.output<typeof CampaignPatchBody>): Partial<CampaignSettings> {
  const patch: Partial<CampaignSettings> = {};
  if (body.agent_id !== undefined) patch.agentId = body.agent_id.toLowerCase() as AgentId;
  if (body.name !== undefined) patch.name = body.name;
  if (body.description !== undefined) patch.description = body.description ?? undefined;
  if (body.starting_message !== undefined) patch.startingMessage = body.starting_message || undefined;
  if (body.priority !== undefined) patch.priority = body.priority;
  if (body.call_window !== undefined) patch.callWindow = toWindow(body.call_window);
  if (body.retry !== undefined) patch.retry = toRetry(body.retry);
  if (body.max_concurrent !== undefined) patch.maxConcurrent = body.max_concurrent ?? undefined;
  if (body.webhook_url !== undefined) patch.webhookUrl = body.webhook_url ?? undefined;
  if (body.webhook_events !== undefined) patch.webhookEvents = body.webhook_events;
  return patch;
}

const isoTime = (ms: number): string => new Date(ms).toISOString();
const isoTimeOrNull = (ms: number | undefined): string | null => (ms === undefined ? null : isoTime(ms));

export const presentCampaign = (campaign: Campaign): z.input<typeof CampaignResource> => ({
  id: campaign.id,
  agent_id: campaign.agentId,
  name: campaign.name,
  description: campaign.description ?? null,
  starting_message: campaign.startingMessage ?? null,
  priority: campaign.priority,
  call_window: presentWindow(campaign.callWindow),
  retry: presentRetry(campaign.retry),
  max_concurrent: campaign.maxConcurrent ?? null,
  webhook_url: campaign.webhookUrl ?? null,
  webhook_events: [...campaign.webhookEvents],
  status: campaign.status,
  starts_at: isoTimeOrNull(campaign.startsAtMs),
  started_at: isoTimeOrNull(campaign.startedAtMs),
  ended_at: isoTimeOrNull(campaign.endedAtMs),
  api_key_id: campaign.apiKeyId ?? null,
  created_at: isoTime(campaign.createdAtMs),
  updated_at: isoTime(campaign.updatedAtMs),
});

export const presentProgress = (progress: CampaignProgress): z.input<typeof ProgressResource> => ({
  contacts: progress.contacts,
  by_status: { ...progress.byStatus },
  by_outcome: { ...progress.byOutcome },
  calls: progress.calls,
  answered_calls: progress.answeredCalls,
  average_talk_ms: progress.averageTalkMs ?? null,
});

export const presentContact = (contact: CampaignContact): z.input<typeof ContactResource> => ({
  id: contact.id,
  number: contact.number,
  name: contact.name ?? null,
  variables: { ...contact.variables },
  status: contact.status,
  outcome: contact.outcome ?? null,
  task_id: contact.taskId ?? null,
  call_id: contact.callId ?? null,
  calls: contact.calls,
  talk_ms: contact.talkedMs,
  created_at: isoTime(contact.createdAtMs),
  updated_at: isoTime(contact.updatedAtMs),
});

const MAX_SKIPPED = 1000;

export const presentRecruited = ({ added, skipped }: Recruited): z.input<typeof RecruitedResource> => ({
  added,
  skipped: skipped.length,
  skips: skipped.slice(0, MAX_SKIPPED).map(({ contactId, number, reason }) => ({ contact_id: contactId, number, reason })),
});
