// One trial of the engine without a server around it: `engine-trial.js '{"calls":100,"line":"PCMU","other":"opus",…}'`, prints its result as
// one line of JSON. This process holds the engine, on one core; the load generator has the other.
import { spawnSync } from 'node:child_process';
import { silentLogger } from '../../src/core/log.js';
import type { CodecName } from '../../src/domain/ports/media.js';
import { startMediaEngine } from '../../src/media/native-engine.js';
import { freePorts } from './free-ports.js';
import { passed } from './passed.js';
import { coresBetween, sampleCpu } from './process-cpu.js';
import { type Generated, generateRtp, type RtpStream } from './rtp-generator.js';
import { rounded } from './statistics.js';

export type EngineParameters = {
  calls: number;
  line: CodecName;
  /** Of the phone at the other end of a bridge; absent: the caller hears an echo. */
  other?: CodecName;
  speechFile: string;
  settleS: number;
  windowS: number;
};
export type EngineResult = EngineParameters & {
  /** Of one core, kernel time included. */
  cores: number;
  cpuPerCallPercent: number;
  generated: Generated;
  generatorCores: number;
};

const ADDRESS = '127.0.0.1';
const AFTER_WINDOW_S = 1;

const parameters = JSON.parse(process.argv[2] ?? '{}') as EngineParameters;
// Before the engine's threads begin, so that they inherit it.
spawnSync('taskset', ['-a', '-cp', '0', String(process.pid)]);
process.stdout.write(`${JSON.stringify(await measure(parameters))}\n`);

async function measure(wanted: EngineParameters): Promise<EngineResult> {
  const { calls, line, other, speechFile, settleS, windowS } = wanted;
  const sessions = other === undefined ? calls : 2 * calls;
  const engine = startMediaEngine({
    bind: ADDRESS,
    rtpPorts: { min: 20_000, max: 29_999 },
    capacity: sessions,
    log: silentLogger,
  });
  const ports = await freePorts(sessions);
  const streams: RtpStream[] = [];
  const open = (codec: CodecName) => {
    const localPort = ports.pop() ?? 0;
    const payloadType = { PCMU: 0, PCMA: 8, G722: 9, opus: 96 }[codec];
    const session = engine.open();
    session.configure({
      codec,
      payloadType,
      clockRateHz: codec === 'opus' ? 48_000 : 8_000,
      ptimeMs: 20,
      telephoneEvent: undefined,
      remote: { address: ADDRESS, rtpPort: localPort, rtcpPort: localPort + 1 },
      direction: 'sendrecv',
    });
    streams.push({ localPort, codec, payloadType, remote: session.local });
    return session;
  };
  for (let call = 0; call < calls; call += 1) {
    const session = open(line);
    if (other === undefined) session.setSource({ type: 'echo' });
    else session.bridge(open(other));
  }

  const seconds = settleS + windowS + AFTER_WINDOW_S;
  const generating = generateRtp(streams, speechFile, seconds);
  await passed(settleS);
  const before = sampleCpu(process.pid);
  await passed(windowS);
  const { all } = coresBetween(process.pid, before, sampleCpu(process.pid));
  const generated = await generating;
  await engine.close();
  return {
    ...wanted,
    cores: rounded(all, 4),
    cpuPerCallPercent: rounded((all / calls) * 100, 4),
    generated,
    generatorCores: rounded(generated.generatorCpuS / seconds, 3),
  };
}
