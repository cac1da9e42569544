// One trial of `npm run bench -- leak`: `leak-trial.js '{"through":"engine","calls":20000}'`, prints its result as one line of JSON: what
// short calls leave behind, in this process (the engine alone) or in a server's.
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { mkdtemp, rm, unlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { silentLogger } from '../../src/core/log.js';
import type { MediaEngine, MediaSession } from '../../src/domain/ports/media.js';
import { startMediaEngine } from '../../src/media/native-engine.js';
import { passed } from './passed.js';
import { residentBytes } from './process-cpu.js';
import { startServerProcess } from './server-process.js';
import { runLoad } from './sipp-load.js';
import { rounded } from './statistics.js';

export type LeakParameters = { through: 'engine' | 'SIP'; calls: number; warmUpCalls: number };
type Held = { calls: number; residentMiB: number; heapMiB: number; files: number; ports: number; sessions: number };
export type LeakResult = LeakParameters & { held: Held[] };

const ADDRESS = '127.0.0.1';
const RTP_PORTS = { min: 20_000, max: 29_999 };
const STAGES = 4;
/** A few packets each way. */
const CALL_S = 0.1;
/** What the process has put aside is given back first: what stays is in use. Bytes of JavaScript's own are written down. */
const collecting = (heapFile: string): string => `{
  require('v8').setFlagsFromString('--expose-gc');
  const gc = require('vm').runInNewContext('gc');
  const { writeFileSync } = require('fs');
  process.on('SIGUSR2', () => { gc(); writeFileSync(${JSON.stringify(heapFile)}, String(process.memoryUsage().heapUsed)); });
}`;
const COLLECTED_S = 1.5;
/** Transactions and dialogs are kept for half a minute after their end (timers H and J of RFC 3261), which is no leak. */
const FORGOTTEN_S = 35;

const parameters = JSON.parse(process.argv[2] ?? '{}') as LeakParameters;
const held = await (parameters.through === 'engine' ? throughEngine(parameters) : throughSip(parameters));
process.stdout.write(`${JSON.stringify({ ...parameters, held } satisfies LeakResult)}\n`);

async function throughEngine({ calls, warmUpCalls }: LeakParameters): Promise<Held[]> {
  const pairsAtOnce = 50;
  const engine = startMediaEngine({
    bind: ADDRESS,
    rtpPorts: RTP_PORTS,
    capacity: 2 * pairsAtOnce,
    log: silentLogger,
  });
  const folder = await mkdtemp(join(tmpdir(), 'offhook-leak-'));
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const run = async (count: number): Promise<void> => {
    let left = count / 2;
    const lane = async (name: string): Promise<void> => {
      while (left-- > 0) await shortCalls(engine, join(folder, `${name}.wav`));
    };
    await Promise.all(Array.from({ length: pairsAtOnce }, (_, i) => lane(String(i))));
    collect();
    await passed(COLLECTED_S);
  };
  const result = await stages(calls, warmUpCalls, run, (done) =>
    heldBy(process.pid, done, { sessions: engine.usage().open, heapBytes: process.memoryUsage().heapUsed }),
  );
  await engine.close();
  await rm(folder, { recursive: true });
  return result;
}

/** Two that talk to each other: an agent's side, recorded, and one that sends it back. */
async function shortCalls(engine: MediaEngine, path: string): Promise<void> {
  const one = engine.open();
  const other = engine.open();
  agree(one, other);
  agree(other, one);
  one.startRecording(path);
  one.setSource({ type: 'tone', hz: 440 });
  other.setSource({ type: 'echo' });
  await passed(CALL_S);
  await Promise.all([one.close(), other.close()]);
  await unlink(path);
}

function agree(session: MediaSession, other: MediaSession): void {
  session.configure({
    codec: 'PCMU',
    payloadType: 0,
    clockRateHz: 8000,
    ptimeMs: 20,
    telephoneEvent: { payloadType: 101, clockRateHz: 8000 },
    remote: { address: ADDRESS, ...other.local },
    direction: 'sendrecv',
  });
}

async function throughSip({ calls, warmUpCalls }: LeakParameters): Promise<Held[]> {
  const callsPerSecond = 100;
  const config = {
    calls: { maxConcurrent: 500 },
    media: { capacity: 512, rtpPorts: RTP_PORTS },
    sip: { admission: { requestsPerSecond: 100_000, requestsPerSecondPerSource: 100_000 } },
  };
  const yaml = Object.entries(config).map(([name, section]) => `${name}: ${JSON.stringify(section)}\n`);
  const folder = await mkdtemp(join(tmpdir(), 'offhook-leak-'));
  const heapFile = join(folder, 'heap');
  const server = await startServerProcess(yaml.join(''), { script: collecting(heapFile) });
  const run = async (count: number): Promise<void> => {
    const { failed } = await runLoad({ port: server.sipPort, callsPerSecond, calls: count, holdMs: 200 });
    if (failed > 0) throw new Error(`${failed} calls failed`);
    await passed(FORGOTTEN_S);
    process.kill(server.pid, 'SIGUSR2');
    await passed(COLLECTED_S);
  };
  const result = await stages(calls, warmUpCalls, run, async (done) => {
    const sessions = await server.metric('offhook_media_sessions');
    return heldBy(server.pid, done, { sessions, heapBytes: Number(readFileSync(heapFile, 'utf8')) });
  });
  await server.stop();
  await rm(folder, { recursive: true });
  return result;
}

async function stages(
  calls: number,
  warmUpCalls: number,
  run: (count: number) => Promise<void>,
  look: (done: number) => Held | Promise<Held>,
): Promise<Held[]> {
  await run(warmUpCalls);
  const held = [await look(0)];
  for (let stage = 1; stage <= STAGES; stage += 1) {
    await run(Math.round(calls / STAGES));
    held.push(await look((calls / STAGES) * stage));
  }
  return held;
}

function heldBy(pid: number, calls: number, { sessions, heapBytes }: { sessions: number; heapBytes: number }): Held {
  const files = readdirSync(`/proc/${pid}/fd`).map((name) => readlinkOf(`/proc/${pid}/fd/${name}`));
  // "socket:[12345]", by its inode.
  const sockets = new Set(files.flatMap((target) => /^socket:\[(\d+)\]$/.exec(target)?.[1] ?? []));
  return {
    calls,
    residentMiB: rounded(residentBytes(pid) / 2 ** 20, 1),
    heapMiB: rounded(heapBytes / 2 ** 20, 1),
    files: files.length,
    ports: boundPorts(pid, sockets),
    sessions,
  };
}

/** The listing itself is among the files, and gone when it is looked at. */
function readlinkOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}

/** UDP ports of our range that the process has bound. */
function boundPorts(pid: number, sockets: ReadonlySet<string>): number {
  const rows = readFileSync(`/proc/${pid}/net/udp`, 'utf8').trim().split('\n').slice(1);
  const ports = rows
    .map((row) => row.trim().split(/\s+/))
    .filter((fields) => sockets.has(fields[9] ?? ''))
    .map((fields) => Number.parseInt(fields[1]?.split(':')[1] ?? '', 16));
  return ports.filter((port) => port >= RTP_PORTS.min && port <= RTP_PORTS.max).length;
}
