import { Readable } from 'node:stream';
import type { Clock } from '../core/clock.js';
import { AppError } from '../core/errors.js';
import { type AgentId, type AttachmentId, type ChatSessionId, newChatSessionId, type TenantId } from '../core/ids.js';
import { background, type Logger } from '../core/log.js';
import type { Agent } from '../domain/agent.js';
import type { Feedback } from '../domain/feedback.js';
import type { ChatSessionRepository, SessionFilter, SessionNote } from '../domain/ports/chat-sessions.js';
import type { AgentRepository, Listed, Page } from '../domain/ports/repositories.js';
import {
  type ChatSession,
  MAX_MESSAGE_CHARACTERS,
  type MessageRole,
  SESSION_TIMEOUT_MS,
  type SessionAttachment,
  type SessionChannel,
  type SessionEnding,
  type SessionMessage,
  type SessionMode,
  type SessionOperator,
  type StoredAttachment,
} from '../domain/session.js';
import type { AttachmentStore, Upload } from './attachment-store.js';
import { dayStartMs } from './day-start.js';
import type { SessionBrain } from './session-brain.js';
import { SessionCloser } from './session-closer.js';
import { SessionEvents, type SessionListener } from './session-events.js';
import { sessionSettings } from './session-settings.js';
import { SessionTurns } from './session-turns.js';

export type SessionServiceDeps = {
  sessions: ChatSessionRepository;
  agents: Pick<AgentRepository, 'findLive'>;
  brain: SessionBrain;
  attachments: AttachmentStore;
  clock: Clock;
  log: Logger;
  /** Files of one that was deleted wait to be removed. */
  removeFiles: () => Promise<void>;
};

type Changeable = Pick<
  ChatSession,
  'name' | 'email' | 'phone' | 'language' | 'contextData' | 'userInfo' | 'result' | 'timeoutMs' | 'idleTimeoutMs'
>;

export type SessionDraft = Partial<Changeable> & {
  agentId: AgentId;
  extType: SessionChannel;
  extId: string;
  /** The agent speaks first, where it has something to say; it does when absent. */
  greets?: boolean | undefined;
};

/** What is absent stays as it is. */
export type SessionPatch = Partial<Changeable>;

export type MessageInput = {
  text: string;
  attachments?: readonly Upload[] | undefined;
  /** What it is known by when it is delivered again: then it is taken for the same. */
  sourceId?: string | undefined;
};

export type SendOptions = {
  /** Told each piece of the answer as it is made. */
  onChunk?: ((text: string) => void) | undefined;
  /** Whoever asked waits no longer; the answer is made all the same. */
  signal?: AbortSignal | undefined;
};

/** `reply` is absent where the agent says nothing: a human answers. */
export type Sent = { message: SessionMessage | undefined; reply: SessionMessage | undefined; mode: SessionMode };

const RECOVERED_AT_ONCE = 500;

/** Text conversations with agents, whatever carries them. */
export class SessionService {
  readonly #deps: SessionServiceDeps;
  readonly #events = new SessionEvents();
  readonly #turns: SessionTurns;
  readonly #closer: SessionCloser;
  readonly #closing = new AbortController();

  constructor(deps: SessionServiceDeps) {
    this.#deps = deps;
    const onGoodbye = async ({ tenantId, id }: ChatSession): Promise<void> => {
      await this.close(tenantId, id, 'completed');
    };
    this.#turns = new SessionTurns({ ...deps, events: this.#events, onGoodbye });
    this.#closer = new SessionCloser({ ...deps, onDue: (session, status) => this.#expire(session, status) });
  }

  /** Goes on where an earlier process stopped: what was said and not answered is. */
  async start(): Promise<void> {
    const { sessions, attachments, log } = this.#deps;
    await attachments.start();
    this.#closer.wake();
    for (const session of await sessions.unanswered(RECOVERED_AT_ONCE)) {
      background(this.#turns.ask(session), 'answering in a session', log);
    }
  }

  /** What has been acknowledged and not answered is for the next process. */
  async shutDown(): Promise<void> {
    this.#closing.abort(new AppError('draining', 'the server stops'));
    await this.#closer.close();
    await this.#turns.close();
  }

  /** Returns what ends it. A listener must not throw. */
  onEvent(listener: SessionListener): () => void {
    return this.#events.on(listener);
  }

  /**
   * Begins a session. One that is over the agent's daily limit is stored, with the status `daily_limit_exceeded`.
   *
   * @throws AppError `agent_not_found`, `agent_disabled`.
   */
  async open(tenant: TenantId, draft: SessionDraft): Promise<ChatSession> {
    const { sessions, agents, clock } = this.#deps;
    const agent = await agents.findLive(tenant, draft.agentId);
    if (!agent) throw new AppError('agent_not_found', `no agent ${draft.agentId}`);
    if (!agent.enabled) throw new AppError('agent_disabled', `agent ${draft.agentId} is disabled`);
    const nowMs = clock.nowMs();
    const { dailyLimit: most } = agent.sessions ?? {};
    const quota = most === undefined ? undefined : { sinceMs: dayStartMs(nowMs, agent.timezone), most };
    const session = await sessions.insert(newSession(tenant, agent, draft, nowMs), quota);
    this.#closer.wake();
    this.#events.emit({ type: 'created', session });
    if (session.status !== 'open') this.#events.emit({ type: 'closed', session });
    return session;
  }

  /** @throws AppError `session_not_found` */
  async get(tenant: TenantId, id: ChatSessionId): Promise<ChatSession> {
    const session = await this.#deps.sessions.find(tenant, id);
    if (!session) throw new AppError('session_not_found', `no session ${id}`);
    return session;
  }

  /** Of any tenant: for those who prove nothing but that they know its id. @throws AppError `session_not_found` */
  async getAnywhere(id: ChatSessionId): Promise<ChatSession> {
    const session = await this.#deps.sessions.findAnywhere(id);
    if (!session) throw new AppError('session_not_found', `no session ${id}`);
    return session;
  }

  /** Newest first. */
  list(tenant: TenantId, filter: SessionFilter, page: Page): Promise<Listed<ChatSession>> {
    return this.#deps.sessions.list(tenant, filter, page);
  }

  /** @throws AppError `session_not_found`, `conflict` when it is closed. */
  async update(tenant: TenantId, id: ChatSessionId, patch: SessionPatch): Promise<ChatSession> {
    const changed = await this.#deps.sessions.change(tenant, id, (session) => {
      const next = { ...session, ...patch };
      return { ...next, closesAtMs: next.startedAtMs + next.timeoutMs };
    });
    this.#closer.wake();
    return changed;
  }

  /** Ends it. @throws AppError `session_not_found`, `conflict` when it is closed. */
  async close(tenant: TenantId, id: ChatSessionId, status: SessionEnding, result?: unknown): Promise<ChatSession> {
    const { sessions, brain, clock, log } = this.#deps;
    const endedAtMs = clock.nowMs();
    const session = await sessions.change(tenant, id, (open) => ({
      ...open,
      status,
      result: result ?? open.result,
      idleAtMs: undefined,
      endedAtMs,
    }));
    log.info({ sessionId: id, tenantId: tenant, status, durationMs: endedAtMs - session.startedAtMs }, 'session closed');
    this.#events.emit({ type: 'closed', session });
    background(brain.ended(session), 'memory of a session', log);
    return session;
  }

  /** With all that was said and sent in it. @throws AppError `session_not_found`, `conflict` while it is open. */
  async delete(tenant: TenantId, id: ChatSessionId): Promise<void> {
    await this.get(tenant, id);
    if (await this.#deps.sessions.delete(tenant, id)) return await this.#deps.removeFiles();
    throw new AppError('conflict', `session ${id} is open`, { publicMessage: 'A session can be deleted when it is closed' });
  }

  /** In order. @throws AppError `session_not_found` */
  async messages(tenant: TenantId, id: ChatSessionId): Promise<SessionMessage[]> {
    await this.get(tenant, id);
    return await this.#deps.sessions.messages(tenant, id);
  }

  /** What the agent did beside answering, and who failed it, in order. @throws AppError `session_not_found` */
  async story(tenant: TenantId, id: ChatSessionId): Promise<SessionNote[]> {
    await this.get(tenant, id);
    return (await this.#deps.sessions.history(tenant, id)).notes.map(({ note }) => note);
  }

  /**
   * What the contact says, and what the agent answers. It is stored when this resolves or the answer fails; a message that is there
   * already by its `sourceId` is not answered again.
   *
   * @throws AppError `session_not_found`, `conflict` when it is closed, `invalid_request` for what cannot be taken.
   */
  async send(tenant: TenantId, id: ChatSessionId, input: MessageInput, options: SendOptions = {}): Promise<Sent> {
    const { onChunk, signal } = options;
    const message = await this.#say(tenant, id, 'human', input);
    const { mode } = await this.get(tenant, id);
    if (!message) return { message, reply: undefined, mode };
    const asked = this.#turns.ask({ tenantId: tenant, id }, onChunk);
    if (mode !== 'regular') {
      // The contact waits for a human, not for what is proposed to them.
      background(asked, 'answering in a session', this.#deps.log);
      return { message, reply: undefined, mode };
    }
    const reply = await (signal ? unlessAborted(asked, signal, this.#deps.log) : asked);
    this.#closer.wake();
    return { message, reply, mode: (await this.get(tenant, id)).mode };
  }

  /** What somebody else than contact and agent says. @throws AppError `session_not_found`, `conflict` when it is closed. */
  async speakAs(
    tenant: TenantId,
    id: ChatSessionId,
    role: 'operator' | 'copilot' | 'notes',
    text: string,
  ): Promise<SessionMessage> {
    const message = await this.#say(tenant, id, role, { text });
    if (!message) throw new Error('a message without source cannot be there already');
    return message;
  }

  /** A human takes over, or gives back. What the agent was about to say is not said. @throws AppError `session_not_found`, `conflict` when it is closed. */
  async setMode(tenant: TenantId, id: ChatSessionId, mode: SessionMode, operator?: SessionOperator): Promise<ChatSession> {
    const session = await this.#deps.sessions.change(tenant, id, (open) => ({
      ...open,
      mode,
      operator: mode === 'regular' ? undefined : (operator ?? open.operator),
    }));
    this.#turns.breakOff(id);
    this.#events.emit({ type: 'mode', session });
    // What was said to a human who has not answered is the agent's again.
    if (mode !== 'operator') background(this.#turns.ask(session), 'answering in a session', this.#deps.log);
    return session;
  }

  /** Undefined takes it back. @throws AppError `session_not_found`, `not_found` for what the contact does not see. */
  async react(tenant: TenantId, id: ChatSessionId, message: number, feedback: Feedback | undefined): Promise<SessionMessage> {
    await this.get(tenant, id);
    const rated = await this.#deps.sessions.react(tenant, id, message, feedback);
    if (!rated) throw new AppError('not_found', `no message ${message}`, { publicMessage: 'No such message of the agent' });
    return rated;
  }

  /** @throws AppError `not_found` */
  async attachment(
    tenant: TenantId,
    id: AttachmentId,
  ): Promise<{ meta: SessionAttachment & { sessionId: ChatSessionId }; stream: Readable }> {
    const found = await this.#deps.sessions.attachment(tenant, id);
    if (!found) throw new AppError('not_found', `no attachment ${id}`, { publicMessage: 'Attachment not found' });
    const { path, ...meta } = found;
    return { meta, stream: Readable.from([await this.#deps.attachments.read(tenant, { path })]) };
  }

  async #say(
    tenant: TenantId,
    id: ChatSessionId,
    role: MessageRole,
    { text, attachments: uploads = [], sourceId }: MessageInput,
  ): Promise<SessionMessage | undefined> {
    const { sessions, attachments, clock } = this.#deps;
    if (text.trim() === '' && uploads.length === 0) throw refused('must not be empty');
    if (text.length > MAX_MESSAGE_CHARACTERS) throw refused(`must not have more than ${MAX_MESSAGE_CHARACTERS} characters`);
    const session = await this.get(tenant, id);
    const kept = await attachments.keep(tenant, uploads, this.#closing.signal);
    let message: SessionMessage | undefined;
    try {
      message = await sessions.append({
        tenantId: tenant,
        sessionId: id,
        atMs: clock.nowMs(),
        role,
        text,
        attachments: kept,
        sourceId,
      });
    } finally {
      if (!message) await this.#discard(kept);
    }
    if (message) this.#events.emit({ type: 'message', session, message });
    return message;
  }

  async #discard(kept: readonly StoredAttachment[]): Promise<void> {
    await this.#deps.attachments.discard(kept);
  }

  async #expire({ tenantId, id }: ChatSession, status: 'timeout' | 'user_timeout'): Promise<void> {
    try {
      const session = await this.get(tenantId, id);
      if (session.status === 'open') this.#events.emit({ type: 'timeout', session });
      await this.close(tenantId, id, status);
    } catch (error) {
      // Somebody else was faster.
      if (!(error instanceof AppError)) throw error;
    }
  }
}

function newSession(tenant: TenantId, agent: Agent, draft: SessionDraft, nowMs: number): ChatSession {
  const { agentId, extType, extId, name, email, phone, greets = true, language = agent.language } = draft;
  const { contextData = {}, userInfo = {}, timeoutMs = agent.sessions?.timeoutMs ?? SESSION_TIMEOUT_MS } = draft;
  const { idleTimeoutMs = agent.sessions?.idleTimeoutMs } = draft;
  const words = { language, name, email, phone, contextData };
  const greeting = greets && agent.welcome?.enabled !== false ? sessionSettings(agent, words, nowMs).startingMessage : undefined;
  return {
    ...words,
    id: newChatSessionId(),
    tenantId: tenant,
    agentId,
    agentVersion: agent.version,
    extType,
    extId,
    mode: 'regular',
    operator: undefined,
    status: 'open',
    greeting: greeting === '' ? undefined : greeting,
    userInfo,
    collectedData: {},
    result: draft.result,
    timeoutMs,
    closesAtMs: nowMs + timeoutMs,
    idleTimeoutMs,
    idleAtMs: idleTimeoutMs === undefined ? undefined : nowMs + idleTimeoutMs,
    startedAtMs: nowMs,
    endedAtMs: undefined,
  };
}

const refused = (message: string): AppError =>
  new AppError('invalid_request', `message ${message}`, { faults: [{ field: 'text', message }] });

/** The promise's value; when `signal` aborts first, the promise is left to itself. */
function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal, log: Logger): Promise<T> {
  return new Promise((resolve, reject) => {
    const aborted = (): void => {
      background(promise, 'answering in a session', log);
      reject(signal.reason as Error);
    };
    if (signal.aborted) return aborted();
    signal.addEventListener('abort', aborted, { once: true });
    const settled = (): void => signal.removeEventListener('abort', aborted);
    promise.then(resolve, reject).finally(settled);
  });
}
