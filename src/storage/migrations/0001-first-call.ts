import { type Kysely, type Migration, sql } from 'kysely';
import { DEFAULT_TENANT } from '../../core/ids.js';

const STATEMENTS = [
  `CREATE TABLE tenants (
     id TEXT PRIMARY KEY NOT NULL,
     name TEXT NOT NULL,
     created_at_ms INTEGER NOT NULL
   ) STRICT`,

  `CREATE TABLE agents (
     serial INTEGER PRIMARY KEY AUTOINCREMENT,
     id TEXT NOT NULL UNIQUE,
     tenant_id TEXT NOT NULL REFERENCES tenants (id),
     name TEXT NOT NULL,
     description TEXT,
     enabled INTEGER NOT NULL CHECK (enabled IN (0, 1)),
     sip_user TEXT,
     version INTEGER NOT NULL CHECK (version >= 1),
     created_at_ms INTEGER NOT NULL,
     updated_at_ms INTEGER NOT NULL,
     deleted_at_ms INTEGER
   ) STRICT`,
  // A deleted agent stays for the calls it held, but gives its address back.
  `CREATE UNIQUE INDEX agents_by_sip_user ON agents (sip_user) WHERE deleted_at_ms IS NULL`,
  `CREATE INDEX agents_by_tenant ON agents (tenant_id, serial) WHERE deleted_at_ms IS NULL`,

  `CREATE TABLE agent_versions (
     agent_id TEXT NOT NULL REFERENCES agents (id),
     version INTEGER NOT NULL CHECK (version >= 1),
     settings TEXT NOT NULL CHECK (json_valid(settings)),
     created_at_ms INTEGER NOT NULL,
     PRIMARY KEY (agent_id, version)
   ) STRICT, WITHOUT ROWID`,

  // agent_id names no row for a built-in agent.
  `CREATE TABLE calls (
     serial INTEGER PRIMARY KEY AUTOINCREMENT,
     id TEXT NOT NULL UNIQUE,
     tenant_id TEXT NOT NULL REFERENCES tenants (id),
     direction TEXT NOT NULL CHECK (direction IN ('inbound', 'outbound')),
     status TEXT NOT NULL CHECK (status IN ('initiated', 'in_progress', 'completed', 'failed')),
     agent_id TEXT,
     agent_name TEXT NOT NULL,
     agent_version INTEGER,
     sip_call_id TEXT NOT NULL,
     from_uri TEXT NOT NULL,
     to_uri TEXT NOT NULL,
     codec TEXT,
     started_at_ms INTEGER NOT NULL,
     answered_at_ms INTEGER,
     ended_at_ms INTEGER,
     result TEXT CHECK (result IN ('success', 'client_error', 'upstream_error', 'server_error', 'indeterminate')),
     reason TEXT,
     sip_code INTEGER,
     recording_path TEXT,
     media_stats TEXT CHECK (json_valid(media_stats)),
     CHECK ((result IS NULL) = (reason IS NULL))
   ) STRICT`,
  `CREATE INDEX calls_by_tenant ON calls (tenant_id, serial)`,
  `CREATE INDEX calls_by_agent ON calls (tenant_id, agent_id, serial)`,
  `CREATE INDEX calls_by_status ON calls (tenant_id, status, serial)`,
  `CREATE INDEX calls_unfinished ON calls (serial) WHERE status IN ('initiated', 'in_progress')`,

  // Positions within a call come from the monotonic clock and have fractions.
  `CREATE TABLE transcript_entries (
     call_id TEXT NOT NULL REFERENCES calls (id) ON DELETE CASCADE,
     sequence INTEGER NOT NULL,
     speaker TEXT NOT NULL CHECK (speaker IN ('caller', 'agent')),
     text TEXT NOT NULL,
     heard_text TEXT NOT NULL,
     interrupted INTEGER NOT NULL CHECK (interrupted IN (0, 1)),
     start_ms REAL NOT NULL,
     end_ms REAL NOT NULL,
     PRIMARY KEY (call_id, sequence)
   ) STRICT, WITHOUT ROWID`,

  `CREATE TABLE turns (
     id TEXT PRIMARY KEY NOT NULL,
     call_id TEXT NOT NULL REFERENCES calls (id) ON DELETE CASCADE,
     sequence INTEGER NOT NULL,
     cause TEXT NOT NULL CHECK (cause IN ('greeting', 'speech', 'digit', 'silence')),
     origin_ms REAL NOT NULL,
     latency TEXT NOT NULL CHECK (json_valid(latency)),
     interrupted INTEGER NOT NULL CHECK (interrupted IN (0, 1)),
     barge_in_ms REAL,
     UNIQUE (call_id, sequence)
   ) STRICT`,

  `CREATE TABLE api_keys (
     id TEXT PRIMARY KEY NOT NULL,
     tenant_id TEXT NOT NULL REFERENCES tenants (id),
     name TEXT NOT NULL,
     prefix TEXT NOT NULL,
     hash TEXT NOT NULL UNIQUE CHECK (length(hash) = 64),
     created_at_ms INTEGER NOT NULL,
     last_used_at_ms INTEGER,
     revoked_at_ms INTEGER
   ) STRICT`,
  `CREATE INDEX api_keys_by_tenant ON api_keys (tenant_id, created_at_ms)`,
];

export const firstCall: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
    // Time of creation 0: the tenant has been there always, whenever the installation was made.
    await sql`INSERT INTO tenants (id, name, created_at_ms) VALUES (${DEFAULT_TENANT}, 'default', 0)`.execute(db);
  },
};
