import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import type { Placed } from './dialler.js';

/** What the load generator sent and got back, and when. */
export type Generated = {
  sent: number;
  received: number;
  missing: number;
  pacingP50Ms: number;
  pacingP99Ms: number;
  pacingP999Ms: number;
  pacingMaxMs: number;
  generatorLateMaxMs: number;
  generatorCpuS: number;
};

/** The load generator has this core; the server goes where the scheduler puts it, on all of them. */
const GENERATOR_CORE = '1';
const [PIN, ...ON_CORE] = ['taskset', '-c', GENERATOR_CORE];

/** Speech on all these calls for so long. */
export async function generateRtp(placed: readonly Placed[], speechFile: string, seconds: number): Promise<Generated> {
  const generator = spawn(PIN, [...ON_CORE, 'dist/rtp-load', speechFile, String(seconds)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const output = text(generator.stdout);
  const exited = once(generator, 'exit');
  generator.stdin.end(placed.map(({ localPort, remotePort }) => `${localPort} 127.0.0.1 ${remotePort}\n`).join(''));
  await exited;
  return JSON.parse(await output) as Generated;
}
