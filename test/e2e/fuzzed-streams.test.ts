import { once } from 'node:events';
import { connect } from 'node:net';
import * as fc from 'fast-check';
import t from 'tap';
import { WebSocket } from 'ws';
import { freePort } from '../support/free-port.js';
import { OffhookProcess } from '../support/offhook-process.js';
import { SipPeer } from '../support/sip-peer.js';
import { inviteText, newCall, requestText } from '../support/sip-texts.js';

const RUNS = 40;

const wsPort = await freePort();
const server = await OffhookProcess.start(t, {
  config: { sip: { wsPort, admission: { connectionsPerSource: 1000, callsPerSecondPerSource: 1000 }, bans: { enabled: false } } },
  env: { OFFHOOK_LOG_LEVEL: 'warn' },
});
const tcp = await SipPeer.tcp(server.sipPort);
t.teardown(() => tcp.close());

/** What may stand where the length of the body does. */
const length = fc.constantFrom('0', '1', '5', '64', '131', '70000', '-1', '+5', '0x10', '1e2', '5 5', '', '9'.repeat(30));
/** A request with a hole, something in the hole, and a length that may lie. */
const request = fc
  .record({
    method: fc.constantFrom('OPTIONS', 'INVITE', 'REGISTER', 'BYE', 'ACK', 'CANCEL', 'MESSAGE', 'FOO'),
    at: fc.nat(600),
    remove: fc.nat(30),
    insert: fc.oneof(
      fc.string({ unit: 'binary', maxLength: 12 }),
      fc.constantFrom('\r\n', '\r\n\r\n', '\r\n ', '<', '"', ';', '\0'),
    ),
    length,
  })
  .map(({ method, at, remove, insert, length: told }) => {
    const whole = method === 'INVITE' ? inviteText(tcp, newCall()) : requestText(tcp, method, newCall());
    const text = whole.replace(/Content-Length: \d+/, `Content-Length: ${told}`);
    return Buffer.from(text.slice(0, at) + insert + text.slice(at + remove));
  });
const pieces = fc.array(
  fc.oneof(
    { weight: 3, arbitrary: request },
    fc.uint8Array({ maxLength: 300 }).map((a) => Buffer.from(a)),
  ),
  {
    minLength: 1,
    maxLength: 8,
  },
);
/** Where a stream is cut. */
const cuts = fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1, maxLength: 20 });

async function stillServes(): Promise<boolean> {
  tcp.send(requestText(tcp, 'OPTIONS', newCall()));
  await tcp.status(200, 'OPTIONS');
  return !server.hasExited;
}

void t.test('whatever comes over TCP, however it is cut, others are served', async (t) => {
  await fc.assert(
    fc.asyncProperty(pieces, cuts, async (messages, sizes) => {
      const socket = connect(server.sipPort, '127.0.0.1');
      socket.on('error', () => {});
      await once(socket, 'connect');
      const stream = Buffer.concat(messages);
      for (let at = 0, cut = 0; at < stream.length; cut += 1) {
        const size = sizes[cut % sizes.length] ?? 1;
        socket.write(stream.subarray(at, at + size));
        at += size;
        await new Promise((resolve) => setImmediate(resolve));
      }
      const served = await stillServes();
      socket.destroy();
      return served;
    }),
    { numRuns: RUNS },
  );
  t.same(
    server.log.filter((line) => line.level >= 50),
    [],
    'and nothing has stumbled',
  );
});

void t.test('whatever comes over a WebSocket, in whatever frames, others are served', async (t) => {
  const frame = fc.record({
    bytes: fc.oneof(
      request,
      fc.uint8Array({ maxLength: 300 }).map((a) => Buffer.from(a)),
    ),
    binary: fc.boolean(),
    fin: fc.boolean(),
  });
  const raw = fc.uint8Array({ maxLength: 60 });
  await fc.assert(
    fc.asyncProperty(fc.array(frame, { maxLength: 8 }), raw, async (frames, bytes) => {
      const socket = new WebSocket(`ws://127.0.0.1:${wsPort}/`, ['sip']);
      socket.on('error', () => {});
      const connection = once(socket, 'upgrade') as Promise<[{ socket: { write(bytes: Uint8Array): void } }]>;
      await once(socket, 'open');
      const [{ socket: beneath }] = await connection;
      for (const { bytes: payload, binary, fin } of frames) socket.send(payload, { binary, fin });
      // No frames any more.
      beneath.write(bytes);
      const served = await stillServes();
      socket.terminate();
      return served;
    }),
    { numRuns: RUNS },
  );
  t.same(
    server.log.filter((line) => line.level >= 50),
    [],
    'and nothing has stumbled',
  );
});
