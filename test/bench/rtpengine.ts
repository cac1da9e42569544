import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import type { CodecName } from '../../src/domain/ports/media.js';
import { freePorts } from './free-ports.js';
import type { RtpStream } from './rtp-generator.js';

const ADDRESS = '127.0.0.1';
const BINARY = '/usr/bin/rtpengine';
/** For messages and for packets, one each, as there is one core. */
const THREADS = 1;
const PATIENCE_MS = 5_000;
const TRIES = 20;
const TRY_MS = 250;

const FORMATS = {
  PCMU: { payloadType: 0, map: 'PCMU/8000' },
  PCMA: { payloadType: 8, map: 'PCMA/8000' },
  G722: { payloadType: 9, map: 'G722/8000' },
  opus: { payloadType: 96, map: 'opus/48000/2' },
} as const satisfies Record<CodecName, { payloadType: number; map: string }>;

/** Debian's rtpengine in user space, on one core, spoken to by its "ng" protocol. */
export class Rtpengine {
  readonly #process: ChildProcess;
  readonly #socket: Socket;
  readonly #port: number;
  readonly #waiting = new Map<string, (reply: string) => void>();

  private constructor(child: ChildProcess, socket: Socket, port: number) {
    this.#process = child;
    this.#socket = socket;
    this.#port = port;
    socket.on('message', (message) => {
      const [cookie = ''] = message.toString('latin1').split(' ', 1);
      this.#waiting.get(cookie)?.(message.toString('latin1').slice(cookie.length + 1));
      this.#waiting.delete(cookie);
    });
  }

  static installed(): boolean {
    return existsSync(BINARY);
  }

  static async start(): Promise<Rtpengine> {
    const [port = 0] = await freePorts(1);
    // biome-ignore format: one option a line
    const child = spawn('taskset', ['-c', '0', BINARY,
      '--foreground',
      '--table=-1',
      `--num-threads=${THREADS}`,
      `--interface=${ADDRESS}`,
      `--listen-ng=${ADDRESS}:${port}`,
      '--port-min=20000', '--port-max=29999',
      '--log-level=1', '--log-stderr',
    ], { stdio: ['ignore', 'ignore', 'pipe'] });
    child.stderr.on('data', () => {});
    process.once('exit', () => child.kill('SIGKILL'));
    const socket = createSocket('udp4');
    socket.bind(0, ADDRESS);
    await once(socket, 'listening');
    const engine = new Rtpengine(child, socket, port);
    for (let tries = 1; ; tries += 1) {
      const answer = await engine.#ask({ command: 'ping' }, TRY_MS).catch(() => undefined);
      if (answer !== undefined) return engine;
      if (tries === TRIES) throw new Error('rtpengine does not answer');
    }
  }

  get pid(): number {
    return this.#process.pid ?? 0;
  }

  /** Connects two phones, each with its own codec. Resolves with what they have to speak. */
  async connect(line: CodecName, other: CodecName, localPorts: readonly [number, number]): Promise<[RtpStream, RtpStream]> {
    const id = randomBytes(8).toString('hex');
    const codec = line === other ? undefined : { mask: [line], transcode: [other] };
    const offered = await this.#ask({
      command: 'offer',
      'call-id': id,
      'from-tag': 'a',
      sdp: descriptionOf(line, localPorts[0]),
      ...(codec && { codec }),
    });
    const answered = await this.#ask({
      command: 'answer',
      'call-id': id,
      'from-tag': 'a',
      'to-tag': 'b',
      sdp: descriptionOf(other, localPorts[1], payloadTypeIn(offered, other)),
    });
    return [
      streamOf(line, localPorts[0], answered),
      { ...streamOf(other, localPorts[1], offered), payloadType: payloadTypeIn(offered, other) },
    ];
  }

  async stop(): Promise<void> {
    const exited = once(this.#process, 'exit');
    this.#process.kill('SIGTERM');
    await exited;
    this.#socket.close();
  }

  async #ask(request: Bencoded, patienceMs = PATIENCE_MS): Promise<string> {
    const cookie = randomBytes(6).toString('hex');
    const reply = await new Promise<string>((resolve, reject) => {
      const limit = AbortSignal.timeout(patienceMs);
      limit.addEventListener('abort', () => reject(new Error('no answer from rtpengine')), { once: true });
      this.#waiting.set(cookie, resolve);
      this.#socket.send(`${cookie} ${bencode(request)}`, this.#port, ADDRESS);
    });
    if (reply.includes('6:result5:error')) throw new Error(`rtpengine: ${reply}`);
    return reply;
  }
}

type Bencoded = string | readonly string[] | { readonly [key: string]: Bencoded };

function bencode(value: Bencoded): string {
  if (typeof value === 'string') return `${Buffer.byteLength(value)}:${value}`;
  if (Array.isArray(value)) return `l${value.map(bencode).join('')}e`;
  const entries = Object.entries(value as Readonly<Record<string, Bencoded>>).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return `d${entries.map(([key, item]) => bencode(key) + bencode(item)).join('')}e`;
}

const descriptionOf = (codec: CodecName, port: number, payloadType: number = FORMATS[codec].payloadType): string =>
  `v=0\r\no=- 1 1 IN IP4 ${ADDRESS}\r\ns=-\r\nc=IN IP4 ${ADDRESS}\r\nt=0 0\r\n` +
  `m=audio ${port} RTP/AVP ${payloadType}\r\na=rtpmap:${payloadType} ${FORMATS[codec].map}\r\na=ptime:20\r\n`;

/** The reply's SDP is read where it lies: the encoding has nothing else that looks like it. */
function streamOf(codec: CodecName, localPort: number, reply: string): RtpStream {
  const rtpPort = Number(/m=audio (\d+) /.exec(reply)?.[1]);
  if (!(rtpPort > 0)) throw new Error(`rtpengine gave no port: ${reply}`);
  return { localPort, codec, payloadType: FORMATS[codec].payloadType, srtp: undefined, remote: { rtpPort } };
}

function payloadTypeIn(reply: string, codec: CodecName): number {
  const name = FORMATS[codec].map.split('/')[0] ?? '';
  const mapped = new RegExp(`a=rtpmap:(\\d+) ${name}/`).exec(reply)?.[1];
  return mapped === undefined ? FORMATS[codec].payloadType : Number(mapped);
}
