import type { WebSocket } from 'ws';
import type { Clock } from '../../core/clock.js';

/** Routers forget connections that are silent for minutes; a far side that answers no ping for a whole period is gone. */
const PING_PERIOD_MS = 30_000;

/** Pings the far side, cuts it off when it does not answer, and counts what it says between two pings. */
export function keepAlive(client: WebSocket, clock: Clock): { stop(): void; countMessage(): number } {
  let answered = true;
  let messages = 0;
  const beat = (): void => {
    if (!answered) {
      client.terminate();
      return;
    }
    answered = false;
    messages = 0;
    if (client.readyState === 1) client.ping();
    cancel = clock.schedule(PING_PERIOD_MS, beat);
  };
  let cancel = clock.schedule(PING_PERIOD_MS, beat);
  client.on('pong', () => {
    answered = true;
  });
  return {
    stop: () => cancel(),
    countMessage: () => {
      answered = true;
      messages += 1;
      return messages;
    },
  };
}
