import type { Generated, Kysely, Transaction } from 'kysely';
import type { TenantId } from '../core/ids.js';
import type { NumberedKind, PublicNumbers } from '../domain/ports/public-numbers.js';
import type { Tables } from './tables.js';

const MOST_REMEMBERED = 20_000;

export type PublicNumbersTable = { number: Generated<number>; tenant_id: string; kind: NumberedKind; id: string };

export class SqlPublicNumbers implements PublicNumbers {
  readonly #db: Kysely<Tables>;
  /** Given once and for all; by tenant, kind and id. */
  readonly #given = new Map<string, number>();

  constructor(db: Kysely<Tables>) {
    this.#db = db;
  }

  async numbersOf(tenant: TenantId, kind: NumberedKind, ids: readonly string[]): Promise<number[]> {
    const given = ids.flatMap((id) => this.#given.get(keyOf(tenant, kind, id)) ?? []);
    if (given.length === ids.length) return given;
    const known = await numbers(this.#db, tenant, kind, ids);
    const all = ids.every((id) => known.has(id)) ? known : await this.#give(tenant, kind, ids);
    if (this.#given.size > MOST_REMEMBERED) this.#given.clear();
    return ids.map((id) => {
      const number = all.get(id);
      if (number === undefined) throw new Error(`${kind} ${id} is another tenant's`);
      this.#given.set(keyOf(tenant, kind, id), number);
      return number;
    });
  }

  async idOf(tenant: TenantId, kind: NumberedKind, number: number): Promise<string | undefined> {
    const row = await this.#db
      .selectFrom('public_numbers')
      .select('id')
      .where('number', '=', number)
      .where('tenant_id', '=', tenant)
      .where('kind', '=', kind)
      .executeTakeFirst();
    return row?.id;
  }

  /** Somebody else may have been shown the same meanwhile. */
  #give(tenant: TenantId, kind: NumberedKind, ids: readonly string[]): Promise<Map<string, number>> {
    return this.#db.transaction().execute(async (trx) => {
      const known = await numbers(trx, tenant, kind, ids);
      const unknown = [...new Set(ids)].filter((id) => !known.has(id));
      if (unknown.length === 0) return known;
      await trx
        .insertInto('public_numbers')
        .values(unknown.map((id) => ({ tenant_id: tenant, kind, id })))
        .onConflict((conflict) => conflict.columns(['kind', 'id']).doNothing())
        .execute();
      return await numbers(trx, tenant, kind, ids);
    });
  }
}

const keyOf = (tenant: TenantId, kind: NumberedKind, id: string): string => `${tenant} ${kind} ${id}`;

async function numbers(
  db: Kysely<Tables> | Transaction<Tables>,
  tenant: TenantId,
  kind: NumberedKind,
  ids: readonly string[],
): Promise<Map<string, number>> {
  const rows = await db
    .selectFrom('public_numbers')
    .select(['id', 'number'])
    .where('tenant_id', '=', tenant)
    .where('kind', '=', kind)
    .where('id', 'in', ids)
    .execute();
  return new Map(rows.map(({ id, number }) => [id, number]));
}
