import { createSocket, type Socket as UdpSocket } from 'node:dgram';
import { connect, isIPv6, type Socket } from 'node:net';
import { type ConnectionOptions, connect as connectTls } from 'node:tls';
import { WebSocket } from 'ws';

const LOOPBACK = '127.0.0.1';
/** How long a test waits for what must come; generous, so that a loaded machine passes. */
const PATIENCE_MS = 20_000;

/** `servername`: asked for in the TLS hand-shake, and held against the certificate. */
export type WsPeerOptions = { origin?: string; ca?: Buffer; servername?: string };

export type RawMessage = {
  text: string;
  startLine: string;
  status: number;
  method: string;
  headers: Map<string, string[]>;
  body: string;
};

function readRaw(text: string): RawMessage {
  const end = text.indexOf('\r\n\r\n');
  const [startLine = '', ...lines] = text.slice(0, end).split('\r\n');
  const headers = new Map<string, string[]>();
  for (const line of lines) {
    const colon = line.indexOf(':');
    const name = line.slice(0, colon).trim().toLowerCase();
    headers.set(name, [...(headers.get(name) ?? []), line.slice(colon + 1).trim()]);
  }
  const status = startLine.startsWith('SIP/2.0 ') ? Number(startLine.slice(8, 11)) : 0;
  const cseq = headers.get('cseq')?.[0] ?? '';
  return { text, startLine, status, method: cseq.split(' ')[1] ?? '', headers, body: text.slice(end + 4) };
}

export const header = (message: RawMessage, name: string): string => message.headers.get(name.toLowerCase())?.[0] ?? '';
export const tagOf = (value: string): string => /;tag=([^;]+)/.exec(value)?.[1] ?? '';

function ready(socket: Socket, event: 'connect' | 'secureConnect'): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once(event, () => resolve());
    socket.once('error', reject);
  });
}

type PeerTransport = 'udp' | 'tcp' | 'tls' | 'ws' | 'wss';
type Waiter = { matches: (m: RawMessage) => boolean; resolve: (m: RawMessage) => void };

/** A SIP end point that knows no rules: it sends the bytes it is given and shows what comes. */
export class SipPeer {
  readonly received: RawMessage[] = [];
  readonly port: number;
  /** Where it and the server are. */
  readonly address: string;
  readonly transport: PeerTransport;
  readonly #send: (bytes: Buffer | string) => void;
  readonly #close: () => Promise<void>;
  #seen = 0;
  #waiters: Waiter[] = [];
  #listener: ((message: RawMessage) => void) | undefined;

  private constructor(
    transport: PeerTransport,
    { address, port }: { address: string; port: number },
    send: (bytes: Buffer | string) => void,
    close: () => Promise<void>,
  ) {
    this.transport = transport;
    this.address = address;
    this.port = port;
    this.#send = send;
    this.#close = close;
  }

  /** A server that is started later is named by a function, or not at all: then it is whoever spoke last. */
  static async udp(server?: number | (() => number), address = LOOPBACK): Promise<SipPeer> {
    let spokeLast = 0;
    const serverPort = typeof server === 'function' ? server : (): number => server ?? spokeLast;
    const socket: UdpSocket = createSocket(isIPv6(address) ? 'udp6' : 'udp4');
    await new Promise<void>((resolve) => socket.bind(0, address, () => resolve()));
    const peer = new SipPeer(
      'udp',
      { address, port: socket.address().port },
      (bytes) => socket.send(bytes, serverPort(), isIPv6(address) ? address : LOOPBACK),
      () => new Promise((resolve) => socket.close(() => resolve())),
    );
    socket.on('message', (bytes, from) => {
      spokeLast = from.port;
      peer.#take(bytes.toString());
    });
    return peer;
  }

  static async tcp(serverPort: number, address = LOOPBACK): Promise<SipPeer> {
    const socket: Socket = connect(serverPort, address);
    await ready(socket, 'connect');
    return SipPeer.stream('tcp', socket);
  }

  /** Rejects when the handshake fails. */
  static async tls(serverPort: number, options: ConnectionOptions): Promise<SipPeer> {
    const socket = connectTls(serverPort, LOOPBACK, options);
    await ready(socket, 'secureConnect');
    return SipPeer.stream('tls', socket);
  }

  /** By WebSocket; rejects when the hand-shake is refused. */
  static async ws(url: string, protocols: string[] = ['sip'], options: WsPeerOptions = {}): Promise<SipPeer> {
    const { origin, ...tls } = options;
    const socket = new WebSocket(url, protocols, {
      ...(origin !== undefined && { headers: { origin } }),
      ...tls,
    });
    await new Promise<void>((resolve, reject) => {
      socket.on('open', resolve);
      socket.on('error', reject);
    });
    const peer = new SipPeer(
      url.startsWith('wss') ? 'wss' : 'ws',
      { address: LOOPBACK, port: 0 },
      (bytes) => socket.send(bytes.toString()),
      async () => socket.terminate(),
    );
    socket.on('message', (data) => peer.#take(data.toString()));
    return peer;
  }

  /** On a connection that stands. */
  static stream(transport: 'tcp' | 'tls', socket: Socket): SipPeer {
    socket.setNoDelay(true);
    const peer = new SipPeer(
      transport,
      { address: socket.remoteAddress ?? LOOPBACK, port: socket.localPort ?? 0 },
      (bytes) => socket.write(bytes),
      async () => {
        socket.destroy();
      },
    );
    let pending = '';
    socket.on('data', (chunk) => {
      pending += chunk.toString('latin1');
      for (;;) {
        const end = pending.indexOf('\r\n\r\n');
        const length = Number(/\r\ncontent-length: *(\d+)/i.exec(pending)?.[1] ?? 0);
        if (end <= 0 || pending.length < end + 4 + length) break;
        peer.#take(pending.slice(0, end + 4 + length));
        pending = pending.slice(end + 4 + length);
      }
    });
    socket.on('error', () => {});
    return peer;
  }

  /** Its address as it stands in a URI. */
  get host(): string {
    return isIPv6(this.address) ? `[${this.address}]` : this.address;
  }

  send(bytes: Buffer | string): void {
    this.#send(bytes);
  }

  /** Told of every message, beside those who wait for one. */
  onMessage(listener: (message: RawMessage) => void): void {
    this.#listener = listener;
  }

  /** The next message not yet looked at that matches; others before it are passed over. */
  async next(matches: (m: RawMessage) => boolean, what: string): Promise<RawMessage> {
    for (; this.#seen < this.received.length; ) {
      const message = this.received[this.#seen++];
      if (message && matches(message)) return message;
    }
    return await new Promise<RawMessage>((resolve, reject) => {
      const timer = setTimeout(() => {
        const seen = this.received.map((m) => m.startLine).join('\n  ');
        reject(new Error(`waited in vain for ${what}; received:\n  ${seen}`));
      }, PATIENCE_MS);
      this.#waiters.push({
        matches,
        resolve: (message) => {
          clearTimeout(timer);
          resolve(message);
        },
      });
    });
  }

  status(status: number, method = 'INVITE'): Promise<RawMessage> {
    return this.next((m) => m.status === status && m.method === method, `${status} to ${method}`);
  }

  request(method: string): Promise<RawMessage> {
    return this.next((m) => m.status === 0 && m.method === method, method);
  }

  close(): Promise<void> {
    return this.#close();
  }

  #take(text: string): void {
    const message = readRaw(text);
    this.received.push(message);
    this.#listener?.(message);
    const index = this.#waiters.findIndex((w) => w.matches(message));
    if (this.#waiters.length === 0) return;
    this.#seen = this.received.length;
    if (index >= 0) this.#waiters.splice(index, 1)[0]?.resolve(message);
  }
}
