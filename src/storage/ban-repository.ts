import type { Kysely, Selectable } from 'kysely';
import type { Ban, BanReason } from '../domain/ban.js';
import type { BanRepository } from '../domain/ports/defence.js';
import type { Listed, Page } from '../domain/ports/repositories.js';
import type { BansTable, Tables } from './tables.js';

export class SqlBanRepository implements BanRepository {
  readonly #db: Kysely<Tables>;

  constructor(db: Kysely<Tables>) {
    this.#db = db;
  }

  async put({ source, reason, times, createdAtMs, expiresAtMs }: Ban): Promise<void> {
    const columns = { reason, times, created_at_ms: createdAtMs, expires_at_ms: expiresAtMs };
    await this.#db
      .insertInto('bans')
      .values({ source, ...columns })
      .onConflict((conflict) => conflict.column('source').doUpdateSet(columns))
      .execute();
  }

  async find(source: string): Promise<Ban | undefined> {
    const row = await this.#db.selectFrom('bans').selectAll().where('source', '=', source).executeTakeFirst();
    return row && toBan(row);
  }

  async list(page: Page, nowMs: number): Promise<Listed<Ban>> {
    const inForce = this.#db.selectFrom('bans').where('expires_at_ms', '>', nowMs);
    const { total } = await inForce.select((eb) => eb.fn.countAll<number>().as('total')).executeTakeFirstOrThrow();
    const rows = await inForce
      .selectAll()
      .orderBy('created_at_ms', 'desc')
      .orderBy('serial', 'desc')
      .limit(page.limit)
      .offset(page.offset)
      .execute();
    return { items: rows.map(toBan), total };
  }

  async current(nowMs: number): Promise<Ban[]> {
    const rows = await this.#db.selectFrom('bans').selectAll().where('expires_at_ms', '>', nowMs).execute();
    return rows.map(toBan);
  }

  async remove(source: string, nowMs: number): Promise<boolean> {
    const removed = await this.#db
      .deleteFrom('bans')
      .where('source', '=', source)
      .where('expires_at_ms', '>', nowMs)
      .executeTakeFirst();
    return removed.numDeletedRows === 1n;
  }

  async forget(beforeMs: number): Promise<void> {
    await this.#db.deleteFrom('bans').where('expires_at_ms', '<', beforeMs).execute();
  }
}

const toBan = (row: Selectable<BansTable>): Ban => ({
  source: row.source,
  reason: row.reason as BanReason,
  times: row.times,
  createdAtMs: row.created_at_ms,
  expiresAtMs: row.expires_at_ms,
});
