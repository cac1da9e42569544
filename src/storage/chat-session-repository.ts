import { type Kysely, sql, type Transaction } from 'kysely';
import { AppError } from '../core/errors.js';
import type { AttachmentId, ChatSessionId, TenantId } from '../core/ids.js';
import type { Feedback } from '../domain/feedback.js';
import type {
  ChatSessionRepository,
  HistoryEntry,
  MessageDraft,
  SessionFilter,
  SessionHistory,
  SessionNote,
  SessionQuota,
} from '../domain/ports/chat-sessions.js';
import type { Listed, Page } from '../domain/ports/repositories.js';
import type { ChatSession, SessionAttachment, SessionMessage, StoredAttachment } from '../domain/session.js';
import {
  attachmentOf,
  attachmentRow,
  changingColumns,
  messageRow,
  noteColumns,
  sessionRow,
  toAttachment,
  toMessage,
  toNotes,
  toSession,
} from './chat-session-rows.js';
import { planEndActions } from './end-action-repository.js';
import type { Tables } from './tables.js';

export class SqlChatSessionRepository implements ChatSessionRepository {
  readonly #db: Kysely<Tables>;

  constructor(db: Kysely<Tables>) {
    this.#db = db;
  }

  insert(session: ChatSession, quota: SessionQuota | undefined): Promise<ChatSession> {
    return this.#db.transaction().execute(async (trx) => {
      const stored = quota && (await isOver(trx, session, quota)) ? refused(session) : session;
      await trx.insertInto('chat_sessions').values(sessionRow(stored)).execute();
      if (stored.greeting !== undefined) await insertMessage(trx, greetingOf(stored, stored.greeting));
      return stored;
    });
  }

  async find(tenant: TenantId, id: ChatSessionId): Promise<ChatSession | undefined> {
    const row = await this.#db
      .selectFrom('chat_sessions')
      .selectAll()
      .where('tenant_id', '=', tenant)
      .where('id', '=', id)
      .executeTakeFirst();
    return row && toSession(row);
  }

  async findAnywhere(id: ChatSessionId): Promise<ChatSession | undefined> {
    const row = await this.#db.selectFrom('chat_sessions').selectAll().where('id', '=', id).executeTakeFirst();
    return row && toSession(row);
  }

  async list(tenant: TenantId, filter: SessionFilter, page: Page): Promise<Listed<ChatSession>> {
    const { agentId, extType, extId, status } = filter;
    let selected = this.#db.selectFrom('chat_sessions').where('tenant_id', '=', tenant);
    if (agentId !== undefined) selected = selected.where('agent_id', '=', agentId);
    if (extType !== undefined) selected = selected.where('ext_type', '=', extType);
    if (extId !== undefined) selected = selected.where('ext_id', '=', extId);
    if (status !== undefined) selected = selected.where('status', '=', status);
    const { total } = await selected.select((eb) => eb.fn.countAll<number>().as('total')).executeTakeFirstOrThrow();
    const rows = await selected.selectAll().orderBy('serial', 'desc').limit(page.limit).offset(page.offset).execute();
    return { items: rows.map(toSession), total };
  }

  change(tenant: TenantId, id: ChatSessionId, change: (session: ChatSession) => ChatSession): Promise<ChatSession> {
    return this.#db.transaction().execute(async (trx) => {
      const changed = change(await openSession(trx, tenant, id));
      await trx.updateTable('chat_sessions').set(changingColumns(changed)).where('id', '=', id).execute();
      const { agentId, endedAtMs: atMs } = changed;
      if (atMs !== undefined) await planEndActions(trx, { tenantId: tenant, agentId, sessionId: id, atMs });
      return changed;
    });
  }

  async delete(tenant: TenantId, id: ChatSessionId): Promise<boolean> {
    const { numDeletedRows } = await this.#db
      .deleteFrom('chat_sessions')
      .where('tenant_id', '=', tenant)
      .where('id', '=', id)
      .where('status', '<>', 'open')
      .executeTakeFirst();
    return numDeletedRows === 1n;
  }

  append(draft: MessageDraft): Promise<SessionMessage | undefined> {
    return this.#db.transaction().execute(async (trx) => {
      const session = await openSession(trx, draft.tenantId, draft.sessionId);
      const message = await insertMessage(trx, draft);
      if (message && draft.role !== 'notes' && draft.role !== 'copilot') {
        const { idleTimeoutMs } = session;
        const waits = draft.role !== 'human' && idleTimeoutMs !== undefined;
        await trx
          .updateTable('chat_sessions')
          .set({ idle_at_ms: waits ? Math.round(draft.atMs + idleTimeoutMs) : null })
          .where('id', '=', session.id)
          .execute();
      }
      return message;
    });
  }

  async note(id: ChatSessionId, after: number, note: SessionNote): Promise<void> {
    await this.#db
      .insertInto('session_notes')
      .values({ session_id: id, after_message: after, ...noteColumns(note) })
      .execute();
  }

  async messages(tenant: TenantId, id: ChatSessionId): Promise<SessionMessage[]> {
    return (await this.#entries(tenant, id)).map(({ id: number, sessionId, atMs, role, text, attachments, feedback }) => ({
      id: number,
      sessionId,
      atMs,
      role,
      text,
      attachments: attachments.map(publicPart),
      feedback,
    }));
  }

  async history(tenant: TenantId, id: ChatSessionId): Promise<SessionHistory> {
    const entries = await this.#entries(tenant, id);
    const rows = await this.#db.selectFrom('session_notes').selectAll().where('session_id', '=', id).orderBy('serial').execute();
    return { entries, notes: rows.flatMap((row) => toNotes(row).map((note) => ({ after: row.after_message, note }))) };
  }

  async react(
    tenant: TenantId,
    id: ChatSessionId,
    message: number,
    feedback: Feedback | undefined,
  ): Promise<SessionMessage | undefined> {
    const { numUpdatedRows } = await this.#db
      .updateTable('session_messages')
      .set({ feedback: feedback ?? null })
      .where('tenant_id', '=', tenant)
      .where('session_id', '=', id)
      .where('id', '=', message)
      .where('role', 'in', ['ai', 'operator'])
      .executeTakeFirst();
    if (numUpdatedRows === 0n) return undefined;
    return (await this.messages(tenant, id)).find((entry) => entry.id === message);
  }

  async attachment(
    tenant: TenantId,
    id: AttachmentId,
  ): Promise<(SessionAttachment & { path: string; sessionId: ChatSessionId }) | undefined> {
    const row = await this.#db
      .selectFrom('session_attachments')
      .innerJoin('chat_sessions', 'chat_sessions.id', 'session_attachments.session_id')
      .selectAll('session_attachments')
      .where('chat_sessions.tenant_id', '=', tenant)
      .where('session_attachments.id', '=', id)
      .executeTakeFirst();
    return row && { ...attachmentOf(row), path: row.path, sessionId: row.session_id as ChatSessionId };
  }

  async hasFile(path: string): Promise<boolean> {
    const row = await this.#db.selectFrom('session_attachments').select('serial').where('path', '=', path).executeTakeFirst();
    return row !== undefined;
  }

  async due(nowMs: number, limit: number): Promise<ChatSession[]> {
    const rows = await this.#db
      .selectFrom('chat_sessions')
      .selectAll()
      .where('status', '=', sql.lit('open'))
      .where((eb) => eb.or([eb('closes_at_ms', '<=', nowMs), eb('idle_at_ms', '<=', nowMs)]))
      .orderBy('closes_at_ms')
      .limit(limit)
      .execute();
    return rows.map(toSession);
  }

  async nextDueMs(): Promise<number | undefined> {
    const { closes, idle } = await this.#db
      .selectFrom('chat_sessions')
      .select((eb) => [eb.fn.min('closes_at_ms').as('closes'), eb.fn.min('idle_at_ms').as('idle')])
      .where('status', '=', sql.lit('open'))
      .executeTakeFirstOrThrow();
    const times = [closes, idle].filter((ms): ms is number => typeof ms === 'number');
    return times.length === 0 ? undefined : Math.min(...times);
  }

  async unanswered(limit: number): Promise<ChatSession[]> {
    const rows = await this.#db
      .selectFrom('chat_sessions')
      .selectAll()
      .where('status', '=', sql.lit('open'))
      .where('mode', '=', 'regular')
      .where((eb) =>
        eb(
          eb
            .selectFrom('session_messages')
            .select(({ fn }) => fn.max('id').as('said'))
            .whereRef('session_messages.session_id', '=', 'chat_sessions.id')
            .where('role', '=', 'human'),
          '>',
          eb
            .selectFrom('session_messages')
            .select(({ fn }) => fn.coalesce(fn.max(fn.coalesce('read_up_to', 'id')), sql<number>`0`).as('answered'))
            .whereRef('session_messages.session_id', '=', 'chat_sessions.id')
            .where('role', 'in', ['ai', 'operator']),
        ),
      )
      .orderBy('serial')
      .limit(limit)
      .execute();
    return rows.map(toSession);
  }

  async #entries(tenant: TenantId, id: ChatSessionId): Promise<HistoryEntry[]> {
    const rows = await this.#db
      .selectFrom('session_messages')
      .selectAll()
      .where('tenant_id', '=', tenant)
      .where('session_id', '=', id)
      .orderBy('id')
      .execute();
    const attached = await this.#db
      .selectFrom('session_attachments')
      .selectAll()
      .where('session_id', '=', id)
      .orderBy('serial')
      .execute();
    return rows.map((row) => ({
      ...toMessage(row, []),
      readUpTo: row.read_up_to ?? row.id,
      attachments: attached.filter(({ message_id: message }) => message === row.id).map(toAttachment),
    }));
  }
}

const publicPart = ({ id, name, contentType, sizeBytes }: StoredAttachment): SessionAttachment => ({
  id,
  name,
  contentType,
  sizeBytes,
});

async function openSession(trx: Transaction<Tables>, tenant: TenantId, id: ChatSessionId): Promise<ChatSession> {
  const row = await trx
    .selectFrom('chat_sessions')
    .selectAll()
    .where('tenant_id', '=', tenant)
    .where('id', '=', id)
    .executeTakeFirst();
  if (!row) throw new AppError('session_not_found', `no session ${id}`);
  if (row.status !== 'open') {
    throw new AppError('conflict', `session ${id} is closed`, { publicMessage: `The session is closed (${row.status})` });
  }
  return toSession(row);
}

/** Undefined when one of that source is there already. */
async function insertMessage(trx: Transaction<Tables>, draft: MessageDraft): Promise<SessionMessage | undefined> {
  const row = await trx
    .insertInto('session_messages')
    .values(messageRow(draft))
    .onConflict((conflict) => conflict.columns(['tenant_id', 'source_id']).where('source_id', 'is not', null).doNothing())
    .returningAll()
    .executeTakeFirst();
  if (!row) return undefined;
  const { sessionId, attachments } = draft;
  for (const attachment of attachments) {
    await trx
      .insertInto('session_attachments')
      .values(attachmentRow(sessionId, row.id, attachment))
      .execute();
  }
  return toMessage(row, attachments.map(publicPart));
}

async function isOver(trx: Transaction<Tables>, session: ChatSession, { sinceMs, most }: SessionQuota): Promise<boolean> {
  const { begun } = await trx
    .selectFrom('chat_sessions')
    .select((eb) => eb.fn.countAll<number>().as('begun'))
    .where('agent_id', '=', session.agentId)
    .where('started_at_ms', '>=', Math.round(sinceMs))
    .where('status', '<>', 'daily_limit_exceeded')
    .executeTakeFirstOrThrow();
  return begun >= most;
}

/** It is known that somebody wanted to begin one, and no more. */
const refused = (session: ChatSession): ChatSession => ({
  ...session,
  status: 'daily_limit_exceeded',
  greeting: undefined,
  idleAtMs: undefined,
  endedAtMs: session.startedAtMs,
});

const greetingOf = ({ tenantId, id, startedAtMs }: ChatSession, text: string): MessageDraft => ({
  tenantId,
  sessionId: id,
  atMs: startedAtMs,
  role: 'ai',
  text,
  attachments: [],
});
