import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import type { Naptr, Srv } from '../../src/signalling/transport/dns.js';

/** What a name has; flags and regular expression of a NAPTR are always `s` and none (RFC 3263 section 4.1). */
export type DnsRecord = { type: 'A' | 'AAAA'; address: string } | ({ type: 'SRV' } & Srv) | ({ type: 'NAPTR' } & Naptr);

const TYPES = { A: 1, AAAA: 28, SRV: 33, NAPTR: 35 } as const;
const HEADER_BYTES = 12;
/** Response, authoritative. */
const ANSWER_FLAGS = 0x8400;
const NAME_ERROR = 3;
const INTERNET = 1;
/** Points to the name in the question. */
const SAME_NAME = Buffer.of(0xc0, HEADER_BYTES);

/** A name server for a zone that the test may change, on a UDP port of loopback (RFC 1035). */
export class DnsServer {
  /** By lower-case name. */
  readonly zone: Record<string, readonly DnsRecord[]>;
  /** `SRV _sip._udp.example.com`, in the order of coming. */
  readonly asked: string[] = [];
  readonly #socket: Socket;

  private constructor(socket: Socket, zone: Record<string, readonly DnsRecord[]>) {
    this.#socket = socket;
    this.zone = zone;
    socket.on('message', (query, from) => socket.send(this.#answerTo(query), from.port, from.address));
  }

  static async start(
    t: { teardown(task: () => Promise<void>): void },
    zone: Record<string, readonly DnsRecord[]>,
  ): Promise<DnsServer> {
    const socket = createSocket('udp4').bind(0, '127.0.0.1');
    await once(socket, 'listening');
    t.teardown(async () => void socket.close());
    return new DnsServer(socket, zone);
  }

  /** As `sip.dnsServers` takes it. */
  get address(): string {
    return `127.0.0.1:${this.#socket.address().port}`;
  }

  #answerTo(query: Buffer): Buffer {
    const { name, end } = readName(query);
    const type = query.readUInt16BE(end);
    const known = this.zone[name];
    const records = known?.filter((record) => TYPES[record.type] === type) ?? [];
    this.asked.push(`${Object.entries(TYPES).find(([, code]) => code === type)?.[0] ?? type} ${name}`);
    const header = Buffer.alloc(HEADER_BYTES);
    query.copy(header, 0, 0, 2);
    header.writeUInt16BE(ANSWER_FLAGS | (known ? 0 : NAME_ERROR), 2);
    header.writeUInt16BE(1, 4);
    header.writeUInt16BE(records.length, 6);
    // Name, type and class of the question; what a resolver says of itself after them is left out.
    return Buffer.concat([header, query.subarray(HEADER_BYTES, end + 4), ...records.map(answerOf)]);
  }
}

/** @returns where it ends. Questions come without pointers. */
function readName(query: Buffer): { name: string; end: number } {
  const labels: string[] = [];
  let at = HEADER_BYTES;
  for (let length = query.readUInt8(at); length > 0; length = query.readUInt8(at)) {
    labels.push(query.toString('latin1', at + 1, at + 1 + length));
    at += 1 + length;
  }
  return { name: labels.join('.').toLowerCase(), end: at + 1 };
}

function answerOf(record: DnsRecord): Buffer {
  const data = dataOf(record);
  const head = Buffer.alloc(10);
  head.writeUInt16BE(TYPES[record.type], 0);
  head.writeUInt16BE(INTERNET, 2);
  // The time to live stays 0: nothing is kept.
  head.writeUInt16BE(data.length, 8);
  return Buffer.concat([SAME_NAME, head, data]);
}

function dataOf(record: DnsRecord): Buffer {
  switch (record.type) {
    case 'A':
      return Buffer.from(record.address.split('.').map(Number));
    case 'AAAA':
      return v6Bytes(record.address);
    case 'SRV':
      return Buffer.concat([words(record.priority, record.weight, record.port), nameBytes(record.name)]);
    case 'NAPTR':
      return Buffer.concat([
        words(record.order, record.preference),
        text('s'),
        text(record.service),
        text(''),
        nameBytes(record.replacement),
      ]);
  }
}

const words = (...values: number[]): Buffer => Buffer.from(values.flatMap((value) => [value >> 8, value & 0xff]));
const text = (value: string): Buffer => Buffer.concat([Buffer.of(value.length), Buffer.from(value)]);
const nameBytes = (name: string): Buffer => Buffer.concat([...name.split('.').map(text), Buffer.of(0)]);

function v6Bytes(address: string): Buffer {
  const [head = '', tail = ''] = address.split('::');
  const groups = (part: string): number[] => (part === '' ? [] : part.split(':').map((group) => Number.parseInt(group, 16)));
  const [first, last] = [groups(head), groups(tail)];
  return words(...first, ...Array<number>(8 - first.length - last.length).fill(0), ...last);
}
