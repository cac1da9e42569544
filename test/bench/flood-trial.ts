// One trial of `npm run bench -- attack`: `flood-trial.js '{"calls":50,"invitesPerSecond":1000,…}'`, prints its result as one line of JSON.
// Echo calls with speech while a stranger floods the server with INVITEs: what the calls lose, and what stays of the flood.
import { startDialler } from './dialler.js';
import { type Flooded, floodInvites } from './invite-flood.js';
import { passed } from './passed.js';
import { coresBetween, residentBytes, sampleCpu } from './process-cpu.js';
import { type Generated, generateRtp } from './rtp-generator.js';
import { startServerProcess } from './server-process.js';
import { rounded } from './statistics.js';

export type FloodParameters = { calls: number; invitesPerSecond: number; seconds: number; speechFile: string };
export type FloodResult = FloodParameters & {
  flooded: Flooded;
  generated: Generated;
  serverCores: number;
  /** With the calls, before the flood, at its end, and when its transactions are over. */
  residentMiB: { before: number; flooded: number; afterwards: number };
};

/** 64*T1, by which every transaction is over, and a little. */
const TRANSACTIONS_OVER_S = 35;
const AROUND_S = 1;
/** Whatever the flood costs, it costs by the server's own limits: nobody is banned for it, and only the calls are of somebody known. */
const CONFIG = `sip: { trustedSources: ['127.0.0.1'], bans: { enabled: false } }\ncalls: { maxConcurrent: 1000 }\n`;

const parameters = JSON.parse(process.argv[2] ?? '{}') as FloodParameters;
process.stdout.write(`${JSON.stringify(await measure(parameters))}\n`);

async function measure(wanted: FloodParameters): Promise<FloodResult> {
  const { calls, invitesPerSecond, seconds, speechFile } = wanted;
  const server = await startServerProcess(CONFIG);
  const resident = (): number => rounded(residentBytes(server.pid) / 1024 / 1024, 1);
  const dialler = await startDialler({ codec: 'PCMU', srtp: false });
  // Code that runs for the first time takes memory for good.
  await floodInvites(server.sipPort, Math.min(invitesPerSecond, 200), AROUND_S);
  const placed = await dialler.place(`sip:echo@127.0.0.1:${server.sipPort}`, calls);
  const generating = generateRtp(placed, speechFile, seconds + 3 * AROUND_S);
  await passed(AROUND_S);
  const [before, cpuBefore] = [resident(), sampleCpu(server.pid)];
  const flooded = await floodInvites(server.sipPort, invitesPerSecond, seconds);
  const { all } = coresBetween(server.pid, cpuBefore, sampleCpu(server.pid));
  const atItsEnd = resident();
  const generated = await generating;
  await passed(TRANSACTIONS_OVER_S);
  const residentMiB = { before, flooded: atItsEnd, afterwards: resident() };
  await Promise.all(placed.map(({ dialog }) => dialog.hangup()));
  await dialler.close();
  await server.stop();
  return { ...wanted, flooded, generated, serverCores: rounded(all, 3), residentMiB };
}
