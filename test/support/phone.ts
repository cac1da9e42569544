import { until } from './media.js';
import { RtpPeer } from './rtp-peer.js';
import { header, type RawMessage, SipPeer } from './sip-peer.js';
import { ackText, type CallTexts, newCall, type RequestOptions, random, requestText, responseText } from './sip-texts.js';

const LIMIT_MS = 60_000;

type Direction = 'sendrecv' | 'sendonly' | 'recvonly' | 'inactive';

/** A telephone that does as it is told: raw SIP over UDP, RTP over a plain socket, nothing of Offhook in it. */
export class Phone {
  readonly sip: SipPeer;
  readonly rtp: RtpPeer;
  readonly #texts: CallTexts = newCall();
  /** The format lines of our SDP. */
  readonly #formats: readonly string[];
  #answer: RawMessage | undefined;
  #user = '';
  #cseq = 1;
  #sdpVersion = 1;

  private constructor(sip: SipPeer, rtp: RtpPeer, formats: readonly string[]) {
    this.sip = sip;
    this.rtp = rtp;
    this.#formats = formats;
  }

  /** `formats`: the media line's payload types and their attributes; by default the codec of the RTP peer with telephone-event. */
  static async open(
    t: { teardown(task: () => Promise<void>): void },
    sipPort: number,
    options: { codec?: 'PCMU' | 'PCMA'; formats?: readonly string[] } = {},
  ): Promise<Phone> {
    const { codec = 'PCMU' } = options;
    const rtp = await RtpPeer.open(codec);
    const sip = await SipPeer.udp(sipPort);
    t.teardown(async () => {
      await sip.close();
      await rtp.close();
    });
    const type = codec === 'PCMU' ? 0 : 8;
    const usual = [`${type} 101`, `a=rtpmap:${type} ${codec}/8000`, 'a=rtpmap:101 telephone-event/8000', 'a=fmtp:101 0-16'];
    return new Phone(sip, rtp, options.formats ?? usual);
  }

  /** Calls and returns the final answer, acknowledged. */
  async call(user: string): Promise<RawMessage> {
    this.#user = user;
    this.sip.send(
      requestText(this.sip, 'INVITE', this.#texts, {
        ...this.#target(),
        branch: this.#texts.branch,
        body: this.#sdp('sendrecv'),
      }),
    );
    const answer = await this.#final('INVITE');
    if (answer.status === 200) this.#answer = answer;
    this.#acknowledge(answer, answer.status === 200 ? {} : { branch: this.#texts.branch });
    return answer;
  }

  /** Calls and insists on being answered. Returns the phone itself. */
  async answered(user: string): Promise<this> {
    const answer = await this.call(user);
    if (answer.status !== 200) throw new Error(`${user} did not answer: ${answer.startLine}`);
    return this;
  }

  /** Where our RTP goes. */
  get remoteRtpPort(): number {
    return Number(/^m=audio (\d+) /m.exec(this.#answer?.body ?? '')?.[1] ?? 0);
  }

  /** Changes the session's direction; returns the answer's own. */
  async redirect(direction: Direction): Promise<string> {
    this.#cseq += 1;
    this.#sdpVersion += 1;
    this.sip.send(this.#inDialog('INVITE', { body: this.#sdp(direction) }));
    const answer = await this.#final('INVITE');
    this.#acknowledge(answer);
    return /^a=(sendrecv|sendonly|recvonly|inactive)\r?$/m.exec(answer.body)?.[1] ?? answer.startLine;
  }

  /** A key press by SIP INFO; returns the status. */
  async info(digit: string): Promise<number> {
    this.#cseq += 1;
    const body = `Signal=${digit}\r\nDuration=160\r\n`;
    this.sip.send(this.#inDialog('INFO', { headers: ['Content-Type: application/dtmf-relay'], body }));
    return (await this.#final('INFO')).status;
  }

  /** A key press by RFC 4733: 100 ms of updates and the end three times. */
  telephoneEvent(event: number): void {
    const at = { payloadType: 101, timestamp: this.rtp.timestamp };
    for (let packet = 1; packet <= 8; packet++) {
      const end = packet > 5;
      const payload = Buffer.alloc(4);
      payload.writeUInt8(event, 0);
      payload.writeUInt8((end ? 0x80 : 0) | 10, 1);
      payload.writeUInt16BE(Math.min(packet, 6) * 160, 2);
      this.rtp.sendPayload(payload, this.remoteRtpPort, { ...at, marker: packet === 1 });
    }
  }

  async hangUp(): Promise<void> {
    this.#cseq += 1;
    this.sip.send(this.#inDialog('BYE'));
    await this.#final('BYE');
  }

  /** The far end hung up: answers its BYE. */
  async hungUpOn(limitMs = LIMIT_MS): Promise<void> {
    const isBye = (message: RawMessage): boolean => message.status === 0 && message.method === 'BYE';
    await until(() => this.sip.received.some(isBye), 'the far end hanging up', limitMs);
    const bye = this.sip.received.find(isBye);
    if (bye) this.sip.send(responseText(bye, 200, 'OK', this.#texts.fromTag));
  }

  #final(method: string): Promise<RawMessage> {
    const cseq = `${this.#cseq} ${method}`;
    const find = (): RawMessage | undefined =>
      this.sip.received.find((message) => message.status >= 200 && header(message, 'CSeq') === cseq);
    return until(() => find() !== undefined, `the answer to ${cseq}`, LIMIT_MS).then(() => {
      const found = find();
      if (!found) throw new Error('unreachable');
      return found;
    });
  }

  #acknowledge(answer: RawMessage, options: RequestOptions = {}): void {
    this.sip.send(
      ackText(this.sip, this.#texts, answer, { ...this.#target(), cseq: this.#cseq, to: header(answer, 'To'), ...options }),
    );
  }

  #inDialog(method: string, options: RequestOptions = {}): string {
    const to = header(this.#answer ?? ({ headers: new Map() } as unknown as RawMessage), 'To');
    const branch = `z9hG4bK${random()}`;
    return requestText(this.sip, method, this.#texts, { ...this.#target(), to, branch, cseq: this.#cseq, ...options });
  }

  #target(): { uri: string; to: string } {
    return { uri: `sip:${this.#user}@127.0.0.1`, to: `<sip:${this.#user}@127.0.0.1>` };
  }

  #sdp(direction: Direction): string {
    const [types = '', ...attributes] = this.#formats;
    const lines = [
      'v=0',
      `o=- 1 ${this.#sdpVersion} IN IP4 127.0.0.1`,
      's=-',
      'c=IN IP4 127.0.0.1',
      't=0 0',
      `m=audio ${this.rtp.port} RTP/AVP ${types}`,
      ...attributes,
      `a=${direction}`,
    ];
    return `${lines.join('\r\n')}\r\n`;
  }
}
