import { createHash, randomBytes } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';
import { systemClock } from '../../src/core/clock.js';

/** One of them: its registration, and what it knows of the server's challenge. */
type Phone = { user: string; callId: string; tag: string; sequence: number; nonce: string; nonceCount: number };
type Answer = { status: number; text: string };

const ANSWER_LIMIT_MS = 10_000;

/** Many phones behind one UDP socket, which register and refresh with digest, SHA-256. Nothing is sent twice. */
export class RegisteringPhones {
  readonly #socket: Socket;
  readonly #port: number;
  readonly #password: string;
  readonly #phones: Phone[];
  readonly #waiting = new Map<string, (answer: Answer) => void>();
  /** From a request to its answer. */
  readonly answerMs: number[] = [];
  challenged = 0;
  failed = 0;

  private constructor(socket: Socket, port: number, users: readonly string[], password: string) {
    this.#socket = socket;
    this.#port = port;
    this.#password = password;
    this.#phones = users.map((user) => ({
      user,
      callId: randomBytes(8).toString('hex'),
      tag: randomBytes(4).toString('hex'),
      sequence: 0,
      nonce: '',
      nonceCount: 0,
    }));
    socket.on('message', (bytes) => this.#take(bytes.toString('latin1')));
  }

  static async open(port: number, users: readonly string[], password: string): Promise<RegisteringPhones> {
    const socket = createSocket('udp4');
    await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
    socket.setRecvBufferSize(4 * 1024 * 1024);
    return new RegisteringPhones(socket, port, users, password);
  }

  /** Each registers once, `atOnce` of them at a time. */
  async all(atOnce: number): Promise<void> {
    const waiting = [...this.#phones];
    const one = async (): Promise<void> => {
      for (let phone = waiting.shift(); phone; phone = waiting.shift()) await this.#register(phone);
    };
    await Promise.all(Array.from({ length: atOnce }, one));
  }

  /** Each registers once, so many a second, whatever comes of those before. */
  async paced(perSecond: number): Promise<void> {
    const startMs = systemClock.monotonicMs();
    const running = this.#phones.map(async (phone, index) => {
      const dueMs = startMs + (index * 1000) / perSecond - systemClock.monotonicMs();
      await new Promise<void>((resolve) => void systemClock.schedule(Math.max(0, dueMs), resolve));
      await this.#register(phone);
    });
    await Promise.all(running);
  }

  close(): void {
    this.#socket.close();
  }

  async #register(phone: Phone): Promise<void> {
    let answer = await this.#ask(phone);
    const nonce = /^www-authenticate: .*nonce="([^"]+)", algorithm=SHA-256/im.exec(answer.text)?.[1];
    if (answer.status === 401 && nonce !== undefined) {
      this.challenged += 1;
      phone.nonce = nonce;
      phone.nonceCount = 0;
      answer = await this.#ask(phone);
    }
    if (answer.status !== 200) this.failed += 1;
  }

  #ask(phone: Phone): Promise<Answer> {
    phone.sequence += 1;
    const key = `${phone.callId} ${phone.sequence}`;
    const sentMs = systemClock.monotonicMs();
    return new Promise<Answer>((resolve) => {
      const giveUp = systemClock.schedule(ANSWER_LIMIT_MS, () => {
        this.#waiting.delete(key);
        resolve({ status: 408, text: '' });
      });
      this.#waiting.set(key, (answer) => {
        giveUp();
        this.answerMs.push(systemClock.monotonicMs() - sentMs);
        resolve(answer);
      });
      this.#socket.send(this.#text(phone), this.#port, '127.0.0.1');
    });
  }

  #text(phone: Phone): string {
    const { user, callId, tag, sequence } = phone;
    const own = this.#socket.address().port;
    return [
      `REGISTER sip:127.0.0.1:${this.#port} SIP/2.0`,
      `Via: SIP/2.0/UDP 127.0.0.1:${own};branch=z9hG4bK${callId}${sequence};rport`,
      'Max-Forwards: 70',
      `From: <sip:${user}@127.0.0.1>;tag=${tag}`,
      `To: <sip:${user}@127.0.0.1>`,
      `Call-ID: ${callId}`,
      `CSeq: ${sequence} REGISTER`,
      `Contact: <sip:${user}@127.0.0.1:${own}>`,
      'Expires: 3600',
      'User-Agent: bench',
      ...this.#proof(phone),
      'Content-Length: 0',
      '\r\n',
    ].join('\r\n');
  }

  #proof(phone: Phone): string[] {
    if (phone.nonce === '') return [];
    phone.nonceCount += 1;
    const hash = (text: string): string => createHash('sha256').update(text).digest('hex');
    const [nc, uri] = [phone.nonceCount.toString(16).padStart(8, '0'), 'sip:127.0.0.1'];
    const ha1 = hash(`${phone.user}:offhook:${this.#password}`);
    const response = hash(`${ha1}:${phone.nonce}:${nc}:c:auth:${hash(`REGISTER:${uri}`)}`);
    return [
      `Authorization: Digest username="${phone.user}", realm="offhook", nonce="${phone.nonce}", uri="${uri}", algorithm=SHA-256, qop=auth, nc=${nc}, cnonce="c", response="${response}"`,
    ];
  }

  #take(text: string): void {
    if (!text.startsWith('SIP/2.0 ')) return;
    const callId = /^call-id: *(\S+)/im.exec(text)?.[1] ?? '';
    const sequence = /^cseq: *(\d+)/im.exec(text)?.[1] ?? '';
    const key = `${callId} ${sequence}`;
    this.#waiting.get(key)?.({ status: Number(text.slice(8, 11)), text });
    this.#waiting.delete(key);
  }
}
