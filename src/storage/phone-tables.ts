import type { Generated } from 'kysely';

export type PhonesTable = {
  serial: Generated<number>;
  id: string;
  tenant_id: string;
  username: string;
  enabled: 0 | 1;
  settings: string;
  sealed_password: string;
  version: number;
  created_at_ms: number;
  updated_at_ms: number;
};

export type ContactBindingsTable = {
  account_id: string;
  key: string;
  phone_id: string | null;
  trunk_id: string | null;
  tenant_id: string;
  uri: string;
  q: number;
  source_address: string;
  source_port: number;
  source_transport: string;
  path: string;
  user_agent: string | null;
  sip_call_id: string;
  sequence: number;
  registered_at_ms: number;
  refreshed_at_ms: number;
  expires_at_ms: number;
};

export type PhoneTables = { phones: PhonesTable; contact_bindings: ContactBindingsTable };
