import type { AgentService } from '../agents/agent-service.js';
import { AppError } from '../core/errors.js';
import type { AgentId, CallId, ChatSessionId, TenantId } from '../core/ids.js';
import type { Call, TranscriptEntry } from '../domain/call.js';
import type { CallRepository } from '../domain/ports/repositories.js';
import type { ChatSession, SessionChannel, SessionMessage } from '../domain/session.js';
import type { SessionService } from './session-service.js';

/** What was said with a contact in one go, in writing or on the telephone. */
export type Conversation = {
  id: ChatSessionId | CallId;
  agentId: AgentId;
  agentName: string;
  /** The contact's, where it is known. */
  name: string | undefined;
  startedAtMs: number;
  messages: readonly ConversationMessage[];
};
/** `id`: of a call, the place in its transcript. */
export type ConversationMessage = Omit<SessionMessage, 'sessionId'>;

/** Whose: an id in the place that it is one of; for `sip`, a telephone number or user. With `agentId`, only with that agent. */
export type ContactFilter = { extType: SessionChannel; extId: string; agentId: AgentId | undefined };

export type ContactConversationsDeps = {
  sessions: Pick<SessionService, 'list' | 'messages'>;
  calls: Pick<CallRepository, 'list' | 'transcript'>;
  agents: Pick<AgentService, 'get'>;
};

/** All that was talked about with one contact: text sessions, and calls as sessions of the channel `sip`. */
export class ContactConversations {
  readonly #deps: ContactConversationsDeps;

  constructor(deps: ContactConversationsDeps) {
    this.#deps = deps;
  }

  /** The newest `limit`, the newest first. */
  async list(tenant: TenantId, filter: ContactFilter, limit: number): Promise<Conversation[]> {
    const [written, spoken] = await Promise.all([
      this.#sessions(tenant, filter, limit),
      filter.extType === 'sip' ? this.#calls(tenant, filter, limit) : [],
    ]);
    const newest = [...written, ...spoken].toSorted((a, b) => b.startedAtMs - a.startedAtMs).slice(0, limit);
    const conversations: Conversation[] = [];
    for (const { read } of newest) conversations.push(await read());
    return conversations;
  }

  async #sessions(tenant: TenantId, filter: ContactFilter, limit: number) {
    const { items } = await this.#deps.sessions.list(tenant, filter, { limit, offset: 0 });
    return items.map((session) => ({ startedAtMs: session.startedAtMs, read: () => this.#written(session) }));
  }

  /** Those the contact made, and those made to it. */
  async #calls(tenant: TenantId, { extId, agentId }: ContactFilter, limit: number) {
    const page = { limit, offset: 0 };
    const found = await Promise.all([
      this.#deps.calls.list(tenant, { agentId, direction: 'inbound', from: extId }, page),
      this.#deps.calls.list(tenant, { agentId, direction: 'outbound', to: extId }, page),
    ]);
    return found
      .flatMap(({ items }) => items)
      .flatMap((call) => {
        // The echo and the tone are nobody to talk with.
        if (call.agentId === undefined) return [];
        const read = (): Promise<Conversation> => this.#spoken(call, call.agentId as AgentId);
        return [{ startedAtMs: call.startedAtMs, read }];
      });
  }

  async #written({ id, tenantId, agentId, name, startedAtMs }: ChatSession): Promise<Conversation> {
    const messages = await this.#deps.sessions.messages(tenantId, id);
    return { id, agentId, agentName: await this.#nameOf(tenantId, agentId), name, startedAtMs, messages };
  }

  /** Empty of an agent that was deleted. */
  async #nameOf(tenant: TenantId, id: AgentId): Promise<string> {
    try {
      return (await this.#deps.agents.get(tenant, id)).name;
    } catch (error) {
      if (error instanceof AppError && error.code === 'agent_not_found') return '';
      throw error;
    }
  }

  async #spoken(call: Call, agentId: AgentId): Promise<Conversation> {
    const { id, agentName, startedAtMs } = call;
    const entries = await this.#deps.calls.transcript(id);
    const originMs = call.answeredAtMs ?? startedAtMs;
    return { id, agentId, agentName, name: undefined, startedAtMs, messages: entries.map((entry) => heard(entry, originMs)) };
  }
}

/** What an agent meant to say and was not heard is no part of a conversation. */
const heard = ({ sequence, speaker, text, heardText, startMs }: TranscriptEntry, originMs: number): ConversationMessage => ({
  id: sequence,
  atMs: originMs + startMs,
  role: speaker === 'caller' ? 'human' : 'ai',
  text: speaker === 'caller' ? text : heardText,
  attachments: [],
  feedback: undefined,
});
