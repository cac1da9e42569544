import type { ServerProcess } from './server-process.js';
import { runLoad } from './sipp-load.js';

export const DISTURBANCES = ['none', 'JS blocked', 'checkpoints', 'other calls'] as const;
/** What goes on in the server beside the calls that are measured. */
export type Disturbance = (typeof DISTURBANCES)[number];

const OTHER_CALLS_PER_S = 100;
const OTHER_CALLS_HOLD_MS = 500;

/** What the server's main thread does between two signals. */
const TIMERS: Partial<Record<Disturbance, string>> = {
  'JS blocked': 'setInterval(() => { for (const end = performance.now() + 500; performance.now() < end; ); }, 1000)',
  // Through its own connection, but on the server's thread, file and disk: 4 MB into the log, then into the database, five times a second.
  checkpoints: `(() => {
    const database = new (require('better-sqlite3'))(process.env.OFFHOOK_DATA_DIR + '/offhook.db');
    database.exec('CREATE TABLE ballast (bytes BLOB) STRICT; INSERT INTO ballast VALUES (NULL)');
    return setInterval(() => {
      database.exec('UPDATE ballast SET bytes = randomblob(4000000)');
      database.pragma('wal_checkpoint(TRUNCATE)');
    }, 200);
  })()`,
};

/** For `startServerProcess`: the first SIGUSR2 begins the disturbance, the second ends it. */
export function scriptOf(disturbance: Disturbance): string {
  const timer = TIMERS[disturbance];
  return timer === undefined
    ? ''
    : `{ let timer; process.on('SIGUSR2', () => { if (timer) clearInterval(timer); else timer = ${timer}; }); }`;
}

/** Begins it, for so many seconds where it ends by itself. Call the result for its end: the number of calls that were placed. */
export function disturb(disturbance: Disturbance, server: ServerProcess, seconds: number): () => Promise<number> {
  if (disturbance === 'other calls') {
    const calls = OTHER_CALLS_PER_S * seconds;
    const load = runLoad({ port: server.sipPort, callsPerSecond: OTHER_CALLS_PER_S, calls, holdMs: OTHER_CALLS_HOLD_MS });
    return async () => {
      const { failed } = await load;
      if (failed > 0) throw new Error(`${failed} of the other calls failed`);
      return calls;
    };
  }
  if (TIMERS[disturbance] === undefined) return async () => 0;
  process.kill(server.pid, 'SIGUSR2');
  return async () => {
    process.kill(server.pid, 'SIGUSR2');
    return 0;
  };
}
