import type { Clock } from '../core/clock.js';
import { AppError } from '../core/errors.js';
import type { ChatSessionId } from '../core/ids.js';
import { background, type Logger } from '../core/log.js';
import type { ChatSessionRepository } from '../domain/ports/chat-sessions.js';
import type { ChatSession, SessionMessage } from '../domain/session.js';
import type { SessionBrain } from './session-brain.js';
import type { SessionEvents } from './session-events.js';
import { answeredUpTo } from './session-history.js';

type SessionRef = Pick<ChatSession, 'id' | 'tenantId'>;

export type SessionTurnsDeps = {
  sessions: ChatSessionRepository;
  brain: SessionBrain;
  events: SessionEvents;
  clock: Clock;
  log: Logger;
  /** The agent has said goodbye. */
  onGoodbye: (session: ChatSession) => Promise<void>;
};

type Waiting = {
  onChunk: ((text: string) => void) | undefined;
  resolve: (reply: SessionMessage | undefined) => void;
  reject: (error: unknown) => void;
};
type Queue = { waiting: Waiting[]; abort: AbortController; served: Promise<void> };

/** Has the agent answer, one answer at a time in each session. What is said while it answers is answered next, all of it at once. */
export class SessionTurns {
  readonly #deps: SessionTurnsDeps;
  readonly #queues = new Map<ChatSessionId, Queue>();
  #closed = false;

  constructor(deps: SessionTurnsDeps) {
    this.#deps = deps;
  }

  /** Resolves with the answer to all that is unanswered; undefined where the agent says nothing to the contact. */
  ask(session: SessionRef, onChunk?: (text: string) => void): Promise<SessionMessage | undefined> {
    if (this.#closed) return Promise.reject(new AppError('draining', 'the server stops'));
    return new Promise((resolve, reject) => {
      const waiting = { onChunk, resolve, reject };
      const queue = this.#queues.get(session.id);
      if (queue) {
        queue.waiting.push(waiting);
        return;
      }
      const begun: Queue = { waiting: [waiting], abort: new AbortController(), served: Promise.resolve() };
      this.#queues.set(session.id, begun);
      begun.served = this.#serve(session, begun);
      background(begun.served, 'answering in a session', this.#deps.log);
    });
  }

  /** An answer that is being made is not wanted any more. */
  breakOff(id: ChatSessionId): void {
    this.#queues.get(id)?.abort.abort(new AppError('conflict', 'somebody else answers'));
  }

  /** What is unanswered then is for the next process. */
  async close(): Promise<void> {
    this.#closed = true;
    const queues = [...this.#queues.values()];
    for (const { abort } of queues) abort.abort(new AppError('draining', 'the server stops'));
    await Promise.allSettled(queues.map(({ served }) => served));
  }

  async #serve(session: SessionRef, queue: Queue): Promise<void> {
    while (queue.waiting.length > 0) {
      const asked = queue.waiting.splice(0);
      queue.abort = new AbortController();
      try {
        if (this.#closed) throw new AppError('draining', 'the server stops');
        const reply = await this.#answer(session, asked, queue.abort.signal);
        for (const { resolve } of asked) resolve(reply);
      } catch (error) {
        for (const { reject } of asked) reject(error);
      }
    }
    this.#queues.delete(session.id);
  }

  async #answer(
    { id, tenantId }: SessionRef,
    asked: readonly Waiting[],
    signal: AbortSignal,
  ): Promise<SessionMessage | undefined> {
    const { sessions, brain, events, clock } = this.#deps;
    const session = await sessions.find(tenantId, id);
    if (session?.status !== 'open' || session.mode === 'operator') return undefined;
    const seen = session.mode === 'regular';
    const history = await sessions.history(tenantId, id);
    const asks = history.entries.findLast(({ role: by }) => by === 'human')?.id ?? 0;
    if (answeredUpTo(history, seen ? ['ai', 'operator'] : ['ai', 'operator', 'copilot']) >= asks) {
      // Another answer was for this as well.
      const given = history.entries.findLast(({ role: by, readUpTo }) => by === 'ai' && readUpTo >= asks);
      return given && (await sessions.messages(tenantId, id)).find((message) => message.id === given.id);
    }
    const listener = {
      chunk: (text: string): void => {
        if (!seen) return;
        for (const { onChunk } of asked) onChunk?.(text);
        events.emit({ type: 'chunk', session, text });
      },
      thought: (text: string): void => {
        if (seen) events.emit({ type: 'thought', session, text });
      },
    };
    const answer = await brain.answer({ session, history, listener, signal });
    if (!answer || signal.aborted) return undefined;
    const role = seen ? 'ai' : 'copilot';
    const message = await sessions.append({
      tenantId,
      sessionId: id,
      atMs: clock.nowMs(),
      role,
      text: answer.text,
      attachments: [],
      readUpTo: history.entries.at(-1)?.id,
    });
    if (!message) return undefined;
    events.emit({ type: 'message', session, message });
    if (answer.ends && seen) await this.#deps.onGoodbye(session);
    return seen ? message : undefined;
  }
}
