import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Accounts are read as their module is loaded: what they name comes before it. */
export const BARESIP_MODULES = ['g711', 'g722', 'opus', 'srtp', 'account', 'menu', 'aubridge', 'sndfile'];

export type BaresipCall = {
  /** Made and filled by this function; of the test's own. */
  folder: string;
  /** A line of its accounts file: `<sip:me@127.0.0.1>;regint=0`. */
  account: string;
  uri: string;
  /** How long baresip stays; it hangs up then. */
  seconds: number;
  /** PEM file of the authorities a TLS server is held to. */
  caFile?: string;
};

/** Has baresip, without a sound card, call `uri` and hang up. Resolves with what it said and what it heard. */
export async function callWithBaresip(options: BaresipCall): Promise<{ output: string; heard: Int16Array; rateHz: number }> {
  const { folder, account, uri, seconds, caFile } = options;
  await prepare(folder, account, caFile);
  const output = await run(['-f', folder, '-e', `d ${uri}`, '-t', String(seconds)]);
  const dump = (await readdir(folder)).find((name) => name.endsWith('-dec.wav'));
  if (dump === undefined) throw new Error(`baresip heard nothing:\n${output}`);
  return { output, ...readFirstChannel(await readFile(join(folder, dump))) };
}

/** Has baresip register and answer what comes. `stop` has it take its leave, and resolves with what it said. */
export async function answerWithBaresip(options: Omit<BaresipCall, 'uri' | 'seconds'>): Promise<{ stop(): Promise<string> }> {
  const { folder, account, caFile } = options;
  await prepare(folder, account, caFile);
  // Longer than any test: one that fails must not leave it running for ever.
  const { child, output } = start(['-f', folder, '-t', '60']);
  return {
    stop: () => {
      child.kill('SIGTERM');
      return output;
    },
  };
}

async function prepare(folder: string, account: string, caFile: string | undefined): Promise<void> {
  await mkdir(folder, { recursive: true });
  const lines = [
    'module_path /usr/lib/baresip/modules',
    ...BARESIP_MODULES.map((name) => `module ${name}.so`),
    'sip_listen 127.0.0.1:0',
    ...(caFile === undefined ? [] : [`sip_cafile ${caFile}`]),
    'audio_player aubridge,line',
    'audio_source aubridge,line',
    `snd_path ${folder}`,
  ];
  await writeFile(join(folder, 'config'), `${lines.join('\n')}\n`);
  await writeFile(join(folder, 'accounts'), `${account}\n`);
}

const run = (args: string[]): Promise<string> => start(args).output;

function start(args: string[]): { child: ChildProcess; output: Promise<string> } {
  const child = spawn('baresip', args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  const keep = (chunk: Buffer): void => {
    said += chunk.toString('utf8');
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  const output = new Promise<string>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', () => resolve(said));
  });
  return { child, output };
}

/** The first channel of 16-bit PCM; the sizes in the header are not trusted, because baresip writes them when it closes the file. */
export function readFirstChannel(file: Buffer): { heard: Int16Array; rateHz: number } {
  if (file.readUInt16LE(34) !== 16) throw new Error('not 16-bit PCM');
  const frameBytes = 2 * file.readUInt16LE(22);
  const start = file.indexOf('data', 36, 'latin1') + 8;
  const heard = new Int16Array(Math.floor((file.length - start) / frameBytes));
  for (let i = 0; i < heard.length; i++) heard[i] = file.readInt16LE(start + frameBytes * i);
  return { heard, rateHz: file.readUInt32LE(24) };
}
