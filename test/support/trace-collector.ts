import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export type ReceivedSpan = {
  service: string;
  traceId: string;
  spanId: string;
  parentSpanId: string;
  name: string;
  startMs: number;
  endMs: number;
  /** 2 is an error. */
  statusCode: number;
  attributes: Record<string, string | number | boolean>;
};

type Field = { number: number; bytes: Buffer; value: bigint };

/** The fields of a protocol buffers message; a number is in `value`, all else in `bytes`. */
function fieldsOf(message: Buffer): Field[] {
  const fields: Field[] = [];
  let at = 0;
  const varint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = message.readUInt8(at++);
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  };
  const none = Buffer.alloc(0);
  while (at < message.length) {
    const tag = Number(varint());
    const number = tag >> 3;
    const wireType = tag & 7;
    if (wireType === 0) fields.push({ number, bytes: none, value: varint() });
    else if (wireType === 1) {
      const bytes = message.subarray(at, (at += 8));
      fields.push({ number, bytes, value: bytes.readBigUInt64LE() });
    } else if (wireType === 2) {
      const length = Number(varint());
      fields.push({ number, bytes: message.subarray(at, (at += length)), value: 0n });
    } else if (wireType === 5) fields.push({ number, bytes: message.subarray(at, (at += 4)), value: 0n });
    else throw new Error(`wire type ${wireType}`);
  }
  return fields;
}

const all = (fields: readonly Field[], number: number): Buffer[] =>
  fields.filter((field) => field.number === number).map(({ bytes }) => bytes);
const text = (fields: readonly Field[], number: number): string => all(fields, number)[0]?.toString() ?? '';
const hex = (fields: readonly Field[], number: number): string => all(fields, number)[0]?.toString('hex') ?? '';
const numberOf = (fields: readonly Field[], number: number): bigint =>
  fields.find((field) => field.number === number)?.value ?? 0n;

/** KeyValue and AnyValue of opentelemetry/proto/common/v1. */
function attributesOf(pairs: readonly Buffer[]): Record<string, string | number | boolean> {
  return Object.fromEntries(
    pairs.map((pair) => {
      const fields = fieldsOf(pair);
      const [value] = fieldsOf(all(fields, 2)[0] ?? Buffer.alloc(0));
      const read = { 1: () => value?.bytes.toString() ?? '', 2: () => value?.value === 1n, 3: () => Number(value?.value) };
      const asDouble = (): number => value?.bytes.readDoubleLE() ?? 0;
      return [text(fields, 1), (read[value?.number as keyof typeof read] ?? asDouble)()];
    }),
  );
}

/** ExportTraceServiceRequest of opentelemetry/proto/collector/trace/v1. */
function spansOf(request: Buffer): ReceivedSpan[] {
  return all(fieldsOf(request), 1).flatMap((bytes) => {
    const resourceSpans = fieldsOf(bytes);
    const resource = attributesOf(all(fieldsOf(all(resourceSpans, 1)[0] ?? Buffer.alloc(0)), 1));
    return all(resourceSpans, 2)
      .flatMap((scopeSpans) => all(fieldsOf(scopeSpans), 2))
      .map((encoded) => {
        const span = fieldsOf(encoded);
        return {
          service: String(resource['service.name']),
          traceId: hex(span, 1),
          spanId: hex(span, 2),
          parentSpanId: hex(span, 4),
          name: text(span, 5),
          startMs: Number(numberOf(span, 7)) / 1e6,
          endMs: Number(numberOf(span, 8)) / 1e6,
          attributes: attributesOf(all(span, 9)),
          statusCode: Number(numberOf(fieldsOf(all(span, 15)[0] ?? Buffer.alloc(0)), 3)),
        };
      });
  });
}

/** Takes traces as an OpenTelemetry collector does: protocol buffers over HTTP, at `/v1/traces`. */
export async function startTraceCollector(t: { teardown(task: () => Promise<void>): void }) {
  const spans: ReceivedSpan[] = [];
  const bodies: Buffer[] = [];
  const server = createServer((request, response) => {
    const pieces: Buffer[] = [];
    request.on('data', (piece: Buffer) => pieces.push(piece));
    request.on('end', () => {
      const body = Buffer.concat(pieces);
      bodies.push(body);
      if (request.method === 'POST' && request.url === '/v1/traces') spans.push(...spansOf(body));
      response.writeHead(200, { 'content-type': 'application/x-protobuf' }).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.teardown(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, spans, bodies };
}
