import type { DigestAlgorithm } from '../../src/domain/ports/authentication.js';
import { proof } from './register-request.js';
import { header, type RawMessage, SipPeer } from './sip-peer.js';
import { ackText, type CallTexts, inviteText, newCall, random, requestText, responseText, SDP } from './sip-texts.js';

export type Who = { username: string; password: string };

/** The parameters of the challenge in a 401 or 407 that is for this algorithm. */
export function challengeOf(answer: RawMessage, algorithm: DigestAlgorithm) {
  const values = [...(answer.headers.get('www-authenticate') ?? []), ...(answer.headers.get('proxy-authenticate') ?? [])];
  const value = values.find((text) => text.includes(`algorithm=${algorithm}`)) ?? '';
  const parameter = (name: string): string => new RegExp(`${name}="([^"]*)"`).exec(value)?.[1] ?? '';
  return { realm: parameter('realm'), nonce: parameter('nonce'), algorithm, stale: value.includes('stale=true') };
}

/** The header that answers it. */
export function authorization(
  name: 'Authorization' | 'Proxy-Authorization',
  challenge: ReturnType<typeof challengeOf>,
  who: Who,
  options: { method: string; nonceCount?: number },
): string {
  const { username, realm, nonce, uri, algorithm, qop, nonceCount, cnonce, response } = proof(challenge, who, options);
  return `${name}: Digest username="${username}", realm="${realm}", nonce="${nonce}", uri="${uri}", algorithm=${algorithm}, qop=${qop}, nc=${nonceCount}, cnonce="${cnonce}", response="${response}"`;
}

/** A phone that registers with digest, calls with it, and is called: raw SIP, nothing of Offhook in it. */
export class RegisteredPhone {
  readonly sip: SipPeer;
  readonly #who: Who;
  readonly #serverPort: number;
  readonly #registration = newCall();
  #sequence = 0;

  private constructor(sip: SipPeer, who: Who, serverPort: number) {
    this.sip = sip;
    this.#who = who;
    this.#serverPort = serverPort;
  }

  static async open(
    t: { teardown(task: () => Promise<void>): void },
    serverPort: number,
    who: Who,
    transport: 'udp' | 'tcp' = 'udp',
  ): Promise<RegisteredPhone> {
    const sip = await (transport === 'udp' ? SipPeer.udp(serverPort) : SipPeer.tcp(serverPort));
    t.teardown(() => sip.close());
    return new RegisteredPhone(sip, who, serverPort);
  }

  /** The contact it names: an address of a private network, which nobody reaches. */
  get contact(): string {
    return `<sip:${this.#who.username}@10.9.8.7:5060${this.sip.transport === 'udp' ? '' : `;transport=${this.sip.transport}`}>`;
  }

  /** One REGISTER, and its answer. */
  async ask(headers: readonly string[] = ['Expires: 600'], contact = this.contact): Promise<RawMessage> {
    this.#sequence += 1;
    const cseq = this.#sequence;
    const aor = `<sip:${this.#who.username}@127.0.0.1>`;
    const text = requestText(this.sip, 'REGISTER', this.#registration, {
      uri: `sip:127.0.0.1:${this.#serverPort}`,
      to: aor,
      cseq,
      headers,
      contact,
    }).replace(/^From: .*$/m, `From: ${aor};tag=${this.#registration.fromTag}`);
    this.sip.send(text);
    return this.sip.next((m) => m.status >= 200 && header(m, 'CSeq') === `${cseq} REGISTER`, `answer to REGISTER ${cseq}`);
  }

  /** Registers, answering the challenge; the final answer. */
  async register(
    headers: readonly string[] = ['Expires: 600'],
    algorithm: DigestAlgorithm = 'SHA-256',
    contact = this.contact,
  ): Promise<RawMessage> {
    const challenge = challengeOf(await this.ask(headers, contact), algorithm);
    const proven = authorization('Authorization', challenge, this.#who, { method: 'REGISTER' });
    return this.ask([...headers, proven], contact);
  }

  /** One INVITE, and its final answer, acknowledged. */
  async invite(
    user: string,
    options: { from?: string; headers?: readonly string[]; call?: CallTexts } = {},
  ): Promise<{ answer: RawMessage; call: CallTexts }> {
    const { from = this.#who.username, headers = [], call = newCall() } = options;
    const uri = `sip:${user}@127.0.0.1:${this.#serverPort}`;
    call.branch = `z9hG4bK${random()}`;
    const text = inviteText(this.sip, call, { uri, to: `<${uri}>`, headers });
    this.sip.send(text.replace(/^From: .*$/m, `From: <sip:${from}@127.0.0.1>;tag=${call.fromTag}`));
    const cseq = `${call.cseq} INVITE`;
    const answer = await this.sip.next((m) => m.status >= 200 && header(m, 'CSeq') === cseq, `answer to ${cseq}`);
    const branch = answer.status < 300 ? {} : { branch: call.branch };
    this.sip.send(ackText(this.sip, call, answer, { uri, cseq: call.cseq, ...branch }));
    return { answer, call };
  }

  /** Calls and proves who it is when it is asked to; the final answer. */
  async call(user: string, options: { from?: string } = {}): Promise<{ answer: RawMessage; call: CallTexts }> {
    const first = await this.invite(user, options);
    if (first.answer.status !== 407) return first;
    const challenge = challengeOf(first.answer, 'SHA-256');
    const proven = authorization('Proxy-Authorization', challenge, this.#who, { method: 'INVITE' });
    first.call.cseq += 1;
    return this.invite(user, { ...options, headers: [proven], call: first.call });
  }

  async hangUp({ answer, call }: { answer: RawMessage; call: CallTexts }): Promise<void> {
    call.cseq += 1;
    this.sip.send(requestText(this.sip, 'BYE', call, { to: header(answer, 'To'), cseq: call.cseq }));
    await this.sip.status(200, 'BYE');
  }

  /** The next INVITE that comes. */
  rings(): Promise<RawMessage> {
    return this.sip.next((m) => m.status === 0 && m.method === 'INVITE', 'an INVITE');
  }

  answer(request: RawMessage, status: number, reason: string): void {
    const isOk = status >= 200 && status < 300 && request.method === 'INVITE';
    const headers = isOk ? [`Contact: ${this.contact}`] : [];
    this.sip.send(responseText(request, status, reason, this.#registration.fromTag, headers, isOk ? SDP : ''));
  }
}
