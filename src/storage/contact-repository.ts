import type { Insertable, Kysely, Selectable } from 'kysely';
import { z } from 'zod';
import type { PhoneId, TenantId, TrunkId } from '../core/ids.js';
import type { AccountOwner, ContactBinding } from '../domain/contact-binding.js';
import type { ContactRepository } from '../domain/ports/phone-repository.js';
import type { ContactBindingsTable } from './phone-tables.js';
import type { Tables } from './tables.js';

const PathJson = z.array(z.string());

export class SqlContactRepository implements ContactRepository {
  readonly #db: Kysely<Tables>;

  constructor(db: Kysely<Tables>) {
    this.#db = db;
  }

  async all(): Promise<ContactBinding[]> {
    const rows = await this.#db.selectFrom('contact_bindings').selectAll().execute();
    return rows.map(toBinding);
  }

  async change(
    owner: AccountOwner,
    { put, removed }: { put: readonly ContactBinding[]; removed: readonly string[] },
  ): Promise<void> {
    // Most changes are one refresh, which needs no transaction of its own.
    const [only] = put;
    if (only && put.length === 1 && removed.length === 0) return this.#put(this.#db, only);
    await this.#db.transaction().execute(async (trx) => {
      if (removed.length > 0) {
        await trx.deleteFrom('contact_bindings').where('account_id', '=', owner.id).where('key', 'in', removed).execute();
      }
      for (const binding of put) await this.#put(trx, binding);
    });
  }

  async #put(db: Kysely<Tables>, binding: ContactBinding): Promise<void> {
    await db.replaceInto('contact_bindings').values(rowOf(binding)).execute();
  }
}

const rowOf = (binding: ContactBinding): Insertable<ContactBindingsTable> => ({
  account_id: binding.owner.id,
  key: binding.key,
  phone_id: binding.owner.kind === 'phone' ? binding.owner.id : null,
  trunk_id: binding.owner.kind === 'trunk' ? binding.owner.id : null,
  tenant_id: binding.tenantId,
  uri: binding.uri,
  q: binding.q,
  source_address: binding.source.address,
  source_port: binding.source.port,
  source_transport: binding.source.transport,
  path: JSON.stringify(binding.path),
  user_agent: binding.userAgent ?? null,
  sip_call_id: binding.callId,
  sequence: binding.sequence,
  registered_at_ms: binding.registeredAtMs,
  refreshed_at_ms: binding.refreshedAtMs,
  expires_at_ms: binding.expiresAtMs,
});

const toBinding = (row: Selectable<ContactBindingsTable>): ContactBinding => ({
  owner:
    row.phone_id === null ? { kind: 'trunk', id: row.account_id as TrunkId } : { kind: 'phone', id: row.account_id as PhoneId },
  tenantId: row.tenant_id as TenantId,
  key: row.key,
  uri: row.uri,
  q: row.q,
  source: { address: row.source_address, port: row.source_port, transport: row.source_transport },
  path: PathJson.parse(JSON.parse(row.path)),
  userAgent: row.user_agent ?? undefined,
  callId: row.sip_call_id,
  sequence: row.sequence,
  registeredAtMs: row.registered_at_ms,
  refreshedAtMs: row.refreshed_at_ms,
  expiresAtMs: row.expires_at_ms,
});
