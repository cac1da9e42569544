import { createHash, randomBytes } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { systemClock } from '../../src/core/clock.js';

const ADDRESS = '127.0.0.1';
const ANSWER_LIMIT_MS = 10_000;

export type GuessedMethod = 'REGISTER' | 'INVITE';
export type Guessed = { ms: number; answer: string };

/** Somebody who guesses passwords, one at a time, and looks at the clock. */
export class GuessingPeer {
  readonly #socket: Socket;
  readonly #serverPort: number;
  #arrived: (text: string, atMs: number) => void = () => {};

  private constructor(socket: Socket, serverPort: number) {
    this.#socket = socket;
    this.#serverPort = serverPort;
    socket.on('message', (bytes) => this.#arrived(bytes.toString('latin1'), systemClock.monotonicMs()));
  }

  static async open(serverPort: number): Promise<GuessingPeer> {
    const socket = createSocket('udp4').bind(0, ADDRESS);
    await once(socket, 'listening');
    return new GuessingPeer(socket, serverPort);
  }

  close(): void {
    this.#socket.close();
  }

  /** What a challenge gives to answer with. */
  async nonce(): Promise<string> {
    const { answer } = await this.#ask('REGISTER', 'nobody', '');
    const nonce = /nonce="([^"]+)", algorithm=SHA-256/i.exec(answer)?.[1];
    if (nonce === undefined) throw new Error(`no challenge: ${answer.slice(0, 40)}`);
    return nonce;
  }

  /** A password that is wrong, for this user; how long the refusal took, and what of it is the same for everybody. */
  async guess(method: GuessedMethod, user: string, nonce: string): Promise<Guessed> {
    const uri = `sip:${ADDRESS}`;
    const response = createHash('sha256').update(randomBytes(8)).digest('hex');
    const name = method === 'REGISTER' ? 'Authorization' : 'Proxy-Authorization';
    const answer = `username="${user}", realm="offhook", nonce="${nonce}", uri="${uri}", algorithm=SHA-256, qop=auth, nc=00000001, cnonce="c"`;
    return await this.#ask(method, user, `${name}: Digest ${answer}, response="${response}"\r\n`);
  }

  async #ask(method: GuessedMethod, user: string, proof: string): Promise<Guessed> {
    const id = randomBytes(8).toString('hex');
    const request = (line: string, extra: string): string =>
      [
        `${line} sip:${method === 'REGISTER' ? '' : 'echo@'}${ADDRESS} SIP/2.0`,
        `Via: SIP/2.0/UDP ${ADDRESS}:${this.#socket.address().port};branch=z9hG4bK${id};rport`,
        'Max-Forwards: 70',
        `From: <sip:${user}@${ADDRESS}>;tag=${id}`,
        `To: <sip:${user}@${ADDRESS}>`,
        `Call-ID: ${id}`,
        `CSeq: 1 ${line}`,
        `Contact: <sip:${user}@${ADDRESS}:${this.#socket.address().port}>`,
        `${extra}Content-Length: 0`,
      ].join('\r\n');
    const text = `${request(method, proof)}\r\n\r\n`;
    const guessed = await new Promise<Guessed>((resolve, reject) => {
      const giveUp = systemClock.schedule(ANSWER_LIMIT_MS, () => reject(new Error(`no answer to ${method}`)));
      const sentMs = systemClock.monotonicMs();
      this.#arrived = (answer, atMs) => {
        if (!answer.includes(id) || Number(answer.slice(8, 11)) < 200) return;
        giveUp();
        resolve({ ms: atMs - sentMs, answer });
      };
      this.#socket.send(text, this.#serverPort, ADDRESS);
    });
    if (method === 'INVITE') this.#socket.send(`${request('ACK', '')}\r\n\r\n`, this.#serverPort, ADDRESS);
    return guessed;
  }
}
