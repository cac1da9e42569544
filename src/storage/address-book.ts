import { type Kysely, sql, type Transaction } from 'kysely';
import { AppError } from '../core/errors.js';
import type { ContactId, TenantId } from '../core/ids.js';
import type { Contact, ContactDraft, ContactFilter, ContactPatch, ContactSelection } from '../domain/contact.js';
import type { AddressBook, WhenKnown } from '../domain/ports/address-book.js';
import type { Listed, Page } from '../domain/ports/repositories.js';
import { contactColumns, contactRow, toContact } from './address-book-table.js';
import { addDoNotCall } from './do-not-call-repository.js';
import { sqliteCode } from './storage-error.js';
import type { Tables } from './tables.js';

/** SQLite takes 32,766 values in a statement; a row has nine. */
const ROWS_PER_STATEMENT = 1000;

export class SqlAddressBook implements AddressBook {
  readonly #db: Kysely<Tables>;

  constructor(db: Kysely<Tables>) {
    this.#db = db;
  }

  save(tenant: TenantId, drafts: readonly (ContactDraft & { id: ContactId })[], whenKnown: WhenKnown, nowMs: number) {
    return sayingConflict(() =>
      this.#db.transaction().execute(async (trx) => {
        const before = await knownIn(trx, tenant, numbersOf(drafts));
        for (const some of inPieces(drafts)) {
          const rows = some.map((draft) => contactRow(tenant, draft, nowMs));
          const insert = trx.insertInto('address_book').values(rows);
          if (whenKnown === 'refuse') await insert.execute();
          else await insert.onConflict((on) => on.columns(['tenant_id', 'number']).doUpdateSet(MERGED)).execute();
        }
        await listRefused(trx, tenant, drafts, nowMs);
        const known = new Set(numbersOf(drafts).filter((number) => before.has(number))).size;
        const created = new Set(numbersOf(drafts)).size - known;
        return { created, updated: known };
      }),
    );
  }

  async find(tenant: TenantId, id: ContactId, nowMs: number): Promise<Contact | undefined> {
    const row = await selected(this.#db, tenant, nowMs).where('address_book.id', '=', id).executeTakeFirst();
    return row && toContact(row);
  }

  known(tenant: TenantId, numbers: readonly string[]): Promise<ReadonlySet<string>> {
    return knownIn(this.#db, tenant, numbers);
  }

  async list(tenant: TenantId, filter: ContactFilter, page: Page, nowMs: number): Promise<Listed<Contact>> {
    const { total } = await filtered(this.#db, tenant, filter, nowMs)
      .select((eb) => eb.fn.countAll<number>().as('total'))
      .executeTakeFirstOrThrow();
    const rows = await filtered(this.#db, tenant, filter, nowMs)
      .selectAll('address_book')
      .select(listedNow(nowMs).as('listed'))
      .orderBy('address_book.serial', 'desc')
      .limit(page.limit)
      .offset(page.offset)
      .execute();
    return { items: rows.map(toContact), total };
  }

  async select(tenant: TenantId, selection: ContactSelection, limit: number, nowMs: number): Promise<Contact[]> {
    if ('filter' in selection) {
      const rows = await filtered(this.#db, tenant, selection.filter, nowMs)
        .selectAll('address_book')
        .select(listedNow(nowMs).as('listed'))
        .orderBy('address_book.serial')
        .limit(limit)
        .execute();
      return rows.map(toContact);
    }
    const found: Contact[] = [];
    for (const ids of inPieces(selection.ids.slice(0, limit))) {
      const rows = await selected(this.#db, tenant, nowMs)
        .where('address_book.id', 'in', ids)
        .orderBy('address_book.serial')
        .execute();
      found.push(...rows.map(toContact));
    }
    return found;
  }

  patch(tenant: TenantId, id: ContactId, patch: ContactPatch, nowMs: number): Promise<Contact | undefined> {
    return sayingConflict(() =>
      this.#db.transaction().execute(async (trx) => {
        const row = await trx
          .updateTable('address_book')
          .set({ ...contactColumns(patch), updated_at_ms: nowMs })
          .where('tenant_id', '=', tenant)
          .where('id', '=', id)
          .returning('number')
          .executeTakeFirst();
        if (!row) return undefined;
        if (patch.doNotCall === true) await listRefused(trx, tenant, [{ number: row.number, doNotCall: true }], nowMs);
        if (patch.doNotCall === false) {
          await trx.deleteFrom('do_not_call').where('tenant_id', '=', tenant).where('number', '=', row.number).execute();
        }
        return toContact(await selected(trx, tenant, nowMs).where('address_book.id', '=', id).executeTakeFirstOrThrow());
      }),
    );
  }

  async delete(tenant: TenantId, id: ContactId): Promise<boolean> {
    const deleted = await this.#db
      .deleteFrom('address_book')
      .where('tenant_id', '=', tenant)
      .where('id', '=', id)
      .executeTakeFirst();
    return deleted.numDeletedRows === 1n;
  }
}

/** 1 for a number that is on its tenant's do-not-call list now, else 0. */
const listedNow = (nowMs: number) =>
  sql<number>`EXISTS (SELECT 1 FROM do_not_call
    WHERE do_not_call.tenant_id = address_book.tenant_id AND do_not_call.number = address_book.number
      AND (do_not_call.expires_at_ms IS NULL OR do_not_call.expires_at_ms > ${nowMs}))`;

const selected = (db: Kysely<Tables>, tenant: TenantId, nowMs: number) =>
  db
    .selectFrom('address_book')
    .selectAll('address_book')
    .select(listedNow(nowMs).as('listed'))
    .where('address_book.tenant_id', '=', tenant);

function filtered(db: Kysely<Tables>, tenant: TenantId, { search, tag, doNotCall }: ContactFilter, nowMs: number) {
  let rows = db.selectFrom('address_book').where('address_book.tenant_id', '=', tenant);
  if (search !== undefined) {
    const pattern = `%${search.replaceAll(/[\\%_]/g, '\\$&')}%`;
    rows = rows.where(
      sql<boolean>`(number LIKE ${pattern} ESCAPE '\\' OR name LIKE ${pattern} ESCAPE '\\' OR email LIKE ${pattern} ESCAPE '\\')`,
    );
  }
  if (tag !== undefined) rows = rows.where(sql<boolean>`EXISTS (SELECT 1 FROM json_each(tags) WHERE json_each.value = ${tag})`);
  if (doNotCall !== undefined) rows = rows.where(sql<boolean>`${listedNow(nowMs)} = ${doNotCall ? 1 : 0}`);
  return rows;
}

async function knownIn(db: Kysely<Tables>, tenant: TenantId, numbers: readonly string[]): Promise<ReadonlySet<string>> {
  const known = new Set<string>();
  for (const some of inPieces(numbers)) {
    const rows = await db
      .selectFrom('address_book')
      .select('number')
      .where('tenant_id', '=', tenant)
      .where('number', 'in', some)
      .execute();
    for (const { number } of rows) known.add(number);
  }
  return known;
}

/** SQLite reads true and false out of JSON as 1 and 0. */
const JSON_VALUE = sql`CASE type WHEN 'true' THEN 'true' WHEN 'false' THEN 'false' ELSE json_quote(value) END`;

/** A custom field of null is a value; `json_patch` would take it for an order to delete. */
const MERGED = {
  name: sql<string | null>`coalesce(excluded.name, name)`,
  email: sql<string | null>`coalesce(excluded.email, email)`,
  tags: sql<string>`iif(excluded.tags = '[]', tags, excluded.tags)`,
  custom_fields: sql<string>`(SELECT json_group_object(key, json(value)) FROM (
    SELECT key, ${JSON_VALUE} AS value FROM json_each(address_book.custom_fields)
    WHERE key NOT IN (SELECT key FROM json_each(excluded.custom_fields))
    UNION ALL SELECT key, ${JSON_VALUE} FROM json_each(excluded.custom_fields)))`,
  updated_at_ms: sql<number>`excluded.updated_at_ms`,
};

async function listRefused(
  trx: Transaction<Tables>,
  tenantId: TenantId,
  drafts: readonly Pick<ContactDraft, 'number' | 'doNotCall'>[],
  nowMs: number,
): Promise<void> {
  const refused = drafts.filter(({ doNotCall }) => doNotCall);
  const common = { tenantId, reason: undefined, source: 'api', callId: undefined, createdAtMs: nowMs } as const;
  const entries = refused.map(({ number }) => ({ ...common, number, expiresAtMs: undefined }));
  await addDoNotCall(trx, entries, nowMs);
}

async function sayingConflict<T>(write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    if (sqliteCode(error) !== 'SQLITE_CONSTRAINT_UNIQUE') throw error;
    throw new AppError('conflict', 'number is in the address book', {
      cause: error,
      publicMessage: 'Another contact has this phone number',
      faults: [{ field: 'phone', message: 'is taken' }],
    });
  }
}

const numbersOf = (drafts: readonly Pick<ContactDraft, 'number'>[]): string[] => drafts.map(({ number }) => number);

function* inPieces<T>(items: readonly T[]): Generator<T[]> {
  for (let from = 0; from < items.length; from += ROWS_PER_STATEMENT) yield items.slice(from, from + ROWS_PER_STATEMENT);
}
