import type { AgentService } from '../agents/agent-service.js';
import type { Recordings } from '../calls/recordings.js';
import { AppError } from '../core/errors.js';
import type { AgentId, AttachmentId, CallId, ChatSessionId, TenantId } from '../core/ids.js';
import { RECORDING_TYPES } from '../core/recording-file.js';
import type { Call } from '../domain/call.js';
import type { Feedback } from '../domain/feedback.js';
import { partyKey } from '../domain/party.js';
import type { CallRepository } from '../domain/ports/repositories.js';
import type { ChatSession, SessionAttachment, SessionChannel } from '../domain/session.js';
import { type Conversation, type ConversationMessage, contactOf, heard } from './call-conversation.js';
import type { SessionService } from './session-service.js';

/** Whose: an id in the place that it is one of; for `sip`, a telephone number or user. With `agentId`, only with that agent. */
export type ContactFilter = { extType: SessionChannel; extId: string; agentId: AgentId | undefined };

export type ContactConversationsDeps = {
  sessions: Pick<SessionService, 'list' | 'messages' | 'getAnywhere' | 'react'>;
  calls: Pick<CallRepository, 'find' | 'findAnywhere' | 'list' | 'transcript' | 'react'>;
  recordings: Pick<Recordings, 'open'>;
  agents: Pick<AgentService, 'get'>;
};

/** A message of a conversation, by whoever says that they are its contact; the tenant, where they name one, has to fit as well. */
export type ReactionPlace = {
  conversation: ChatSessionId | CallId;
  message: number;
  extId: string;
  tenantId: TenantId | undefined;
};
export type Rated = { message: ConversationMessage; whose: Pick<ContactFilter, 'extType' | 'extId'> };

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

  /** Undefined takes it back. @throws AppError `session_not_found`, `not_found` for what the contact does not see. */
  async react(place: ReactionPlace, feedback: Feedback | undefined): Promise<Rated> {
    const { sessions } = this.#deps;
    const { conversation, message, extId, tenantId } = place;
    const session = await orNotFound(sessions.getAnywhere(conversation as ChatSessionId));
    if (!session) return await this.#reactToCall(place, feedback);
    const fits = session.extId === extId && (tenantId === undefined || tenantId === session.tenantId);
    if (!fits) throw noConversation(conversation);
    const rated = await sessions.react(session.tenantId, session.id, message, feedback);
    return { message: rated, whose: session };
  }

  /** The call whose recording it is, where it is that of a call with this contact. */
  async recordedCall(tenant: TenantId, id: AttachmentId, filter: ContactFilter): Promise<Call | undefined> {
    const call = await this.#deps.calls.find(tenant, id as string as CallId);
    const isTheirs = call?.agentId !== undefined && filter.extType === 'sip' && contactOf(call) === partyKey(filter.extId);
    return isTheirs && (filter.agentId === undefined || filter.agentId === call.agentId) ? call : undefined;
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
    const messages = entries.map((entry) => heard(entry, call));
    const recording = await this.#recordingOf(call);
    const last = messages.pop();
    if (last) messages.push(recording ? { ...last, attachments: [recording] } : last);
    return { id, agentId, agentName, name: undefined, startedAtMs, messages };
  }

  /** As what was sent with the last words, known by the id of the call. */
  async #recordingOf(call: Call): Promise<SessionAttachment | undefined> {
    if (call.recordingPath === undefined || call.endedAtMs === undefined) return undefined;
    try {
      const file = await this.#deps.recordings.open(call);
      await file.close();
      const { format, sizeBytes } = file;
      return { id: attachmentIdOf(call), name: `call-${call.id}.${format}`, contentType: RECORDING_TYPES[format], sizeBytes };
    } catch (error) {
      if (error instanceof AppError && error.code === 'recording_not_found') return undefined;
      throw error;
    }
  }

  async #reactToCall({ conversation, message, extId, tenantId }: ReactionPlace, feedback: Feedback | undefined): Promise<Rated> {
    const { calls } = this.#deps;
    const call = await calls.findAnywhere(conversation as CallId);
    const fits = call && contactOf(call) === partyKey(extId) && (tenantId === undefined || tenantId === call.tenantId);
    if (!fits) throw noConversation(conversation);
    if (!(await calls.react(call.id, message, feedback))) throw noMessage(message);
    const entry = (await calls.transcript(call.id)).find(({ sequence }) => sequence === message);
    if (!entry) throw noMessage(message);
    return { message: heard(entry, call), whose: { extType: 'sip', extId } };
  }
}

async function orNotFound<T>(found: Promise<T>): Promise<T | undefined> {
  try {
    return await found;
  } catch (error) {
    if (error instanceof AppError && error.code === 'session_not_found') return undefined;
    throw error;
  }
}

/** A call has one recording at most. */
const attachmentIdOf = ({ id }: Call): AttachmentId => id as string as AttachmentId;

const noConversation = (id: string): AppError => new AppError('session_not_found', `no conversation ${id} of theirs`);
const noMessage = (place: number): AppError =>
  new AppError('not_found', `no message ${place}`, { publicMessage: 'No such message of the agent' });
