import type { z } from 'zod';
import type { Recruited } from '../../../campaigns/campaign-recruiting.js';
import type { AgentId } from '../../../core/ids.js';
import type { Campaign, CampaignContact, CampaignProgress, CampaignSettings } from '../../../domain/campaign.js';
import { presentRetry, presentWindow, toRetry, toWindow } from '../../../tasks/call-policy-translation.js';
import type {
  CampaignContactResource,
  CampaignCreate,
  CampaignPatchBody,
  CampaignResource,
  RecruitedResource,
  StatisticsResource,
} from './campaign-schema.js';
import { isoTime, isoTimeOrNull, seconds } from './fields.js';

const MAX_SKIPPED = 1000;

/** What happens to its calls is told to webhooks, which are told of all calls. */
export const toSettings = (body: z.output<typeof CampaignCreate>): CampaignSettings => ({
  agentId: body.agent_id.toLowerCase() as AgentId,
  name: body.name,
  description: body.description ?? undefined,
  startingMessage: body.starting_message || undefined,
  priority: body.priority,
  callWindow: toWindow(body.call_window),
  retry: toRetry(body.retry),
  maxConcurrent: body.max_concurrent_calls ?? undefined,
  webhookUrl: undefined,
  webhookEvents: [],
});

/** Fields that were not sent are absent, fields that were cleared are undefined. */
export const toPatch = (body: z.output<typeof CampaignPatchBody>): Partial<CampaignSettings> => ({
  ...(body.agent_id !== undefined && { agentId: body.agent_id.toLowerCase() as AgentId }),
  ...(body.name !== undefined && { name: body.name }),
  ...(body.description !== undefined && { description: body.description ?? undefined }),
  ...(body.starting_message !== undefined && { startingMessage: body.starting_message || undefined }),
  ...(body.priority !== undefined && { priority: body.priority }),
  ...(body.call_window !== undefined && { callWindow: toWindow(body.call_window) }),
  ...(body.retry !== undefined && { retry: toRetry(body.retry) }),
  ...(body.max_concurrent_calls !== undefined && { maxConcurrent: body.max_concurrent_calls ?? undefined }),
});

export const presentCampaign = (campaign: Campaign): z.input<typeof CampaignResource> => ({
  id: campaign.id,
  name: campaign.name,
  description: campaign.description ?? null,
  agent_id: campaign.agentId,
  starting_message: campaign.startingMessage ?? null,
  priority: campaign.priority,
  max_concurrent_calls: campaign.maxConcurrent ?? null,
  call_window: presentWindow(campaign.callWindow),
  retry: presentRetry(campaign.retry),
  status: campaign.status,
  scheduled_at: isoTimeOrNull(campaign.startsAtMs),
  started_at: isoTimeOrNull(campaign.startedAtMs),
  ended_at: isoTimeOrNull(campaign.endedAtMs),
  created_at: isoTime(campaign.createdAtMs),
  updated_at: isoTime(campaign.updatedAtMs),
});

export const presentRecruited = ({ added, skipped }: Recruited): z.input<typeof RecruitedResource> => ({
  added,
  skipped: skipped
    .slice(0, MAX_SKIPPED)
    .map(({ contactId, number, reason }) => ({ contact_id: contactId, phone: number, reason })),
});

export const presentStatistics = (id: string, progress: CampaignProgress): z.input<typeof StatisticsResource> => ({
  campaign_id: id,
  contacts: progress.contacts,
  by_status: { ...progress.byStatus },
  by_outcome: { ...progress.byOutcome },
  calls: progress.calls,
  answered_calls: progress.answeredCalls,
  average_talk_seconds: progress.averageTalkMs === undefined ? null : seconds(progress.averageTalkMs),
});

export const presentContact = (contact: CampaignContact): z.input<typeof CampaignContactResource> => ({
  id: contact.id,
  phone: contact.number,
  name: contact.name ?? null,
  custom_fields: { ...contact.variables },
  status: contact.status,
  outcome: contact.outcome ?? null,
  call_id: contact.callId ?? null,
  calls: contact.calls,
  talk_seconds: seconds(contact.talkedMs),
  created_at: isoTime(contact.createdAtMs),
  updated_at: isoTime(contact.updatedAtMs),
});
