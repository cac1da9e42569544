import type { Generated } from 'kysely';

export type TenantsTable = {
  id: string;
  name: string;
  created_at_ms: number;
  updated_at_ms: Generated<number>;
  retention_calls_days: number | null;
  retention_recordings_days: number | null;
};

export type UsersTable = {
  id: string;
  email: string;
  name: string;
  password_hash: string;
  created_at_ms: number;
};

export type MembershipsTable = {
  tenant_id: string;
  user_id: string;
  role: string;
  since_ms: number;
};

export type InvitationsTable = {
  id: string;
  tenant_id: string;
  email: string;
  role: string;
  token_hash: string;
  invited_by: string;
  mail: string;
  created_at_ms: number;
  expires_at_ms: number;
};

export type SessionsTable = {
  id: string;
  token_hash: string;
  user_id: string;
  tenant_id: string;
  created_at_ms: number;
  expires_at_ms: number;
  last_seen_at_ms: number;
};

export type IdentityTables = {
  tenants: TenantsTable;
  tenant_origins: { tenant_id: string; origin: string };
  users: UsersTable;
  memberships: MembershipsTable;
  invitations: InvitationsTable;
  sessions: SessionsTable;
};
