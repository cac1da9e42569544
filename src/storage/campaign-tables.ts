import type { Generated } from 'kysely';

export type CampaignsTable = {
  serial: Generated<number>;
  id: string;
  tenant_id: string;
  agent_id: string;
  name: string;
  description: string | null;
  starting_message: string | null;
  priority: number;
  call_window: string | null;
  retry: string | null;
  max_concurrent: number | null;
  webhook_url: string | null;
  webhook_events: string;
  status: string;
  starts_at_ms: number | null;
  started_at_ms: number | null;
  ended_at_ms: number | null;
  api_key_id: string | null;
  created_at_ms: number;
  updated_at_ms: number;
};

export type ContactsTable = {
  serial: Generated<number>;
  id: string;
  campaign_id: string;
  number: string;
  name: string | null;
  variables: string;
  status: string;
  outcome: string | null;
  released: 0 | 1;
  not_before_ms: number;
  task_id: string | null;
  calls: Generated<number>;
  answered_calls: Generated<number>;
  ended_answered_calls: Generated<number>;
  talked_ms: Generated<number>;
  created_at_ms: number;
  updated_at_ms: number;
};

export type CampaignTables = { campaigns: CampaignsTable; contacts: ContactsTable };
