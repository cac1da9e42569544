// One trial of `npm run bench -- signalling`: `dialog-memory-trial.js '{"dialogs":1000}'`, prints its result as one line of JSON. What a
// dialog that stands still takes: in the signalling server and the SIP adapter alone, and in the whole server.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { systemClock } from '../../src/core/clock.js';
import { silentLogger } from '../../src/core/log.js';
import { startSignallingServer } from '../../src/signalling/signalling-server.js';
import { connectTelephony } from '../../src/sip/drachtio-telephony.js';
import { loopbackAddresses } from '../support/loopback.js';
import { residentBytes } from './process-cpu.js';
import { startServerProcess } from './server-process.js';
import { runLoad } from './sipp-load.js';
import { rounded } from './statistics.js';

export type DialogMemoryParameters = { dialogs: number };
export type DialogMemoryResult = DialogMemoryParameters & {
  /** Heap of JavaScript, after collection. */
  signallingKilobytes: number;
  /** Resident memory of the server with its media session, recording and record. */
  wholeKilobytes: number;
};

const CALLS_PER_SECOND = 100;
const SECRET = 'of the benchmark';

setFlagsFromString('--expose_gc');
const collect = runInNewContext('gc') as () => void;

const { dialogs } = JSON.parse(process.argv[2] ?? '{}') as DialogMemoryParameters;
const result: DialogMemoryResult = {
  dialogs,
  signallingKilobytes: await inSignalling(),
  wholeKilobytes: await inWholeServer(),
};
process.stdout.write(`${JSON.stringify(result)}\n`);

async function inSignalling(): Promise<number> {
  const common = { clock: systemClock, log: silentLogger };
  const admission = { requestsPerSecond: 100_000, requestsPerSecondPerSource: 100_000 };
  const options = { bind: '127.0.0.1', sipPort: 0, externalIp: undefined, secret: SECRET, admission, ...common };
  const server = await startSignallingServer(options);
  const at = {
    host: '127.0.0.1',
    port: server.appPort,
    secret: SECRET,
    addresses: loopbackAddresses(),
    userAgent: 'Bench',
    ...common,
  };
  const telephony = await connectTelephony(at);
  telephony.onInvite((invite) => void invite.answer({ rtpPort: 20_000, rtcpPort: 20_001 }, () => {}));
  await runLoad({ port: server.sipPort, callsPerSecond: CALLS_PER_SECOND, calls: CALLS_PER_SECOND, holdMs: 0 });
  const kilobytes = await growthWhileHeld(server.sipPort, () => {
    collect();
    return process.memoryUsage().heapUsed;
  });
  await telephony.close();
  await server.close();
  return kilobytes;
}

async function inWholeServer(): Promise<number> {
  const media = { capacity: dialogs + 100, rtpPorts: { min: 20_000, max: 59_999 } };
  const sip = { admission: { requestsPerSecond: 100_000, requestsPerSecondPerSource: 100_000 } };
  const server = await startServerProcess(
    `calls: ${JSON.stringify({ maxConcurrent: dialogs + 100 })}\nmedia: ${JSON.stringify(media)}\nsip: ${JSON.stringify(sip)}\n`,
  );
  await runLoad({ port: server.sipPort, callsPerSecond: CALLS_PER_SECOND, calls: CALLS_PER_SECOND, holdMs: 0 });
  const kilobytes = await growthWhileHeld(server.sipPort, () => residentBytes(server.pid));
  await server.stop();
  return kilobytes;
}

/** Per dialog, when all of them stand. */
async function growthWhileHeld(port: number, read: () => number): Promise<number> {
  const before = read();
  const setUpMs = (dialogs / CALLS_PER_SECOND) * 1000;
  const load = runLoad({ port, callsPerSecond: CALLS_PER_SECOND, calls: dialogs, holdMs: setUpMs + 6_000 });
  // Past what transactions keep for a while after they are over (RFC 3261 timers D and J are longer: they count).
  await new Promise<void>((resolve) => void systemClock.schedule(setUpMs + 4_000, resolve));
  const grown = read() - before;
  const { failed } = await load;
  if (failed > 0) throw new Error(`${failed} of ${dialogs} calls failed`);
  return rounded(grown / 1024 / dialogs, 1);
}
