import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import t from 'tap';
import { systemClock } from '../../../src/core/clock.js';
import { silentLogger } from '../../../src/core/log.js';
import { connectTelephony } from '../../../src/sip/drachtio-telephony.js';
import { loopbackAddresses } from '../../support/loopback.js';

const frame = (payload: string): string => `${payload.length}#${payload}`;

const OPTIONS = frame(
  [
    '33333333-3333-4333-8333-333333333333|sip|network|300|udp|127.0.0.1|5060|11:11:11.000000|transaction||127.0.0.1|5060|',
    'OPTIONS sip:us@127.0.0.1 SIP/2.0',
    'Via: SIP/2.0/UDP 127.0.0.1:5060;branch=z9hG4bK1',
    'From: <sip:them@127.0.0.1>;tag=1',
    'To: <sip:us@127.0.0.1>',
    'Call-ID: here',
    'CSeq: 1 OPTIONS',
    'Content-Length: 0',
    '\r\n',
  ].join('\r\n'),
);

/** Answers what an application says as it connects; frames come one by one, for it waits for each answer or needs none. */
function answer(socket: Socket, chunk: string): void {
  for (const [, id = '', kind = ''] of chunk.matchAll(/\d+#([0-9a-f-]{36})\|(\w+)/g)) {
    const said = { authenticate: 'OK|udp/127.0.0.1:5060|v0.9.0|udp/127.0.0.1:5060', sip: 'NOK|no such thing' }[kind] ?? 'OK';
    socket.write(frame(`11111111-1111-4111-8111-111111111111|response|${id}|${said}`));
  }
}

void t.test('what the signalling server still says while we leave, cut anywhere, does no harm', async (t) => {
  const server = createServer((socket) => socket.setEncoding('utf8').on('data', (chunk: string) => answer(socket, chunk)));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => void server.close());
  const connected = once(server, 'connection') as Promise<[Socket]>;
  const { port } = server.address() as { port: number };
  const telephony = await connectTelephony({
    host: '127.0.0.1',
    port,
    secret: 'secret',
    addresses: loopbackAddresses(),
    userAgent: 'Test',
    clock: systemClock,
    log: silentLogger,
  });
  const [socket] = await connected;
  const late = frame(`22222222-2222-4222-8222-222222222222|response|none|OK|${'x'.repeat(500)}`);
  const left = once(socket, 'end');
  // Answered, so that what is behind it in the same chunk has been read as well.
  const answered = new Promise<void>(
    (resolve) => void socket.on('data', (chunk: string) => chunk.includes('SIP/2.0 200') && resolve()),
  );
  socket.write(OPTIONS + late.slice(0, 100));
  await answered;
  await telephony.close();
  await new Promise<void>((resolve) => void socket.write(late.slice(100) + late, () => resolve()));
  await left;
  socket.end();
  await once(socket, 'close');
  t.pass('nothing was thrown');
});
