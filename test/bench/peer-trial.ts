// One trial of `npm run bench -- peers`: `peer-trial.js '{"calls":100,"line":"PCMU","other":"PCMA",…}'`, prints its result as one line of
// JSON. rtpengine does what `engine-trial` has our engine do: it connects two phones.
import type { EngineParameters, EngineResult } from './engine-trial.js';
import { freePorts } from './free-ports.js';
import { passed } from './passed.js';
import { coresBetween, sampleCpu } from './process-cpu.js';
import { generateRtp, type RtpStream } from './rtp-generator.js';
import { Rtpengine } from './rtpengine.js';
import { rounded } from './statistics.js';

const AFTER_WINDOW_S = 1;

const parameters = JSON.parse(process.argv[2] ?? '{}') as Required<EngineParameters>;
process.stdout.write(`${JSON.stringify(await measure(parameters))}\n`);

async function measure(wanted: Required<EngineParameters>): Promise<EngineResult> {
  const { calls, line, other, speechFile, settleS, windowS } = wanted;
  const peer = await Rtpengine.start();
  const ports = await freePorts(2 * calls);
  const streams: RtpStream[] = [];
  for (let call = 0; call < calls; call += 1) {
    streams.push(...(await peer.connect(line, other, [ports.pop() ?? 0, ports.pop() ?? 0])));
  }
  const seconds = settleS + windowS + AFTER_WINDOW_S;
  const generating = generateRtp(streams, speechFile, seconds);
  await passed(settleS);
  const before = sampleCpu(peer.pid);
  await passed(windowS);
  const { all } = coresBetween(peer.pid, before, sampleCpu(peer.pid));
  const generated = await generating;
  await peer.stop();
  return {
    ...wanted,
    cores: rounded(all, 4),
    cpuPerCallPercent: rounded((all / calls) * 100, 4),
    generated,
    generatorCores: rounded(generated.generatorCpuS / seconds, 3),
  };
}
