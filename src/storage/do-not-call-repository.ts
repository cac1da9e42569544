import { type Kysely, type Selectable, sql, type Transaction } from 'kysely';
import type { CallId, TenantId } from '../core/ids.js';
import type { DoNotCallEntry, DoNotCallSource } from '../domain/do-not-call.js';
import type { DoNotCallRepository } from '../domain/ports/do-not-call-repository.js';
import type { Listed, Page } from '../domain/ports/repositories.js';
import type { DoNotCallTable, Tables } from './tables.js';

/** SQLite takes 32,766 values in a statement; a row has seven. */
const ROWS_PER_STATEMENT = 1000;

export class SqlDoNotCallRepository implements DoNotCallRepository {
  readonly #db: Kysely<Tables>;

  constructor(db: Kysely<Tables>) {
    this.#db = db;
  }

  add(entries: readonly DoNotCallEntry[], nowMs: number): Promise<number> {
    return this.#db.transaction().execute((trx) => addDoNotCall(trx, entries, nowMs));
  }

  async find(tenant: TenantId, number: string, nowMs: number): Promise<DoNotCallEntry | undefined> {
    const row = await this.#current(tenant, nowMs).selectAll().where('number', '=', number).executeTakeFirst();
    return row && toEntry(row);
  }

  async list(
    tenant: TenantId,
    filter: { search?: string | undefined; source?: DoNotCallSource | undefined },
    page: Page,
    nowMs: number,
  ): Promise<Listed<DoNotCallEntry>> {
    let selected = this.#current(tenant, nowMs);
    if (filter.source !== undefined) selected = selected.where('source', '=', filter.source);
    if (filter.search !== undefined) {
      const pattern = `%${filter.search.replaceAll(/[\\%_]/g, '\\$&')}%`;
      selected = selected.where(sql<boolean>`(number LIKE ${pattern} ESCAPE '\\' OR reason LIKE ${pattern} ESCAPE '\\')`);
    }
    const { total } = await selected.select((eb) => eb.fn.countAll<number>().as('total')).executeTakeFirstOrThrow();
    const rows = await selected.selectAll().orderBy('serial', 'desc').limit(page.limit).offset(page.offset).execute();
    return { items: rows.map(toEntry), total };
  }

  async remove(tenant: TenantId, number: string, nowMs: number): Promise<boolean> {
    const removed = await this.#db
      .deleteFrom('do_not_call')
      .where('tenant_id', '=', tenant)
      .where('number', '=', number)
      .where((eb) => eb.or([eb('expires_at_ms', 'is', null), eb('expires_at_ms', '>', nowMs)]))
      .executeTakeFirst();
    return removed.numDeletedRows === 1n;
  }

  #current(tenant: TenantId, nowMs: number) {
    return this.#db
      .selectFrom('do_not_call')
      .where('tenant_id', '=', tenant)
      .where((eb) => eb.or([eb('expires_at_ms', 'is', null), eb('expires_at_ms', '>', nowMs)]));
  }
}

/** Lists numbers of one tenant as a part of what `trx` does. Returns how many were not listed yet. */
export async function addDoNotCall(trx: Transaction<Tables>, entries: readonly DoNotCallEntry[], nowMs: number): Promise<number> {
  let added = 0;
  for (let from = 0; from < entries.length; from += ROWS_PER_STATEMENT) {
    const rows = entries.slice(from, from + ROWS_PER_STATEMENT).map(rowOf);
    const [first] = rows;
    if (!first) break;
    const numbers = [...new Set(rows.map((row) => row.number))];
    // An entry whose time is over gives way to the new one as a whole.
    await trx
      .deleteFrom('do_not_call')
      .where('tenant_id', '=', first.tenant_id)
      .where('number', 'in', numbers)
      .where('expires_at_ms', '<=', nowMs)
      .execute();
    const listed = await trx
      .selectFrom('do_not_call')
      .select('number')
      .where('tenant_id', '=', first.tenant_id)
      .where('number', 'in', numbers)
      .execute();
    added += numbers.length - listed.length;
    await trx
      .insertInto('do_not_call')
      .values(rows)
      .onConflict((conflict) =>
        conflict.columns(['tenant_id', 'number']).doUpdateSet({
          // max() of anything and NULL is NULL, and NULL is for good.
          expires_at_ms: sql`max(expires_at_ms, excluded.expires_at_ms)`,
        }),
      )
      .execute();
  }
  return added;
}

const rowOf = (entry: DoNotCallEntry) => ({
  tenant_id: entry.tenantId,
  number: entry.number,
  reason: entry.reason ?? null,
  source: entry.source,
  call_id: entry.callId ?? null,
  created_at_ms: Math.round(entry.createdAtMs),
  expires_at_ms: entry.expiresAtMs === undefined ? null : Math.round(entry.expiresAtMs),
});

/** CHECK constraints keep these casts honest. */
const toEntry = (row: Selectable<DoNotCallTable>): DoNotCallEntry => ({
  tenantId: row.tenant_id as TenantId,
  number: row.number,
  reason: row.reason ?? undefined,
  source: row.source as DoNotCallSource,
  callId: (row.call_id ?? undefined) as CallId | undefined,
  createdAtMs: row.created_at_ms,
  expiresAtMs: row.expires_at_ms ?? undefined,
});
