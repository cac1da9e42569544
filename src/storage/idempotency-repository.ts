import type { Kysely } from 'kysely';
import type { IdempotencyRecord, IdempotencyRepository, IdempotencyScope } from '../domain/idempotency.js';
import type { Tables } from './tables.js';

export class SqlIdempotencyRepository implements IdempotencyRepository {
  readonly #db: Kysely<Tables>;

  constructor(db: Kysely<Tables>) {
    this.#db = db;
  }

  async claim(
    scope: IdempotencyScope,
    { fingerprint, nowMs, expiresAtMs }: { fingerprint: string; nowMs: number; expiresAtMs: number },
  ): Promise<IdempotencyRecord | undefined> {
    // Records are short-lived and found by index: each claim clears away what has expired, so that nothing else need.
    await this.#db.deleteFrom('idempotency_records').where('expires_at_ms', '<=', nowMs).execute();
    const claimed = await this.#db
      .insertInto('idempotency_records')
      .values({ ...columnsOf(scope), fingerprint, status: null, body: null, expires_at_ms: expiresAtMs })
      .onConflict((conflict) => conflict.doNothing())
      .executeTakeFirst();
    if (claimed.numInsertedOrUpdatedRows === 1n) return undefined;
    const row = await this.#db
      .selectFrom('idempotency_records')
      .select(['fingerprint', 'status', 'body'])
      .where((where) => where.and(columnsOf(scope)))
      .executeTakeFirst();
    // Only what holds a claim gives it back, and of two claims for one scope at a time the caller makes but one.
    if (!row) throw new Error('idempotency record vanished');
    const { status, body } = row;
    return { fingerprint: row.fingerprint, answer: status === null || body === null ? undefined : { status, body } };
  }

  async answer(scope: IdempotencyScope, answer: { status: number; body: string }): Promise<void> {
    await this.#db
      .updateTable('idempotency_records')
      .set(answer)
      .where((where) => where.and(columnsOf(scope)))
      .execute();
  }

  async release(scope: IdempotencyScope): Promise<void> {
    await this.#db
      .deleteFrom('idempotency_records')
      .where((where) => where.and(columnsOf(scope)))
      .execute();
  }
}

const columnsOf = ({ tenantId, holder, route, key }: IdempotencyScope) => ({ tenant_id: tenantId, holder, route, key });
