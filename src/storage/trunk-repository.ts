import type { Kysely, Selectable } from 'kysely';
import { z } from 'zod';
import { AppError } from '../core/errors.js';
import type { TenantId, TrunkId } from '../core/ids.js';
import {
  ANSWER_MODES,
  DEFAULT_SESSION_TIMER,
  EARLY_MEDIA_POLICIES,
  REDIRECT_POLICIES,
  RELIABLE_POLICIES,
  SESSION_REFRESH_METHODS,
  SESSION_REFRESHERS,
  SESSION_TIMER_MODES,
} from '../domain/call-setup.js';
import { NO_DIALOG_HEADERS } from '../domain/header-templates.js';
import { HEADER_PARTS } from '../domain/header-variables.js';
import { CODEC_NAMES, ECHO_CANCELLATION, NOISE_SUPPRESSION, SRTP_POLICIES } from '../domain/ports/media.js';
import type { Listed, Page } from '../domain/ports/repositories.js';
import type { TrunkRepository } from '../domain/ports/trunk-repository.js';
import { TRANSFER_POLICIES } from '../domain/transfer.js';
import {
  DTMF_MODES,
  NAT_MODES,
  NUMBER_FORMATS,
  TONE_DETECTION,
  TRUNK_KINDS,
  TRUNK_TRANSPORTS,
  type Trunk,
  type TrunkSettings,
} from '../domain/trunk.js';
import { sqliteCode } from './storage-error.js';
import type { Tables, TrunksTable } from './tables.js';

export class SqlTrunkRepository implements TrunkRepository {
  readonly #db: Kysely<Tables>;

  constructor(db: Kysely<Tables>) {
    this.#db = db;
  }

  async insert(trunk: Trunk): Promise<void> {
    await sayingTaken(trunk, async () => {
      const identity = { id: trunk.id, tenant_id: trunk.tenantId, created_at_ms: trunk.createdAtMs };
      await this.#db
        .insertInto('trunks')
        .values({ ...identity, ...columnsOf(trunk) })
        .execute();
    });
  }

  async update(trunk: Trunk): Promise<void> {
    await sayingTaken(trunk, async () => {
      const changed = await this.#db
        .updateTable('trunks')
        .set(columnsOf(trunk))
        .where('tenant_id', '=', trunk.tenantId)
        .where('id', '=', trunk.id)
        .where('version', '=', trunk.version - 1)
        .executeTakeFirst();
      if (changed.numUpdatedRows === 1n) return;
      throw new AppError('conflict', `trunk ${trunk.id} is no longer at version ${trunk.version - 1}`, {
        publicMessage: 'The trunk was changed by somebody else in the meantime',
      });
    });
  }

  async delete(tenant: TenantId, id: TrunkId): Promise<boolean> {
    const deleted = await this.#db.deleteFrom('trunks').where('tenant_id', '=', tenant).where('id', '=', id).executeTakeFirst();
    return deleted.numDeletedRows === 1n;
  }

  async find(tenant: TenantId, id: TrunkId): Promise<Trunk | undefined> {
    const row = await this.#of(tenant).where('id', '=', id).executeTakeFirst();
    return row && toTrunk(row);
  }

  async findByName(tenant: TenantId, name: string): Promise<Trunk | undefined> {
    const row = await this.#of(tenant).where('name', '=', name).executeTakeFirst();
    return row && toTrunk(row);
  }

  async list(tenant: TenantId, page: Page): Promise<Listed<Trunk>> {
    const { total } = await this.#db
      .selectFrom('trunks')
      .select((eb) => eb.fn.countAll<number>().as('total'))
      .where('tenant_id', '=', tenant)
      .executeTakeFirstOrThrow();
    const rows = await this.#of(tenant).orderBy('serial', 'desc').limit(page.limit).offset(page.offset).execute();
    return { items: rows.map(toTrunk), total };
  }

  async enabled(): Promise<Trunk[]> {
    const rows = await this.#db.selectFrom('trunks').selectAll().where('enabled', '=', 1).orderBy('serial').execute();
    return rows.map(toTrunk);
  }

  #of(tenant: TenantId) {
    return this.#db.selectFrom('trunks').selectAll().where('tenant_id', '=', tenant);
  }
}

/** The name is the only thing two trunks can quarrel over. */
async function sayingTaken(trunk: Trunk, write: () => Promise<void>): Promise<void> {
  try {
    await write();
  } catch (error) {
    if (sqliteCode(error) !== 'SQLITE_CONSTRAINT_UNIQUE') throw error;
    throw new AppError('conflict', `trunk name ${trunk.name} is taken`, {
      cause: error,
      publicMessage: 'Another trunk has this name',
      faults: [{ field: 'name', message: 'is taken' }],
    });
  }
}

function columnsOf(trunk: Trunk) {
  const {
    id: _id,
    tenantId: _tenant,
    createdAtMs: _created,
    name,
    enabled,
    sealedPassword,
    version,
    updatedAtMs,
    ...settings
  } = trunk;
  return {
    name,
    enabled: enabled ? (1 as const) : (0 as const),
    settings: JSON.stringify(settings satisfies TrunkSettings),
    sealed_password: sealedPassword ?? null,
    version,
    updated_at_ms: updatedAtMs,
  };
}

const HeadersJson = z.record(z.string(), z.string());

const SettingsJson = z.object({
  kind: z.enum(TRUNK_KINDS),
  host: z.string(),
  port: z.number().optional(),
  transport: z.enum(TRUNK_TRANSPORTS),
  outboundProxy: z.string().optional(),
  // Absent in records of versions before.
  backupServers: z.array(z.string()).default([]),
  tlsPins: z.array(z.string()).default([]),
  keepAliveS: z.number().optional(),
  nat: z.enum(NAT_MODES).default('off'),
  username: z.string().optional(),
  authUsername: z.string().optional(),
  expiresS: z.number(),
  pingS: z.number().optional(),
  codecs: z.array(z.enum(CODEC_NAMES)),
  dtmf: z.enum(DTMF_MODES),
  toneDetection: z.enum(TONE_DETECTION).default('off'),
  srtp: z.enum(SRTP_POLICIES).optional(),
  echoCancellation: z.enum(ECHO_CANCELLATION).optional(),
  noiseSuppression: z.enum(NOISE_SUPPRESSION).optional(),
  // Trunks of older versions lack these.
  reliable: z.enum(RELIABLE_POLICIES).optional(),
  earlyMedia: z.enum(EARLY_MEDIA_POLICIES).default('accept'),
  redirects: z.object({ policy: z.enum(REDIRECT_POLICIES), max: z.number() }).default({ policy: 'refuse', max: 3 }),
  firstResponseMs: z.number().optional(),
  answer: z
    .object({ mode: z.enum(ANSWER_MODES), withinMs: z.number().optional(), announcement: z.string().optional() })
    .default({ mode: 'when_ready' }),
  identity: z.object({
    fromUser: z.string().optional(),
    fromDomain: z.string().optional(),
    displayName: z.string().optional(),
    assertedIdentity: z.string().optional(),
    preferredIdentity: z.string().optional(),
    userPhone: z.boolean(),
    anonymous: z.boolean(),
  }),
  numbers: z.object({ country: z.string().optional(), out: z.enum(NUMBER_FORMATS), in: z.enum(NUMBER_FORMATS) }),
  sources: z.array(z.string()),
  maxConcurrentCalls: z.number().optional(),
  callsPerSecond: z.number().optional(),
  headers: HeadersJson,
  // Absent in records of versions before.
  dialogHeaders: z.object({ bye: HeadersJson, refer: HeadersJson, referTo: HeadersJson }).default(NO_DIALOG_HEADERS),
  outbound: z.array(z.object({ prefix: z.string(), priority: z.number(), weight: z.number() })),
  failoverCodes: z.array(z.number()),
  inbound: z.array(z.object({ called: z.string(), agent: z.string() })),
  // Trunks of before there were any have none.
  variables: z.array(z.object({ name: z.string(), header: z.string(), part: z.enum(HEADER_PARTS) })).default([]),
  // Trunks that were stored before there was a choice.
  transfer: z.enum(TRANSFER_POLICIES).default('auto'),
  acceptRefer: z.boolean().default(false),
  sessionTimer: z
    .object({
      mode: z.enum(SESSION_TIMER_MODES),
      expiresS: z.number(),
      minSeS: z.number(),
      refresher: z.enum(SESSION_REFRESHERS),
      refreshMethod: z.enum(SESSION_REFRESH_METHODS),
    })
    .default(DEFAULT_SESSION_TIMER),
  delayedOffer: z.boolean().default(false),
});

/** What was undefined when it was written is absent now, which reads the same. */
const toSettings = (json: string): TrunkSettings => SettingsJson.parse(JSON.parse(json)) as TrunkSettings;

const toTrunk = (row: Selectable<TrunksTable>): Trunk => ({
  ...toSettings(row.settings),
  id: row.id as TrunkId,
  tenantId: row.tenant_id as TenantId,
  name: row.name,
  enabled: row.enabled === 1,
  sealedPassword: row.sealed_password ?? undefined,
  version: row.version,
  createdAtMs: row.created_at_ms,
  updatedAtMs: row.updated_at_ms,
});
