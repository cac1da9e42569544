import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import type { AudioAgreement } from '../../src/domain/ports/media.js';

/** One caller's side of a call, as the load generator speaks it. */
export type RtpStream = { localPort: number } & Pick<AudioAgreement, 'codec' | 'payloadType' | 'srtp'> & {
    remote: { rtpPort: number };
  };

/** What the load generator sent and got back, and when. */
export type Generated = {
  sent: number;
  received: number;
  /** Left, by their numbers, and did not arrive. */
  missing: number;
  /** Their time passed, by the timestamps, and they never left. */
  unsent: number;
  /** How far the time between two packets is from what it should be. */
  pacingP50Ms: number;
  pacingP99Ms: number;
  pacingP999Ms: number;
  pacingMaxMs: number;
  /** Behind the stream's own clock. */
  lateP50Ms: number;
  lateP99Ms: number;
  lateP999Ms: number;
  lateMaxMs: number;
  generatorLateMaxMs: number;
  generatorCpuS: number;
};

/** The load generator has this core to itself where the trial keeps the other for what it measures. */
const GENERATOR_CORE = '1';
const [PIN, ...ON_CORE] = ['taskset', '-c', GENERATOR_CORE];

/** Speech on all these calls for so long. */
export async function generateRtp(streams: readonly RtpStream[], speechFile: string, seconds: number): Promise<Generated> {
  const generator = spawn(PIN, [...ON_CORE, 'dist/rtp-load', speechFile, String(seconds)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const output = text(generator.stdout);
  const exited = once(generator, 'exit') as Promise<[number | null]>;
  generator.stdin.end(streams.map(lineOf).join(''));
  const [code] = await exited;
  if (code !== 0) throw new Error(`the load generator ended with ${code}`);
  return JSON.parse(await output) as Generated;
}

const lineOf = ({ localPort, remote, codec, payloadType, srtp }: RtpStream): string =>
  `${localPort} 127.0.0.1 ${remote.rtpPort} ${codec} ${payloadType} ${srtp?.suite ?? '-'} ${srtp?.sendKey.toString('hex') ?? '-'}\n`;
