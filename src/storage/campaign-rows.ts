import type { Selectable } from 'kysely';
import { z } from 'zod';
import type { AgentId, ApiKeyId, CallId, CampaignContactId, CampaignId, TaskId, TenantId } from '../core/ids.js';
import type { Campaign, CampaignContact, CampaignPatch, CampaignStatus, ContactStatus } from '../domain/campaign.js';
import { TASK_EVENTS } from '../domain/task.js';
import type { CampaignsTable, ContactsTable } from './campaign-tables.js';
import { jsonColumn, toRetry, toWindow } from './policy-rows.js';

export function patchColumns(patch: CampaignPatch) {
  return {
    ...('agentId' in patch && { agent_id: patch.agentId }),
    ...('name' in patch && { name: patch.name }),
    ...('description' in patch && { description: patch.description ?? null }),
    ...('startingMessage' in patch && { starting_message: patch.startingMessage ?? null }),
    ...('priority' in patch && { priority: patch.priority }),
    ...('callWindow' in patch && { call_window: jsonColumn(patch.callWindow) }),
    ...('retry' in patch && { retry: jsonColumn(patch.retry) }),
    ...('maxConcurrent' in patch && { max_concurrent: patch.maxConcurrent ?? null }),
    ...('webhookUrl' in patch && { webhook_url: patch.webhookUrl ?? null }),
    ...('apiKeyId' in patch && { api_key_id: patch.apiKeyId ?? null }),
    ...('webhookEvents' in patch && { webhook_events: JSON.stringify(patch.webhookEvents) }),
  };
}

export const campaignRow = (campaign: Campaign) => ({
  id: campaign.id,
  tenant_id: campaign.tenantId,
  agent_id: campaign.agentId,
  name: campaign.name,
  description: campaign.description ?? null,
  starting_message: campaign.startingMessage ?? null,
  priority: campaign.priority,
  call_window: jsonColumn(campaign.callWindow),
  retry: jsonColumn(campaign.retry),
  max_concurrent: campaign.maxConcurrent ?? null,
  webhook_url: campaign.webhookUrl ?? null,
  webhook_events: JSON.stringify(campaign.webhookEvents),
  status: campaign.status,
  starts_at_ms: campaign.startsAtMs ?? null,
  started_at_ms: campaign.startedAtMs ?? null,
  ended_at_ms: campaign.endedAtMs ?? null,
  api_key_id: campaign.apiKeyId ?? null,
  created_at_ms: campaign.createdAtMs,
  updated_at_ms: campaign.updatedAtMs,
});

const EventsJson = z.array(z.enum(TASK_EVENTS));
const VariablesJson = z.record(z.string(), z.unknown());

/** CHECK constraints keep these casts honest. */
export const toCampaign = (row: Selectable<CampaignsTable>): Campaign => ({
  id: row.id as CampaignId,
  tenantId: row.tenant_id as TenantId,
  agentId: row.agent_id as AgentId,
  name: row.name,
  description: row.description ?? undefined,
  startingMessage: row.starting_message ?? undefined,
  priority: row.priority,
  callWindow: toWindow(row.call_window),
  retry: toRetry(row.retry),
  maxConcurrent: row.max_concurrent ?? undefined,
  webhookUrl: row.webhook_url ?? undefined,
  webhookEvents: EventsJson.parse(JSON.parse(row.webhook_events)),
  status: row.status as CampaignStatus,
  startsAtMs: row.starts_at_ms ?? undefined,
  startedAtMs: row.started_at_ms ?? undefined,
  endedAtMs: row.ended_at_ms ?? undefined,
  apiKeyId: (row.api_key_id ?? undefined) as ApiKeyId | undefined,
  createdAtMs: row.created_at_ms,
  updatedAtMs: row.updated_at_ms,
});

export const toCampaignContact = (row: Selectable<ContactsTable> & { call_id: string | null }): CampaignContact => ({
  id: row.id as CampaignContactId,
  campaignId: row.campaign_id as CampaignId,
  number: row.number,
  name: row.name ?? undefined,
  variables: VariablesJson.parse(JSON.parse(row.variables)),
  status: row.status as ContactStatus,
  outcome: row.outcome ?? undefined,
  taskId: (row.task_id ?? undefined) as TaskId | undefined,
  callId: (row.call_id ?? undefined) as CallId | undefined,
  calls: row.calls,
  talkedMs: row.talked_ms,
  createdAtMs: row.created_at_ms,
  updatedAtMs: row.updated_at_ms,
});
