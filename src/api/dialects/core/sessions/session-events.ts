import type { Response } from 'express';
import type { Clock } from '../../../../core/clock.js';
import { AppError } from '../../../../core/errors.js';
import type { ChatSession } from '../../../../domain/session.js';
import type { SessionEvent } from '../../../../sessions/session-events.js';
import type { SessionService } from '../../../../sessions/session-service.js';
import { presentMessage, presentSession } from './sessions-translation.js';

/** Proxies cut connections that are silent for a minute. */
const COMMENT_PERIOD_MS = 15_000;
const MAX_STREAMS = 2_000;
/** Who reads so slowly is cut off. */
const MAX_PENDING_BYTES = 1_000_000;

/** What happens in one session, as server-sent events from now on. */
export class SessionStreams {
  readonly #sessions: SessionService;
  readonly #clock: Clock;
  #open = 0;

  constructor(sessions: SessionService, clock: Clock) {
    this.#sessions = sessions;
    this.#clock = clock;
  }

  serve(session: ChatSession, res: Response): void {
    if (this.#open >= MAX_STREAMS) throw new AppError('capacity_exhausted', 'too many event streams');
    this.#open += 1;
    res.writeHead(200, { 'Content-Type': 'text/event-stream', 'X-Accel-Buffering': 'no' });
    res.write(':\n\n');
    const stop = this.#sessions.onEvent((event) => {
      if (event.session.id !== session.id) return;
      if (res.writableLength > MAX_PENDING_BYTES) return void res.destroy();
      res.write(`event: ${event.type}\ndata: ${JSON.stringify(presentEvent(event))}\n\n`);
      if (event.type === 'closed') res.end();
    });
    const beat = (): void => {
      if (res.writableLength === 0) res.write(':\n\n');
      cancel = this.#clock.schedule(COMMENT_PERIOD_MS, beat);
    };
    let cancel = this.#clock.schedule(COMMENT_PERIOD_MS, beat);
    res.on('close', () => {
      cancel();
      stop();
      this.#open -= 1;
    });
    if (session.status !== 'open') res.end();
  }
}

function presentEvent(event: SessionEvent): object {
  if (event.type === 'message') return presentMessage(event.message);
  if (event.type === 'chunk' || event.type === 'thought') return { text: event.text };
  return presentSession(event.session);
}
