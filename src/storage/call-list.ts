import { type Kysely, sql } from 'kysely';
import type { TenantId } from '../core/ids.js';
import { partyKey } from '../domain/party.js';
import type { CallFilter, CallPage, CallsListed } from '../domain/ports/repositories.js';
import { toCall } from './call-rows.js';
import { termsOf, withTerm } from './call-search.js';
import type { CallsTable, Tables } from './tables.js';

/** One page of a tenant's calls, the newest first. */
export async function listCalls(db: Kysely<Tables>, tenant: TenantId, filter: CallFilter, page: CallPage): Promise<CallsListed> {
  // One more than asked for tells whether there is another page.
  let listed = pageOf(selected(db, tenant, filter), page.limit + 1);
  if ('offset' in page) listed = listed.offset(page.offset);
  else {
    const { startedAtMs, serial } = page.after;
    listed = listed.where((eb) =>
      eb.and([
        // The row comparison alone would not be seen as the range of the index that it is.
        eb('started_at_ms', '<=', startedAtMs),
        eb.or([eb('started_at_ms', '<', startedAtMs), eb('serial', '<', serial)]),
      ]),
    );
  }
  const rows = await listed.execute();
  const items = rows.slice(0, page.limit);
  const last = rows.length > page.limit ? items.at(-1) : undefined;
  return {
    items: items.map(toCall),
    total: 'offset' in page ? await count(db, tenant, filter) : undefined,
    next: last && { startedAtMs: last.started_at_ms, serial: last.serial },
  };
}

async function count(db: Kysely<Tables>, tenant: TenantId, filter: CallFilter): Promise<number> {
  const { status, ...others } = filter;
  if (Object.values(others).every((value) => value === undefined)) {
    let counts = db.selectFrom('call_counts').where('tenant_id', '=', tenant);
    if (status !== undefined) counts = counts.where('status', '=', status);
    return (await counts.select((eb) => eb.fn.sum<number | null>('calls').as('total')).executeTakeFirstOrThrow()).total ?? 0;
  }
  const { total } = await selected(db, tenant, filter)
    .select((eb) => eb.fn.countAll<number>().as('total'))
    .executeTakeFirstOrThrow();
  return total;
}

const pageOf = (calls: ReturnType<typeof selected>, limit: number) =>
  calls.selectAll().orderBy('started_at_ms', 'desc').orderBy('serial', 'desc').limit(limit);

function selected(db: Kysely<Tables>, tenant: TenantId, filter: CallFilter) {
  let calls = db.selectFrom('calls');
  // A number, a word, an agent or a task narrows the list down far more than a state does, which the planner cannot know: by a plus
  // sign it is kept from the index of what does not (https://sqlite.org/optoverview.html#disqualifying_where_clause_terms_using_unary).
  const given = (...values: unknown[]): boolean => values.some((value) => value !== undefined);
  const byRow = given(filter.taskId, filter.number, filter.search);
  const byIndex = given(filter.agentId, filter.from, filter.to);
  calls = calls.where(byRow ? notByIndex('tenant_id') : 'tenant_id', '=', tenant);
  for (const [column, value] of statesOf(filter)) {
    if (value !== undefined) calls = calls.where(byRow || byIndex ? notByIndex(column) : column, '=', value);
  }
  if (filter.agentId !== undefined) calls = calls.where('agent_id', '=', filter.agentId);
  if (filter.taskId !== undefined) calls = calls.where('task_id', '=', filter.taskId);
  if (filter.from !== undefined) calls = calls.where('from_party', '=', partyKey(filter.from));
  if (filter.to !== undefined) calls = calls.where('to_party', '=', partyKey(filter.to));
  if (filter.startedAfterMs !== undefined) calls = calls.where('started_at_ms', '>=', filter.startedAfterMs);
  if (filter.startedBeforeMs !== undefined) calls = calls.where('started_at_ms', '<', filter.startedBeforeMs);
  if (filter.minDurationMs !== undefined) calls = calls.where('talked_ms', '>=', filter.minDurationMs);
  if (filter.number !== undefined) {
    const party = partyKey(filter.number);
    const side = (column: 'from_party' | 'to_party') =>
      db.selectFrom('calls').select('serial').where('tenant_id', '=', tenant).where(column, '=', party);
    calls = calls.where('serial', 'in', side('from_party').unionAll(side('to_party')));
  }
  if (filter.search !== undefined) {
    const terms = termsOf(filter.search);
    // Signs alone are found nowhere.
    if (terms.length === 0) calls = calls.where((eb) => eb.lit(false));
    for (const term of terms) calls = calls.where(withTerm(term));
  }
  return calls;
}

const statesOf = ({ status, direction, result, outcome, endedBy }: CallFilter) =>
  [
    ['status', status],
    ['direction', direction],
    ['result', result],
    ['outcome', outcome],
    ['ended_by', endedBy],
  ] as const;

const notByIndex = (column: keyof CallsTable) => sql`+${sql.ref(column)}`;
