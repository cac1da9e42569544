import type { Clock } from '../core/clock.js';
import type { Logger } from '../core/log.js';
import { LONGEST_WAIT_MS, Lookout } from '../core/lookout.js';
import type { ChatSessionRepository } from '../domain/ports/chat-sessions.js';
import type { ChatSession } from '../domain/session.js';

export type SessionCloserDeps = {
  sessions: Pick<ChatSessionRepository, 'due' | 'nextDueMs'>;
  clock: Clock;
  log: Logger;
  onDue: (session: ChatSession, status: 'timeout' | 'user_timeout') => Promise<void>;
};

const BATCH = 20;
const ERROR_PAUSE_MS = 5_000;

/** Ends sessions whose time is over. */
export class SessionCloser {
  readonly #deps: SessionCloserDeps;
  readonly #lookout: Lookout;

  constructor(deps: SessionCloserDeps) {
    this.#deps = deps;
    const onError = (error: unknown): number => {
      deps.log.error({ err: error }, 'sessions not looked up');
      return ERROR_PAUSE_MS;
    };
    this.#lookout = new Lookout({ look: () => this.#look(), onError, clock: deps.clock });
  }

  /** A session may be over sooner than was known. */
  wake(): void {
    this.#lookout.wake();
  }

  async close(): Promise<void> {
    await this.#lookout.close();
  }

  async #look(): Promise<number> {
    const { sessions, clock, onDue } = this.#deps;
    const nowMs = clock.nowMs();
    for (const session of await sessions.due(nowMs, BATCH)) {
      await onDue(session, session.closesAtMs <= nowMs ? 'timeout' : 'user_timeout');
    }
    const next = await sessions.nextDueMs();
    return next === undefined ? LONGEST_WAIT_MS : next - clock.nowMs();
  }
}
