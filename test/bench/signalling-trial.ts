// One trial of `npm run bench -- signalling`: `signalling-trial.js '{"server":"offhook","callsPerSecond":100,"seconds":10}'`, prints its
// result as one line of JSON. SIPp places calls at a steady rate, to us or to SIPp's own server.
import { once } from 'node:events';
import { freePort } from '../support/free-port.js';
import { coresBetween, sampleCpu } from './process-cpu.js';
import { startServerProcess } from './server-process.js';
import { type LoadResult, runLoad, startSippServer } from './sipp-load.js';
import { rounded } from './statistics.js';

export type SignallingParameters = { server: 'offhook' | 'sipp'; callsPerSecond: number; seconds: number };
export type SignallingResult = SignallingParameters & LoadResult & { serverCores: number };

const HOLD_MS = 500;
const WARM_UP_CALLS = 50;
/** The limits that protect calls from floods are not what is measured, nor is how many ports there are. */
const CONFIG = {
  calls: { maxConcurrent: 2000 },
  media: { capacity: 2000, rtpPorts: { min: 20_000, max: 59_999 } },
  sip: { admission: { requestsPerSecond: 100_000, requestsPerSecondPerSource: 100_000 } },
};

const parameters = JSON.parse(process.argv[2] ?? '{}') as SignallingParameters;
process.stdout.write(`${JSON.stringify(await measure(parameters))}\n`);

async function measure(wanted: SignallingParameters): Promise<SignallingResult> {
  const { callsPerSecond, seconds } = wanted;
  const { port, pid, stop } = wanted.server === 'offhook' ? await startOffhook() : await startSipp();
  await runLoad({ port, callsPerSecond: 25, calls: WARM_UP_CALLS, holdMs: 0 });
  const before = sampleCpu(pid);
  const result = await runLoad({ port, callsPerSecond, calls: callsPerSecond * seconds, holdMs: HOLD_MS });
  const serverCores = rounded(coresBetween(pid, before, sampleCpu(pid)).all, 3);
  await stop();
  return { ...wanted, ...result, serverCores };
}

type Target = { port: number; pid: number; stop(): Promise<void> };

async function startOffhook(): Promise<Target> {
  const { calls, media, sip } = CONFIG;
  const server = await startServerProcess(
    `calls: ${JSON.stringify(calls)}\nmedia: ${JSON.stringify(media)}\nsip: ${JSON.stringify(sip)}\n`,
  );
  return { port: server.sipPort, pid: server.pid, stop: () => server.stop() };
}

async function startSipp(): Promise<Target> {
  const port = await freePort();
  const child = startSippServer(port);
  const exited = once(child, 'exit');
  await once(child, 'spawn');
  const stop = async (): Promise<void> => {
    child.kill('SIGKILL');
    await exited;
  };
  return { port, pid: child.pid ?? 0, stop };
}
