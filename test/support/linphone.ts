import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readFirstChannel } from './baresip.js';
import { freePort } from './free-port.js';
import { eventually } from './offhook-process.js';

export type LinphoneOptions = {
  /** Made and filled by this function; of the test's own. */
  folder: string;
  /** WAV file that it plays. */
  says: string;
  /** UDP; any free one when absent. */
  sipPort?: number;
  /** With SRTP, over a connection to a server that this PEM file vouches for. */
  caFile?: string;
};

/** A linphonec with files in place of a sound card. */
export type Linphone = {
  /** Lines as somebody would type them: `call sip:…`, `autoanswer enable`, `terminate`. */
  type(...commands: string[]): void;
  output(): string;
  /** Bytes of 16-bit audio that it has heard on its newest call. */
  heardBytes(): Promise<number>;
  heard(): Promise<{ heard: Int16Array; rateHz: number }>;
  /** Resolves when it is gone. */
  quit(): Promise<void>;
};

export async function startLinphone({ folder, says, sipPort = -1, caFile }: LinphoneOptions): Promise<Linphone> {
  await mkdir(join(folder, '.local/share/linphone'), { recursive: true });
  const settings = join(folder, 'settings');
  const recording = join(folder, 'heard.wav');
  const lines = [
    '[sip]',
    `sip_port=${sipPort}`,
    'sip_tcp_port=-1',
    'sip_tls_port=-1',
    ...(caFile === undefined ? ['media_encryption=none'] : ['media_encryption=srtp', `root_ca=${caFile}`]),
    '[rtp]',
    `audio_rtp_port=${await freePort()}`,
  ];
  await writeFile(settings, `${lines.join('\n')}\n`);
  const child = spawn('linphonec', ['-c', settings], { env: { ...process.env, HOME: folder }, stdio: 'pipe' });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  child.stderr.resume();
  const ended = once(child, 'close');
  const type = (...commands: string[]): void => void child.stdin.write(commands.map((command) => `${command}\n`).join(''));
  type('ipv6 disable', 'soundcard use files', `play ${says}`, `record ${recording}`);
  return {
    type,
    output: () => output,
    heardBytes: async () => (await stat(recording).catch(() => ({ size: 0 }))).size,
    heard: async () => readFirstChannel(await readFile(recording)),
    quit: async () => {
      type('quit');
      await ended;
    },
  };
}

export type LinphoneCall = LinphoneOptions & {
  uri: string;
  /** It hangs up when it has recorded so much of 16-bit audio. */
  hearsBytes: number;
};

/** Has linphonec call `uri` and hang up. Resolves with what it said and what it heard. */
export async function callWithLinphone(options: LinphoneCall): Promise<{ output: string; heard: Int16Array; rateHz: number }> {
  const phone = await startLinphone(options);
  try {
    phone.type(`call ${options.uri}`);
    await eventually(async () => {
      if (/Call \d+ with .* error/.test(phone.output())) throw new Error(phone.output());
      return (await phone.heardBytes()) >= options.hearsBytes || undefined;
    }, 'linphone to hear enough');
    phone.type('terminate');
    await eventually(() => /ended \(No error\)/.test(phone.output()) || undefined, 'linphone to hang up');
  } finally {
    await phone.quit();
  }
  return { output: phone.output(), ...(await phone.heard()) };
}
