import { isIPv6 } from 'node:net';
import { RtpPeer } from './rtp-peer.js';
import { header, type RawMessage, type SipPeer, tagOf } from './sip-peer.js';
import { ackText, type CallTexts, inviteText, newCall, random, requestText, responseText } from './sip-texts.js';

const PAYLOAD_TYPES = { PCMU: 0, PCMA: 8 } as const;

/** One telephone with audio: calls us, or is called, over a SIP peer that may have several of them. */
export class FarEnd {
  readonly rtp: RtpPeer;
  readonly #peer: SipPeer;
  readonly #codec: keyof typeof PAYLOAD_TYPES;
  #call: CallTexts = newCall();
  #theirs = '';
  #invite: RawMessage | undefined;
  #cseq = 100;
  readonly #tag = random();
  /** Where our server receives its audio. */
  mediaPort = 0;

  private constructor(peer: SipPeer, rtp: RtpPeer, codec: keyof typeof PAYLOAD_TYPES) {
    this.#peer = peer;
    this.rtp = rtp;
    this.#codec = codec;
  }

  static async open(peer: SipPeer, codec: 'PCMU' | 'PCMA' = 'PCMU'): Promise<FarEnd> {
    return new FarEnd(peer, await RtpPeer.open(codec, peer.address), codec);
  }

  get callId(): string {
    return this.#invite ? header(this.#invite, 'Call-ID') : this.#call.callId;
  }

  get sdp(): string {
    const type = PAYLOAD_TYPES[this.#codec];
    const own = `IN IP${isIPv6(this.rtp.address) ? 6 : 4} ${this.rtp.address}`;
    return [
      'v=0',
      `o=- 1 1 ${own}`,
      's=-',
      `c=${own}`,
      't=0 0',
      `m=audio ${this.rtp.port} RTP/AVP ${type} 101`,
      'a=rtpmap:101 telephone-event/8000',
      '',
    ].join('\r\n');
  }

  /** Calls `user`; resolves with the answer when it stands. */
  async call(user: string, headers: readonly string[] = [], body = this.sdp): Promise<RawMessage> {
    this.invite(user, headers, body);
    const answer = await this.final();
    if (answer.status !== 200) throw new Error(`not answered: ${answer.startLine}`);
    return answer;
  }

  invite(user: string, headers: readonly string[] = [], body = this.sdp): void {
    this.#peer.send(inviteText(this.#peer, this.#call, { uri: `sip:${user}@${this.#peer.host}`, body, headers }));
  }

  /** What comes of `invite`, acknowledged. */
  async final(): Promise<RawMessage> {
    const final = await this.#peer.next(
      (m) => m.status >= 200 && m.method === 'INVITE' && header(m, 'Call-ID') === this.callId,
      'a final response',
    );
    this.#theirs = header(final, 'To');
    if (final.status === 200) this.mediaPort = mediaPortOf(final);
    const branch = final.status === 200 ? {} : { branch: this.#call.branch };
    this.#peer.send(ackText(this.#peer, this.#call, final, branch));
    return final;
  }

  cancel(): void {
    this.#peer.send(requestText(this.#peer, 'CANCEL', this.#call, { branch: this.#call.branch }));
  }

  /** The next INVITE that comes is for this one: with `user`, the next to that, whatever of another's comes again. */
  async invited(user = ''): Promise<RawMessage> {
    this.#invite = await this.#peer.next(
      (m) => m.status === 0 && m.method === 'INVITE' && m.startLine.includes(user),
      'an INVITE',
    );
    this.#theirs = header(this.#invite, 'From');
    this.mediaPort = mediaPortOf(this.#invite);
    return this.#invite;
  }

  async answer(
    status: number,
    reason: string,
    headers: readonly string[] = [],
    body = status === 200 ? this.sdp : '',
  ): Promise<void> {
    if (!this.#invite) throw new Error('nobody has called');
    const contact = `Contact: <sip:target@${this.#peer.host}:${this.#peer.port}>`;
    this.#peer.send(responseText(this.#invite, status, reason, this.#tag, [contact, ...headers], body));
    if (status >= 200) await this.#peer.next((m) => m.method === 'ACK' && header(m, 'Call-ID') === this.callId, 'an ACK');
  }

  /** In the dialog, whoever began it. Resolves with the final response. */
  async request(method: string, headers: readonly string[] = [], body = ''): Promise<RawMessage> {
    this.#cseq += 1;
    const cseq = this.#cseq;
    const texts = this.#invite ? { ...this.#call, callId: this.callId, fromTag: this.#tag } : this.#call;
    this.#peer.send(requestText(this.#peer, method, texts, { to: this.#theirs, cseq, headers, body }));
    return this.#peer.next(
      (m) => m.status >= 200 && m.method === method && header(m, 'Call-ID') === this.callId,
      `an answer to ${method}`,
    );
  }

  hangUp(): Promise<RawMessage> {
    return this.request('BYE');
  }

  /** Waits for a request in its dialog and answers it. */
  async asked(method: string, status = 200, reason = 'OK'): Promise<RawMessage> {
    const request = await this.#peer.next(
      (m) => m.status === 0 && m.method === method && header(m, 'Call-ID') === this.callId,
      `${method} in ${this.callId}`,
    );
    this.#peer.send(responseText(request, status, reason, ''));
    return request;
  }

  /** As an INVITE to the server names this dialog (RFC 3891). */
  get replaces(): string {
    return `${this.callId};to-tag=${tagOf(this.#theirs)};from-tag=${this.#localTag}`;
  }

  /** As an INVITE to this one names it. */
  get replacesHere(): string {
    return `${this.callId};to-tag=${this.#localTag};from-tag=${tagOf(this.#theirs)}`;
  }

  get #localTag(): string {
    return this.#invite ? this.#tag : this.#call.fromTag;
  }
}

const mediaPortOf = (message: RawMessage): number => Number(/m=audio (\d+)/.exec(message.body)?.[1]);
