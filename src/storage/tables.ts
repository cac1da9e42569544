import type { Generated } from 'kysely';
import type { ActionTables } from './action-tables.js';
import type { AddressBookTable } from './address-book-table.js';
import type { CampaignTables } from './campaign-tables.js';
import type { ChatSessionTables } from './chat-session-tables.js';
import type { DocumentTables } from './document-tables.js';
import type { IdentityTables } from './identity-tables.js';
import type { PhoneTables } from './phone-tables.js';
import type { PublicNumbersTable } from './public-number-repository.js';
import type { TextHooksTable } from './text-hook-repository.js';

/** 0 or 1: SQLite has no boolean, and the columns are checked to hold nothing else. */
type Flag = 0 | 1;
/** Text that holds JSON; read through a schema. */
type Json = string;

export type AgentsTable = {
  serial: Generated<number>;
  id: string;
  tenant_id: string;
  name: string;
  description: string | null;
  enabled: Flag;
  sip_user: string | null;
  version: number;
  deployed_version: number | null;
  line_direction: Generated<string | null>;
  line_number: Generated<string | null>;
  avatar: Generated<string | null>;
  web_origins: Generated<Json | null>;
  created_at_ms: number;
  updated_at_ms: number;
  deleted_at_ms: number | null;
};

export type AgentVersionsTable = {
  agent_id: string;
  version: number;
  settings: Json;
  label: string | null;
  deployed_at_ms: number | null;
  created_at_ms: number;
};

export type CallsTable = {
  serial: Generated<number>;
  id: string;
  tenant_id: string;
  direction: string;
  status: string;
  agent_id: string | null;
  agent_name: string;
  agent_version: number | null;
  sip_call_id: string;
  from_uri: string;
  to_uri: string;
  codec: string | null;
  srtp: string | null;
  started_at_ms: number;
  answered_at_ms: number | null;
  ended_at_ms: number | null;
  result: string | null;
  reason: string | null;
  sip_code: number | null;
  recording_path: string | null;
  media_stats: Json | null;
  task_id: string | null;
  trunk_id: string | null;
  trunk_name: string | null;
  ended_by: string | null;
  outcome: string | null;
  talked_ms: number | null;
  from_party: string;
  to_party: string;
  sip_reason: string | null;
  sip_peer: string | null;
  media_peer: string | null;
  q850_cause: number | null;
  audio_fault: Json | null;
  quality: Json | null;
  provider_failures: Json | null;
  provider_usage: Json | null;
  transfer: Json | null;
  participants: Json | null;
  variables: Json | null;
  setup: Json | null;
  recording_started_at_ms: number | null;
  recording_pauses: Json | null;
  heard_tones: Json | null;
  answered_by: Json | null;
  api_key_id: string | null;
  collected_data: Json | null;
  guidance: Json | null;
  remote_number: string | null;
  handoffs: Json | null;
};

export type FilesToRemoveTable = { path: string };

/** `talks` are those that were answered and are over. */
export type AgentCallFiguresTable = { tenant_id: string; agent_id: string; calls: number; talks: number; talked_ms: number };
export type CallCountsTable = { tenant_id: string; status: string; calls: number };

export type TranscriptEntriesTable = {
  call_id: string;
  sequence: number;
  speaker: string;
  text: string;
  heard_text: string;
  interrupted: Flag;
  start_ms: number;
  end_ms: number;
  feedback: Generated<string | null>;
};

export type TurnsTable = {
  id: string;
  call_id: string;
  sequence: number;
  cause: string;
  origin_ms: number;
  latency: Json;
  interrupted: Flag;
  barge_in_ms: number | null;
  sources: Json | null;
  providers: Json | null;
  speculation: Json | null;
  done_probability: number | null;
};

export type TasksTable = {
  serial: Generated<number>;
  id: string;
  tenant_id: string;
  agent_id: string;
  name: string;
  description: string | null;
  to_number: string;
  starting_message: string | null;
  context_data: Json;
  priority: number;
  scheduled_at_ms: number | null;
  webhook_url: string | null;
  webhook_events: Json;
  status: string;
  call_id: string | null;
  failure_reason: string | null;
  call_window: Json | null;
  retry: Json | null;
  attempts: number;
  retry_waits: Json | null;
  due_at_ms: number | null;
  next_attempt_at_ms: number | null;
  created_at_ms: number;
  updated_at_ms: number;
  api_key_id: string | null;
};

export type OutboundPoliciesTable = {
  tenant_id: string;
  call_window: Json | null;
  retry: Json | null;
  limits: Json | null;
  updated_at_ms: number;
};

export type ApiKeysTable = {
  id: string;
  tenant_id: string;
  name: string;
  dialect: string;
  agent_id: string | null;
  prefix: string;
  hash: string;
  scopes: Json | null;
  limits: Json | null;
  created_at_ms: number;
  expires_at_ms: number | null;
  last_used_at_ms: number | null;
  revoked_at_ms: number | null;
};

export type TrunksTable = {
  serial: Generated<number>;
  id: string;
  tenant_id: string;
  name: string;
  enabled: Flag;
  settings: Json;
  sealed_password: string | null;
  version: number;
  created_at_ms: number;
  updated_at_ms: number;
};

export type RoutesTable = {
  serial: Generated<number>;
  id: string;
  tenant_id: string;
  name: string;
  enabled: Flag;
  priority: number;
  rule: Json;
  version: number;
  created_at_ms: number;
  updated_at_ms: number;
};

export type TextsTable = {
  serial: Generated<number>;
  id: string;
  tenant_id: string;
  direction: string;
  status: string;
  contact: string;
  from_uri: string;
  from_user: string | null;
  to_uri: string;
  text: string;
  agent_id: string | null;
  call_id: string | null;
  trunk_id: string | null;
  trunk_name: string | null;
  sip_id: string | null;
  sip_code: number | null;
  failure_reason: string | null;
  attempts: number;
  next_attempt_at_ms: number | null;
  created_at_ms: number;
  updated_at_ms: number;
  api_key_id: string | null;
};

export type IdempotencyRecordsTable = {
  tenant_id: string;
  holder: string;
  route: string;
  key: string;
  fingerprint: string;
  status: number | null;
  body: Json | null;
  expires_at_ms: number;
};

export type WebhookEventsTable = {
  id: string;
  tenant_id: string;
  call_id: string | null;
  text_id: Generated<string | null>;
  event_type: string;
  status: string;
  participant: Generated<Json | null>;
  created_at_ms: number;
  dispatched: Generated<Flag>;
};

export type WebhookDeliveriesTable = {
  serial: Generated<number>;
  id: string;
  event_id: string;
  tenant_id: string;
  url: string;
  body: Json;
  state: string;
  attempts: number;
  next_attempt_at_ms: number;
  created_at_ms: number;
  subscription_id: string | null;
};

export type WebhookSubscriptionsTable = {
  serial: Generated<number>;
  id: string;
  tenant_id: string;
  url: string;
  events: Json;
  description: string | null;
  enabled: Flag;
  secret: string;
  previous_secret: string | null;
  previous_until_ms: number | null;
  created_at_ms: number;
  updated_at_ms: number;
};

export type WebhookAttemptsTable = {
  serial: Generated<number>;
  delivery_id: string;
  at_ms: number;
  duration_ms: number;
  status_code: number | null;
  error: string | null;
};

export type ReportsTable = {
  call_id: string;
  tenant_id: string;
  content: Json;
  statistics: Json;
  generated_by: string;
  model: string | null;
  created_at_ms: number;
};

export type RecordedTranscriptsTable = {
  call_id: string;
  tenant_id: string;
  recogniser: string;
  entries: Json;
  created_at_ms: number;
};

export type BansTable = {
  serial: Generated<number>;
  source: string;
  reason: string;
  times: number;
  created_at_ms: number;
  expires_at_ms: number;
};

export type DoNotCallTable = {
  serial: Generated<number>;
  tenant_id: string;
  number: string;
  reason: string | null;
  source: string;
  call_id: string | null;
  created_at_ms: number;
  expires_at_ms: number | null;
};

export type Tables = IdentityTables &
  ActionTables &
  CampaignTables &
  PhoneTables &
  DocumentTables &
  ChatSessionTables & {
    address_book: AddressBookTable;
    agents: AgentsTable;
    agent_versions: AgentVersionsTable;
    calls: CallsTable;
    call_counts: CallCountsTable;
    agent_call_figures: AgentCallFiguresTable;
    files_to_remove: FilesToRemoveTable;
    transcript_entries: TranscriptEntriesTable;
    turns: TurnsTable;
    tasks: TasksTable;
    outbound_policies: OutboundPoliciesTable;
    api_keys: ApiKeysTable;
    trunks: TrunksTable;
    routes: RoutesTable;
    texts: TextsTable;
    text_hooks: TextHooksTable;
    idempotency_records: IdempotencyRecordsTable;
    webhook_events: WebhookEventsTable;
    webhook_deliveries: WebhookDeliveriesTable;
    webhook_attempts: WebhookAttemptsTable;
    bans: BansTable;
    public_numbers: PublicNumbersTable;
    do_not_call: DoNotCallTable;
    webhook_secrets: { tenant_id: string; secret: string };
    webhook_subscriptions: WebhookSubscriptionsTable;
    reports: ReportsTable;
    recorded_transcripts: RecordedTranscriptsTable;
  };
