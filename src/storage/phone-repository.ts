import type { Kysely, Selectable } from 'kysely';
import { z } from 'zod';
import { AppError } from '../core/errors.js';
import type { PhoneId, TenantId } from '../core/ids.js';
import { CALL_PROOFS, PHONE_REACHES, type Phone, type PhoneSettings } from '../domain/phone.js';
import { SRTP_POLICIES } from '../domain/ports/media.js';
import type { PhoneRepository } from '../domain/ports/phone-repository.js';
import type { Listed, Page } from '../domain/ports/repositories.js';
import type { PhonesTable } from './phone-tables.js';
import { sqliteCode } from './storage-error.js';
import type { Tables } from './tables.js';

export class SqlPhoneRepository implements PhoneRepository {
  readonly #db: Kysely<Tables>;

  constructor(db: Kysely<Tables>) {
    this.#db = db;
  }

  async insert(phone: Phone): Promise<void> {
    await sayingTaken(phone, async () => {
      const identity = { id: phone.id, tenant_id: phone.tenantId, created_at_ms: phone.createdAtMs };
      await this.#db
        .insertInto('phones')
        .values({ ...identity, ...columnsOf(phone) })
        .execute();
    });
  }

  async update(phone: Phone): Promise<void> {
    await sayingTaken(phone, async () => {
      const changed = await this.#db
        .updateTable('phones')
        .set(columnsOf(phone))
        .where('tenant_id', '=', phone.tenantId)
        .where('id', '=', phone.id)
        .where('version', '=', phone.version - 1)
        .executeTakeFirst();
      if (changed.numUpdatedRows === 1n) return;
      throw new AppError('conflict', `phone ${phone.id} is no longer at version ${phone.version - 1}`, {
        publicMessage: 'The phone was changed by somebody else in the meantime',
      });
    });
  }

  async delete(tenant: TenantId, id: PhoneId): Promise<boolean> {
    const deleted = await this.#db.deleteFrom('phones').where('tenant_id', '=', tenant).where('id', '=', id).executeTakeFirst();
    return deleted.numDeletedRows === 1n;
  }

  async find(tenant: TenantId, id: PhoneId): Promise<Phone | undefined> {
    const row = await this.#of(tenant).where('id', '=', id).executeTakeFirst();
    return row && toPhone(row);
  }

  async findByUsername(tenant: TenantId, username: string): Promise<Phone | undefined> {
    const row = await this.#of(tenant).where('username', '=', username).executeTakeFirst();
    return row && toPhone(row);
  }

  async list(tenant: TenantId, page: Page): Promise<Listed<Phone>> {
    const { total } = await this.#db
      .selectFrom('phones')
      .select((eb) => eb.fn.countAll<number>().as('total'))
      .where('tenant_id', '=', tenant)
      .executeTakeFirstOrThrow();
    const rows = await this.#of(tenant).orderBy('serial', 'desc').limit(page.limit).offset(page.offset).execute();
    return { items: rows.map(toPhone), total };
  }

  async enabled(): Promise<Phone[]> {
    const rows = await this.#db.selectFrom('phones').selectAll().where('enabled', '=', 1).orderBy('serial').execute();
    return rows.map(toPhone);
  }

  #of(tenant: TenantId) {
    return this.#db.selectFrom('phones').selectAll().where('tenant_id', '=', tenant);
  }
}

async function sayingTaken(phone: Phone, write: () => Promise<void>): Promise<void> {
  try {
    await write();
  } catch (error) {
    if (sqliteCode(error) !== 'SQLITE_CONSTRAINT_UNIQUE') throw error;
    throw new AppError('conflict', `user name of phone ${phone.id} is taken`, {
      cause: error,
      publicMessage: 'Another phone or trunk has this user name',
      faults: [{ field: 'username', message: 'is taken' }],
    });
  }
}

function columnsOf(phone: Phone) {
  const {
    id: _id,
    tenantId: _tenant,
    createdAtMs: _created,
    username,
    enabled,
    sealedPassword,
    version,
    updatedAtMs,
    ...rest
  } = phone;
  return {
    username,
    enabled: enabled ? (1 as const) : (0 as const),
    settings: JSON.stringify(rest satisfies Omit<PhoneSettings, 'username'>),
    sealed_password: sealedPassword,
    version,
    updated_at_ms: updatedAtMs,
  };
}

const SettingsJson = z.object({
  displayName: z.string().optional(),
  callProof: z.enum(CALL_PROOFS),
  // Not known of the first phones.
  mayCall: z.enum(PHONE_REACHES).default('phones'),
  maxContacts: z.number(),
  number: z.string().optional(),
  srtp: z.enum(SRTP_POLICIES).optional(),
});

/** What was undefined when it was written is absent now, which reads the same. */
const toSettings = (json: string) => SettingsJson.parse(JSON.parse(json)) as Omit<PhoneSettings, 'username'>;

const toPhone = (row: Selectable<PhonesTable>): Phone => ({
  ...toSettings(row.settings),
  id: row.id as PhoneId,
  tenantId: row.tenant_id as TenantId,
  username: row.username,
  enabled: row.enabled === 1,
  sealedPassword: row.sealed_password,
  version: row.version,
  createdAtMs: row.created_at_ms,
  updatedAtMs: row.updated_at_ms,
});
