import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { BARESIP_MODULES, readFirstChannel } from './baresip.js';
import { freePort } from './free-port.js';
import { eventually } from './offhook-process.js';

export type BaresipOptions = {
  /** Made and filled by this class; of the test's own. */
  folder: string;
  /** A line of its accounts file. */
  account: string;
  /** 0 takes any free port. */
  sipPort?: number;
  /** PEM file of the authorities a TLS server is held to. */
  caFile?: string;
  /** PEM file of its own certificate and key: it then listens for TLS on the port after `sipPort`. */
  certificateFile?: string;
  /** WAV file of the codec's own rate; without it, what it hears is said again, which no longer works after a hold. */
  says?: string;
};

type BaresipEvent = { event: true; type: string; param?: string };

/** A baresip without a sound card that goes on until it is told to stop, steered over its control port (netstrings of JSON). */
export class BaresipPhone {
  readonly events: BaresipEvent[] = [];
  readonly #folder: string;
  readonly #control: Socket;
  #waiting = '';

  private constructor(folder: string, control: Socket) {
    this.#folder = folder;
    this.#control = control;
    control.setEncoding('utf8').on('data', (text: string) => this.#take(text));
    control.on('error', () => {});
  }

  static async start(
    t: { teardown(task: () => Promise<void>): void },
    { folder, account, caFile, certificateFile, says, sipPort = 0 }: BaresipOptions,
  ): Promise<BaresipPhone> {
    await mkdir(folder, { recursive: true });
    const controlPort = await freePort();
    const lines = [
      'module_path /usr/lib/baresip/modules',
      ...[...BARESIP_MODULES, 'aufile', 'ctrl_tcp'].map((name) => `module ${name}.so`),
      `sip_listen 127.0.0.1:${sipPort}`,
      ...(caFile === undefined ? [] : [`sip_cafile ${caFile}`]),
      ...(certificateFile === undefined ? [] : [`sip_certificate ${certificateFile}`]),
      'audio_player aubridge,line',
      says === undefined ? 'audio_source aubridge,line' : `audio_source aufile,${says}`,
      `snd_path ${folder}`,
      `ctrl_tcp_listen 127.0.0.1:${controlPort}`,
    ];
    await writeFile(join(folder, 'config'), `${lines.join('\n')}\n`);
    await writeFile(join(folder, 'accounts'), `${account}\n`);
    const child = spawn('baresip', ['-f', folder], { stdio: 'ignore' });
    const exited = once(child, 'exit');
    t.teardown(async () => {
      child.kill('SIGTERM');
      await exited;
    });
    const control = await eventually(() => connected(controlPort), 'baresip to start');
    return new BaresipPhone(folder, control);
  }

  /** `dial`, `hold`, `resume`, `transfer`, `hangup` and what else its menu knows. */
  command(command: string, params = ''): void {
    const text = JSON.stringify({ command, params, token: command });
    this.#control.write(`${text.length}:${text},`);
  }

  /** The `count`th event of the type. */
  happened(type: string, count = 1): Promise<BaresipEvent> {
    return eventually(() => this.events.filter((event) => event.type === type)[count - 1], `baresip: ${type}`);
  }

  /** What it heard on its calls, in the order of their audio streams. */
  async heard(): Promise<{ heard: Int16Array; rateHz: number }[]> {
    const dumps = (await readdir(this.#folder)).filter((name) => name.endsWith('-dec.wav')).sort();
    return Promise.all(dumps.map(async (name) => readFirstChannel(await readFile(join(this.#folder, name)))));
  }

  #take(text: string): void {
    this.#waiting += text;
    for (;;) {
      const colon = this.#waiting.indexOf(':');
      const end = colon + 1 + Number(this.#waiting.slice(0, Math.max(colon, 0)));
      if (colon < 0 || this.#waiting.length <= end) return;
      const message = JSON.parse(this.#waiting.slice(colon + 1, end)) as BaresipEvent;
      this.#waiting = this.#waiting.slice(end + 1);
      if (message.event) this.events.push(message);
    }
  }
}

function connected(port: number): Promise<Socket | undefined> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(socket));
    socket.once('error', () => resolve(undefined));
  });
}
