import type { Kysely } from 'kysely';
import type { SessionId, TenantId, UserId } from '../core/ids.js';
import type { Role, Session } from '../domain/identity.js';
import type { SessionRepository } from '../domain/ports/identity.js';
import type { Tables } from './tables.js';

export class SqlSessionRepository implements SessionRepository {
  readonly #db: Kysely<Tables>;

  constructor(db: Kysely<Tables>) {
    this.#db = db;
  }

  async insert(session: Session, passwordHash: string): Promise<boolean> {
    return await this.#db.transaction().execute(async (trx) => {
      const still = await trx
        .selectFrom('memberships')
        .innerJoin('users', 'users.id', 'memberships.user_id')
        .select('users.id')
        .where('memberships.tenant_id', '=', session.tenantId)
        .where('users.id', '=', session.userId)
        .where('users.password_hash', '=', passwordHash)
        .executeTakeFirst();
      if (!still) return false;
      await trx.insertInto('sessions').values(columnsOf(session)).execute();
      return true;
    });
  }

  async findByHash(tokenHash: string): Promise<{ session: Session; role: Role } | undefined> {
    const row = await this.#db
      .selectFrom('sessions')
      .innerJoin('memberships', (join) =>
        join.onRef('memberships.tenant_id', '=', 'sessions.tenant_id').onRef('memberships.user_id', '=', 'sessions.user_id'),
      )
      .selectAll('sessions')
      .select('memberships.role')
      .where('sessions.token_hash', '=', tokenHash)
      .executeTakeFirst();
    if (!row) return undefined;
    const session = {
      id: row.id as SessionId,
      tokenHash: row.token_hash,
      userId: row.user_id as UserId,
      tenantId: row.tenant_id as TenantId,
      createdAtMs: row.created_at_ms,
      expiresAtMs: row.expires_at_ms,
      lastSeenAtMs: row.last_seen_at_ms,
    };
    return { session, role: row.role as Role };
  }

  async touch(id: SessionId, atMs: number): Promise<void> {
    await this.#db.updateTable('sessions').set({ last_seen_at_ms: atMs }).where('id', '=', id).execute();
  }

  async moveTo(id: SessionId, tenant: TenantId): Promise<boolean> {
    const moved = await this.#db
      .updateTable('sessions')
      .set({ tenant_id: tenant })
      .where('id', '=', id)
      .where((where) =>
        where.exists(
          where
            .selectFrom('memberships')
            .select('role')
            .whereRef('memberships.user_id', '=', 'sessions.user_id')
            .where('memberships.tenant_id', '=', tenant),
        ),
      )
      .executeTakeFirst();
    return moved.numUpdatedRows === 1n;
  }

  async delete(id: SessionId): Promise<void> {
    await this.#db.deleteFrom('sessions').where('id', '=', id).execute();
  }

  async deleteByHash(tokenHash: string): Promise<void> {
    await this.#db.deleteFrom('sessions').where('token_hash', '=', tokenHash).execute();
  }

  async deleteExpired({ expiredAtMs, unseenSinceMs }: { expiredAtMs: number; unseenSinceMs: number }): Promise<void> {
    await this.#db
      .deleteFrom('sessions')
      .where((where) => where.or([where('expires_at_ms', '<=', expiredAtMs), where('last_seen_at_ms', '<=', unseenSinceMs)]))
      .execute();
  }
}

const columnsOf = (session: Session) => ({
  id: session.id,
  token_hash: session.tokenHash,
  user_id: session.userId,
  tenant_id: session.tenantId,
  created_at_ms: session.createdAtMs,
  expires_at_ms: session.expiresAtMs,
  last_seen_at_ms: session.lastSeenAtMs,
});
