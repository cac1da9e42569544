import { randomBytes } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { type Cancel, systemClock } from '../../src/core/clock.js';

const ADDRESS = '127.0.0.1';
const PATIENCE_MS = 20_000;

/** Times are monotonic milliseconds, taken next to the socket. */
export type CallTimes = {
  inviteMs: number;
  provisionalMs: number | undefined;
  ringingMs: number | undefined;
  answeredMs: number;
};
type Call = {
  id: string;
  times: Partial<CallTimes>;
  target: string;
  /** The To header with its tag, once answered. */
  to: string;
  answered: (times: CallTimes) => void;
  failed: (error: Error) => void;
  ended: () => void;
  cancelLimit: Cancel;
};

/**
 * The least SIP that places a call and hangs up, on one UDP socket: nothing between the clock and the wire that would have to be measured
 * along. It sends each request once, as loopback loses nothing.
 */
export class SipCaller {
  readonly #socket: Socket;
  readonly #serverPort: number;
  readonly #calls = new Map<string, Call>();

  private constructor(socket: Socket, serverPort: number) {
    this.#socket = socket;
    this.#serverPort = serverPort;
    socket.on('message', (datagram) => this.#onMessage(datagram.toString('latin1'), systemClock.monotonicMs()));
  }

  static async open(serverPort: number): Promise<SipCaller> {
    const socket = createSocket('udp4');
    socket.bind(0, ADDRESS);
    await once(socket, 'listening');
    return new SipCaller(socket, serverPort);
  }

  /** Sends an INVITE that offers PCMU at `rtpPort`, and the ACK as soon as it is answered. `hangUp` sends BYE and waits for its answer. */
  async call(user: string, rtpPort: number): Promise<CallTimes & { hangUp(): Promise<void> }> {
    const id = randomBytes(8).toString('hex');
    const target = `sip:${user}@${ADDRESS}:${this.#serverPort}`;
    const times = await new Promise<CallTimes>((answered, failed) => {
      const cancelLimit = systemClock.schedule(PATIENCE_MS, () => failed(new Error(`no answer to an INVITE for ${user}`)));
      const call: Call = { id, times: {}, target, to: `<${target}>`, answered, failed, ended: () => undefined, cancelLimit };
      this.#calls.set(id, call);
      const invite = this.#request(call, 'INVITE', 1, sessionDescription(rtpPort));
      call.times.inviteMs = systemClock.monotonicMs();
      this.#send(invite);
    });
    return { ...times, hangUp: () => this.#hangUp(id) };
  }

  async close(): Promise<void> {
    this.#socket.close();
    await once(this.#socket, 'close');
  }

  async #hangUp(id: string): Promise<void> {
    const call = this.#calls.get(id);
    if (!call) return;
    await new Promise<void>((resolve, reject) => {
      call.cancelLimit = systemClock.schedule(PATIENCE_MS, () => reject(new Error('no answer to BYE')));
      call.ended = resolve;
      this.#send(this.#request(call, 'BYE', 2));
    });
    call.cancelLimit();
    this.#calls.delete(id);
  }

  #onMessage(message: string, atMs: number): void {
    const status = Number(/^SIP\/2\.0 (\d{3}) /.exec(message)?.[1] ?? 0);
    const call = this.#calls.get(/^Call-ID: *(\S+)/im.exec(message)?.[1] ?? '');
    if (!call || status === 0) return;
    if (/^CSeq: *\d+ +BYE/im.test(message)) return call.ended();
    if (status === 180) call.times.ringingMs ??= atMs;
    else if (status < 200) call.times.provisionalMs ??= atMs;
    else if (status === 200) this.#onAnswered(call, message, atMs);
    else call.failed(new Error(`INVITE was answered with ${status}`));
  }

  #onAnswered(call: Call, message: string, atMs: number): void {
    call.to = /^To: *(.+?)\r?$/im.exec(message)?.[1] ?? call.to;
    call.target = /^Contact: *<([^>]+)>/im.exec(message)?.[1] ?? call.target;
    this.#send(this.#request(call, 'ACK', 1));
    if (call.times.answeredMs !== undefined) return;
    call.cancelLimit();
    call.times.answeredMs = atMs;
    const { inviteMs = atMs, provisionalMs, ringingMs } = call.times;
    call.answered({ inviteMs, provisionalMs, ringingMs, answeredMs: atMs });
  }

  #request(call: Call, method: string, cseq: number, body = ''): string {
    const { port } = this.#socket.address();
    const lines = [
      `${method} ${call.target} SIP/2.0`,
      `Via: SIP/2.0/UDP ${ADDRESS}:${port};branch=z9hG4bK${randomBytes(8).toString('hex')};rport`,
      'Max-Forwards: 70',
      `From: <sip:bench@${ADDRESS}>;tag=${call.id}`,
      `To: ${call.to}`,
      `Call-ID: ${call.id}`,
      `CSeq: ${cseq} ${method}`,
      `Contact: <sip:bench@${ADDRESS}:${port}>`,
      ...(body === '' ? [] : ['Content-Type: application/sdp']),
      `Content-Length: ${body.length}`,
    ];
    return `${lines.join('\r\n')}\r\n\r\n${body}`;
  }

  #send(message: string): void {
    this.#socket.send(message, this.#serverPort, ADDRESS);
  }
}

const sessionDescription = (rtpPort: number): string =>
  `v=0\r\no=- 1 1 IN IP4 ${ADDRESS}\r\ns=-\r\nc=IN IP4 ${ADDRESS}\r\nt=0 0\r\nm=audio ${rtpPort} RTP/AVP 0\r\na=rtpmap:0 PCMU/8000\r\n`;
