import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { isIPv6 } from 'node:net';
import { systemClock } from '../../src/core/clock.js';
import type { AudioAgreement } from '../../src/domain/ports/media.js';
import { type G711, g711Decode, g711Encode } from './g711.js';

export type ReceivedRtp = {
  payloadType: number;
  marker: boolean;
  sequence: number;
  timestamp: number;
  ssrc: number;
  payload: Buffer;
  arrivalMs: number;
  fromPort: number;
};

const FRAME_SAMPLES = 160;
const PAYLOAD_TYPE = { PCMU: 0, PCMA: 8 } as const;

/** The far end of a call in tests: sends and collects RTP over a plain dgram socket on loopback of either family, G.711 at 8 kHz. */
export class RtpPeer {
  readonly received: ReceivedRtp[] = [];
  readonly codec: G711;
  readonly #socket: Socket;
  readonly #waiting = new Set<() => void>();
  /** Numbers of the next packet; tests set them to provoke wraps and jumps. */
  sequence = 1000;
  timestamp = 50_000;
  ssrc = 0x1234abcd;

  private constructor(socket: Socket, codec: G711) {
    this.#socket = socket;
    this.codec = codec;
    socket.on('message', (datagram, from) => this.#onDatagram(datagram, from));
  }

  static async open(codec: G711 = 'PCMU', address = '127.0.0.1'): Promise<RtpPeer> {
    const socket = createSocket(isIPv6(address) ? 'udp6' : 'udp4');
    socket.bind(0, address);
    await once(socket, 'listening');
    return new RtpPeer(socket, codec);
  }

  get address(): string {
    return this.#socket.address().address;
  }

  get port(): number {
    return this.#socket.address().port;
  }

  /** What the engine is told when this peer is the far end. */
  agreement(changes: Partial<AudioAgreement> = {}): AudioAgreement {
    return {
      codec: this.codec,
      payloadType: PAYLOAD_TYPE[this.codec],
      clockRateHz: 8000,
      ptimeMs: 20,
      telephoneEvent: { payloadType: 101, clockRateHz: 8000 },
      remote: { address: this.address, rtpPort: this.port, rtcpPort: this.port + 1 },
      direction: 'sendrecv',
      ...changes,
    };
  }

  /** To a port of the loopback address that servers of tests have. */
  send(datagram: Uint8Array, port: number): void {
    this.#socket.send(datagram, port, isIPv6(this.address) ? '::1' : '127.0.0.1');
  }

  /** One packet with the next numbers; `changes` are this packet's alone. */
  sendPayload(
    payload: Uint8Array,
    port: number,
    changes: Partial<Pick<ReceivedRtp, 'payloadType' | 'marker' | 'sequence' | 'timestamp' | 'ssrc'>> = {},
    ticks = FRAME_SAMPLES,
  ): void {
    const packet = {
      payloadType: PAYLOAD_TYPE[this.codec],
      marker: false,
      sequence: this.sequence,
      timestamp: this.timestamp,
      ssrc: this.ssrc,
      ...changes,
    };
    this.send(rtpPacket(packet, payload), port);
    this.sequence = (this.sequence + 1) & 0xffff;
    this.timestamp = (this.timestamp + ticks) >>> 0;
  }

  /** Sends 8 kHz audio in 20 ms packets at once. */
  sendBurst(samples: Int16Array, port: number): void {
    for (const frame of frames(samples)) this.sendPayload(g711Encode(frame, this.codec), port);
  }

  /** Sends 8 kHz audio in 20 ms packets, each at its time. Resolves when it is over, so that what is played next follows on. */
  async play(samples: Int16Array, port: number): Promise<void> {
    const parts = [...frames(samples)];
    await this.paced(parts.length, (frame) => this.sendPayload(g711Encode(parts[frame] ?? samples, this.codec), port));
  }

  /** Calls `send` with 0, 1, … every 20 ms, and waits those 20 ms after the last too. */
  async paced(count: number, send: (frame: number) => void): Promise<void> {
    const startMs = systemClock.monotonicMs();
    for (let frame = 0; frame < count; frame++) {
      send(frame);
      const waitMs = startMs + (frame + 1) * 20 - systemClock.monotonicMs();
      if (waitMs > 0) await new Promise<void>((resolve) => void systemClock.schedule(waitMs, resolve));
    }
  }

  /** Received audio, decoded and in order of sequence; telephone-event left out. */
  heard(from = 0): Int16Array {
    const audio = this.audioPackets().slice(from);
    const out = new Int16Array(audio.reduce((sum, packet) => sum + packet.payload.length, 0));
    let at = 0;
    for (const packet of audio) {
      out.set(g711Decode(packet.payload, this.codec), at);
      at += packet.payload.length;
    }
    return out;
  }

  decode(packet: ReceivedRtp): Int16Array {
    return g711Decode(packet.payload, this.codec);
  }

  audioPackets(): ReceivedRtp[] {
    const base = this.received[0]?.sequence ?? 0;
    const distance = (packet: ReceivedRtp): number => ((packet.sequence - base + 0x8000) & 0xffff) - 0x8000;
    return this.received
      .filter((packet) => packet.payloadType === PAYLOAD_TYPE[this.codec])
      .toSorted((a, b) => distance(a) - distance(b));
  }

  /** Resolves once `condition` holds; it is looked at after every packet. Rejects with `what` when the limit passes. */
  async until(condition: () => boolean, what: string, limitMs = 20_000): Promise<void> {
    if (condition()) return;
    await new Promise<void>((resolve, reject) => {
      const stop = systemClock.schedule(limitMs, () => {
        this.#waiting.delete(look);
        reject(new Error(`gave up waiting: ${what} (${this.received.length} packets received)`));
      });
      const look = (): void => {
        if (!condition()) return;
        stop();
        this.#waiting.delete(look);
        resolve();
      };
      this.#waiting.add(look);
    });
  }

  /** Resolves when `count` more packets have come. */
  async more(count: number): Promise<void> {
    const goal = this.received.length + count;
    await this.until(() => this.received.length >= goal, `${count} more packets`);
  }

  async close(): Promise<void> {
    this.#socket.close();
    await once(this.#socket, 'close');
  }

  #onDatagram(datagram: Buffer, from: RemoteInfo): void {
    if (datagram.length < 12) return;
    this.received.push({
      payloadType: datagram.readUInt8(1) & 0x7f,
      marker: (datagram.readUInt8(1) & 0x80) !== 0,
      sequence: datagram.readUInt16BE(2),
      timestamp: datagram.readUInt32BE(4),
      ssrc: datagram.readUInt32BE(8),
      payload: datagram.subarray(12),
      arrivalMs: systemClock.monotonicMs(),
      fromPort: from.port,
    });
    for (const look of this.#waiting) look();
  }
}

export function rtpPacket(
  header: Pick<ReceivedRtp, 'payloadType' | 'marker' | 'sequence' | 'timestamp' | 'ssrc'>,
  payload: Uint8Array,
): Buffer {
  const packet = Buffer.alloc(12 + payload.length);
  packet.writeUInt8(0x80, 0);
  packet.writeUInt8((header.marker ? 0x80 : 0) | header.payloadType, 1);
  packet.writeUInt16BE(header.sequence & 0xffff, 2);
  packet.writeUInt32BE(header.timestamp >>> 0, 4);
  packet.writeUInt32BE(header.ssrc >>> 0, 8);
  packet.set(payload, 12);
  return packet;
}

function* frames(samples: Int16Array): Generator<Int16Array> {
  for (let at = 0; at < samples.length; at += FRAME_SAMPLES) yield samples.subarray(at, at + FRAME_SAMPLES);
}
