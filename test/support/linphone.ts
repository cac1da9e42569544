import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readFirstChannel } from './baresip.js';
import { freePort } from './free-port.js';
import { eventually } from './offhook-process.js';

export type LinphoneCall = {
  /** Made and filled by this function; of the test's own. */
  folder: string;
  uri: string;
  /** WAV file that it plays. */
  says: string;
  /** It hangs up when it has recorded so much of 16-bit audio. */
  hearsBytes: number;
  /** With SRTP, over a connection to a server that this PEM file vouches for. */
  caFile?: string;
};

/** Has linphonec, with files in place of a sound card, call `uri` and hang up. Resolves with what it said and what it heard. */
export async function callWithLinphone(options: LinphoneCall): Promise<{ output: string; heard: Int16Array; rateHz: number }> {
  const { folder, uri, says, hearsBytes, caFile } = options;
  await mkdir(join(folder, '.local/share/linphone'), { recursive: true });
  const settings = join(folder, 'settings');
  const recording = join(folder, 'heard.wav');
  const lines = [
    '[sip]',
    'sip_port=-1',
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
  const say = (...commands: string[]): void => void child.stdin.write(commands.map((command) => `${command}\n`).join(''));
  try {
    say('ipv6 disable', 'soundcard use files', `play ${says}`, `record ${recording}`, `call ${uri}`);
    await eventually(async () => {
      if (/Call \d+ with .* error/.test(output)) throw new Error(output);
      const { size } = await stat(recording).catch(() => ({ size: 0 }));
      return size >= hearsBytes || undefined;
    }, 'linphone to hear enough');
    say('terminate');
    await eventually(() => /ended \(No error\)/.test(output) || undefined, 'linphone to hang up');
  } finally {
    say('quit');
    await ended;
  }
  return { output, ...readFirstChannel(await readFile(recording)) };
}
