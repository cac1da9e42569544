import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import type { AudioAgreement, MediaSession } from '../../src/domain/ports/media.js';
import type { CallerSetup } from '../bench/rude-caller.js';
import { type EchoPath, LINE_RATE_HZ, randomFrom, roomOf } from '../support/echo-line.js';
import { g711Decode, g711Encode } from '../support/g711.js';

const HEADER_BYTES = 12;
const PACKET_SAMPLES = 160;
/** Beyond this the two sides' packets have come in another rhythm, and the echo is brought back to its delay. */
const SLIP_SAMPLES = 3 * PACKET_SAMPLES;

/** A caller's line that returns what the agent says: between the caller's own session and the server, packet by packet (PCMU). */
export class EchoedLine implements CallerSetup {
  readonly #path: EchoPath;
  readonly #room: Float32Array;
  readonly #gain: number;
  readonly #noise = randomFrom(99);
  readonly #toServer: Socket;
  readonly #toCaller: Socket;
  /** What the agent said so far, at 8 kHz, over and over in one ring. */
  readonly #played = new Float32Array(4 * LINE_RATE_HZ);
  #heard = 0;
  #returned = 0;
  #serverPort = 0;
  #callerPort = 0;

  private constructor(path: EchoPath, toServer: Socket, toCaller: Socket) {
    this.#path = path;
    this.#room = roomOf(path.roomMs);
    const energy = this.#room.reduce((sum, tap) => sum + tap * tap, 0);
    this.#gain = 10 ** (-path.returnLossDb / 20) / Math.sqrt(energy);
    this.#toServer = toServer;
    this.#toCaller = toCaller;
    toServer.on('message', (datagram) => this.#fromServer(datagram));
    toCaller.on('message', (datagram) => this.#fromCaller(datagram));
  }

  static async open(path: EchoPath): Promise<EchoedLine> {
    const sockets = [createSocket('udp4'), createSocket('udp4')] as const;
    for (const socket of sockets) {
      socket.bind(0, '127.0.0.1');
      await once(socket, 'listening');
    }
    return new EchoedLine(path, ...sockets);
  }

  /** What the server is told; nobody looks at its RTCP. */
  get local(): MediaSession['local'] {
    const { port } = this.#toServer.address();
    return { rtpPort: port, rtcpPort: port };
  }

  configure(session: MediaSession, agreement: AudioAgreement): void {
    if (agreement.codec !== 'PCMU') throw new Error(`the line speaks PCMU, not ${agreement.codec}`);
    this.#serverPort = agreement.remote.rtpPort;
    this.#callerPort = session.local.rtpPort;
    const { port } = this.#toCaller.address();
    session.configure({ ...agreement, remote: { address: '127.0.0.1', rtpPort: port, rtcpPort: port } });
  }

  async close(): Promise<void> {
    for (const socket of [this.#toServer, this.#toCaller]) {
      socket.close();
      await once(socket, 'close');
    }
  }

  #fromServer(datagram: Buffer): void {
    if (isAudio(datagram)) {
      for (const sample of g711Decode(datagram.subarray(HEADER_BYTES), 'PCMU')) {
        this.#played[this.#heard % this.#played.length] = sample;
        this.#heard += 1;
      }
    }
    // Audio may come before the answer does.
    if (this.#callerPort > 0) this.#toCaller.send(datagram, this.#callerPort, '127.0.0.1');
  }

  #fromCaller(datagram: Buffer): void {
    if (!isAudio(datagram)) return this.#toServer.send(datagram, this.#serverPort, '127.0.0.1');
    const own = g711Decode(datagram.subarray(HEADER_BYTES), 'PCMU');
    const both = own.map((sample) => clamped(sample + this.#echo() + this.#noise() * NOISE_PEAK));
    const header = datagram.subarray(0, HEADER_BYTES);
    this.#toServer.send(Buffer.concat([header, g711Encode(both, 'PCMU')]), this.#serverPort, '127.0.0.1');
  }

  /** The next sample of what comes back. */
  #echo(): number {
    const delay = Math.round((this.#path.delayMs * LINE_RATE_HZ) / 1_000);
    if (Math.abs(this.#heard - delay - this.#returned) > SLIP_SAMPLES) this.#returned = this.#heard - delay;
    const at = this.#returned;
    this.#returned += 1;
    let sum = 0;
    for (let k = 0; k < this.#room.length; k += 1) {
      const from = at - k;
      if (from >= 0 && from < this.#heard) sum += this.#room[k]! * this.#played[from % this.#played.length]!;
    }
    return sum * this.#gain;
  }
}

/** About -65 dBFS. */
const NOISE_PEAK = 32;

const isAudio = (datagram: Buffer): boolean => datagram.length > HEADER_BYTES && (datagram.readUInt8(1) & 0x7f) === 0;
const clamped = (x: number): number => Math.max(-32_768, Math.min(32_767, Math.round(x)));
