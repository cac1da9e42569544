import type { Kysely, Selectable } from 'kysely';
import type { InvitationId, TenantId, UserId } from '../core/ids.js';
import type { Invitation, MailState, Role, User } from '../domain/identity.js';
import type { InvitationRepository } from '../domain/ports/identity.js';
import type { Listed, Page } from '../domain/ports/repositories.js';
import type { InvitationsTable } from './identity-tables.js';
import type { Tables } from './tables.js';
import { insertMember } from './user-repository.js';

export class SqlInvitationRepository implements InvitationRepository {
  readonly #db: Kysely<Tables>;

  constructor(db: Kysely<Tables>) {
    this.#db = db;
  }

  async put(invitation: Invitation): Promise<void> {
    const { id, tenantId, email, role, tokenHash, invitedBy, mail, createdAtMs, expiresAtMs } = invitation;
    await this.#db.transaction().execute(async (trx) => {
      await trx.deleteFrom('invitations').where('tenant_id', '=', tenantId).where('email', '=', email).execute();
      await trx
        .insertInto('invitations')
        .values({
          id,
          tenant_id: tenantId,
          email,
          role,
          token_hash: tokenHash,
          invited_by: invitedBy,
          mail,
          created_at_ms: createdAtMs,
          expires_at_ms: expiresAtMs,
        })
        .execute();
    });
  }

  async list(tenant: TenantId, page: Page): Promise<Listed<Invitation>> {
    const found = this.#db.selectFrom('invitations').where('tenant_id', '=', tenant);
    const [rows, counted] = await Promise.all([
      found.selectAll().orderBy('created_at_ms', 'desc').orderBy('id', 'desc').limit(page.limit).offset(page.offset).execute(),
      found.select((eb) => eb.fn.countAll<number>().as('total')).executeTakeFirstOrThrow(),
    ]);
    return { items: rows.map(toInvitation), total: counted.total };
  }

  async findByHash(tokenHash: string): Promise<Invitation | undefined> {
    const row = await this.#db.selectFrom('invitations').selectAll().where('token_hash', '=', tokenHash).executeTakeFirst();
    return row && toInvitation(row);
  }

  async delete(tenant: TenantId, id: InvitationId): Promise<boolean> {
    const deleted = await this.#db
      .deleteFrom('invitations')
      .where('tenant_id', '=', tenant)
      .where('id', '=', id)
      .executeTakeFirst();
    return deleted.numDeletedRows === 1n;
  }

  async setMail(id: InvitationId, mail: MailState): Promise<void> {
    await this.#db.updateTable('invitations').set({ mail }).where('id', '=', id).execute();
  }

  async accept({ id, tenantId, tokenHash, role }: Invitation, user: User | UserId, atMs: number): Promise<boolean> {
    return await this.#db.transaction().execute(async (trx) => {
      const ended = await trx
        .deleteFrom('invitations')
        .where('id', '=', id)
        .where('token_hash', '=', tokenHash)
        .executeTakeFirst();
      if (ended.numDeletedRows !== 1n) return false;
      await insertMember(trx, user, { tenantId, role, sinceMs: atMs });
      return true;
    });
  }
}

const toInvitation = (row: Selectable<InvitationsTable>): Invitation => ({
  id: row.id as InvitationId,
  tenantId: row.tenant_id as TenantId,
  email: row.email,
  role: row.role as Role,
  tokenHash: row.token_hash,
  invitedBy: row.invited_by as UserId,
  mail: row.mail as MailState,
  createdAtMs: row.created_at_ms,
  expiresAtMs: row.expires_at_ms,
});
