import { type Kysely, type Selectable, sql } from 'kysely';
import { AppError } from '../core/errors.js';
import type { TenantId, UserId } from '../core/ids.js';
import type { Member, Membership, Organization, Role, User } from '../domain/identity.js';
import type { UserRepository } from '../domain/ports/identity.js';
import type { Listed, Page } from '../domain/ports/repositories.js';
import type { UsersTable } from './identity-tables.js';
import { withOrigins } from './organization-repository.js';
import { sqliteCode } from './storage-error.js';
import type { Tables } from './tables.js';

export class SqlUserRepository implements UserRepository {
  readonly #db: Kysely<Tables>;

  constructor(db: Kysely<Tables>) {
    this.#db = db;
  }

  async find(id: UserId): Promise<User | undefined> {
    const row = await this.#db.selectFrom('users').selectAll().where('id', '=', id).executeTakeFirst();
    return row && toUser(row);
  }

  async findByEmail(email: string): Promise<User | undefined> {
    const row = await this.#db.selectFrom('users').selectAll().where('email', '=', email).executeTakeFirst();
    return row && toUser(row);
  }

  async organizationsOf(id: UserId): Promise<{ organization: Organization; role: Role }[]> {
    const rows = await this.#db
      .selectFrom('memberships')
      .innerJoin('tenants', 'tenants.id', 'memberships.tenant_id')
      .selectAll('tenants')
      .select('memberships.role')
      .where('memberships.user_id', '=', id)
      .orderBy('memberships.since_ms')
      .orderBy('tenants.id')
      .execute();
    return await Promise.all(
      rows.map(async ({ role, ...row }) => ({ organization: await withOrigins(this.#db, row), role: role as Role })),
    );
  }

  async join(user: User | UserId, membership: Omit<Membership, 'userId'>): Promise<void> {
    await this.#db.transaction().execute((trx) => insertMember(trx, user, membership));
  }

  async members(tenant: TenantId, page: Page): Promise<Listed<Member>> {
    const [rows, counted] = await Promise.all([
      this.#membersOf(tenant).orderBy('memberships.since_ms').orderBy('users.id').limit(page.limit).offset(page.offset).execute(),
      this.#db
        .selectFrom('memberships')
        .select((eb) => eb.fn.countAll<number>().as('total'))
        .where('tenant_id', '=', tenant)
        .executeTakeFirstOrThrow(),
    ]);
    return { items: rows.map(toMember), total: counted.total };
  }

  async member(tenant: TenantId, id: UserId): Promise<Member | undefined> {
    const row = await this.#membersOf(tenant).where('memberships.user_id', '=', id).executeTakeFirst();
    return row && toMember(row);
  }

  async changeRole(tenant: TenantId, id: UserId, role: Role): Promise<boolean> {
    let change = this.#db.updateTable('memberships').set({ role }).where('tenant_id', '=', tenant).where('user_id', '=', id);
    if (role !== 'owner') change = change.where(notLastOwner(tenant));
    return (await change.executeTakeFirst()).numUpdatedRows === 1n;
  }

  async remove(tenant: TenantId, id: UserId): Promise<boolean> {
    return await this.#db.transaction().execute(async (trx) => {
      const removed = await trx
        .deleteFrom('memberships')
        .where('tenant_id', '=', tenant)
        .where('user_id', '=', id)
        .where(notLastOwner(tenant))
        .executeTakeFirst();
      if (removed.numDeletedRows !== 1n) return false;
      await trx
        .deleteFrom('users')
        .where('id', '=', id)
        .where((where) => where.not(where.exists(where.selectFrom('memberships').select('user_id').where('user_id', '=', id))))
        .execute();
      return true;
    });
  }

  async setPassword(id: UserId, passwordHash: string): Promise<void> {
    await this.#db.transaction().execute(async (trx) => {
      await trx.updateTable('users').set({ password_hash: passwordHash }).where('id', '=', id).execute();
      await trx.deleteFrom('sessions').where('user_id', '=', id).execute();
    });
  }

  async all(): Promise<(Member & { organization: string })[]> {
    const rows = await this.#memberships()
      .innerJoin('tenants', 'tenants.id', 'memberships.tenant_id')
      .select('tenants.name as organization')
      .orderBy('users.email')
      .orderBy('memberships.since_ms')
      .execute();
    return rows.map((row) => ({ ...toMember(row), organization: row.organization }));
  }

  #membersOf(tenant: TenantId) {
    return this.#memberships().where('memberships.tenant_id', '=', tenant);
  }

  #memberships() {
    return this.#db
      .selectFrom('memberships')
      .innerJoin('users', 'users.id', 'memberships.user_id')
      .select(['users.id', 'users.email', 'users.name', 'memberships.role', 'memberships.since_ms']);
  }
}

/** In one statement with the change itself, so that two owners cannot remove each other at once. */
const notLastOwner = (tenant: TenantId) =>
  sql<boolean>`(role <> 'owner' OR (SELECT count(*) FROM memberships o WHERE o.tenant_id = ${tenant} AND o.role = 'owner') > 1)`;

/** @throws AppError `conflict` when the e-mail address or the membership exists. */
export async function insertMember(
  db: Kysely<Tables>,
  user: User | UserId,
  { tenantId, role, sinceMs }: Omit<Membership, 'userId'>,
): Promise<void> {
  try {
    const id = typeof user === 'string' ? user : user.id;
    if (typeof user !== 'string') await db.insertInto('users').values(columnsOf(user)).execute();
    await db.insertInto('memberships').values({ tenant_id: tenantId, user_id: id, role, since_ms: sinceMs }).execute();
  } catch (error) {
    const code = sqliteCode(error);
    if (code !== 'SQLITE_CONSTRAINT_UNIQUE' && code !== 'SQLITE_CONSTRAINT_PRIMARYKEY') throw error;
    throw new AppError('conflict', 'user or membership exists', {
      cause: error,
      publicMessage: 'There is a user with this e-mail address already',
    });
  }
}

const columnsOf = (user: User) => ({
  id: user.id,
  email: user.email,
  name: user.name,
  password_hash: user.passwordHash,
  created_at_ms: user.createdAtMs,
});

const toUser = (row: Selectable<UsersTable>): User => ({
  id: row.id as UserId,
  email: row.email,
  name: row.name,
  passwordHash: row.password_hash,
  createdAtMs: row.created_at_ms,
});

const toMember = (row: { id: string; email: string; name: string; role: string; since_ms: number }): Member => ({
  id: row.id as UserId,
  email: row.email,
  name: row.name,
  role: row.role as Role,
  sinceMs: row.since_ms,
});
