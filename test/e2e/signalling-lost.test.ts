import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import t from 'tap';
import { systemClock } from '../../src/core/clock.js';
import { silentLogger } from '../../src/core/log.js';
import { startSignallingServer } from '../../src/signalling/signalling-server.js';
import { type CallResource, eventually, OffhookProcess } from '../support/offhook-process.js';
import { Phone } from '../support/phone.js';

/** Stands between the application and its signalling server, and can cut the line. */
async function startProxy(targetPort: number): Promise<{ port: number; cut(): void; server: Server }> {
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(targetPort, '127.0.0.1');
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from);
      from.on('error', () => {});
      from.once('close', () => to.destroy());
      from.pipe(to);
    }
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const cut = (): void => {
    for (const socket of sockets) socket.destroy();
    sockets.clear();
  };
  return { port: (server.address() as { port: number }).port, cut, server };
}

void t.test('the connection to the signalling server drops: calls are ended on record, and the next call works', async (t) => {
  const secret = 'secret of the test';
  const signalling = await startSignallingServer({
    bind: '127.0.0.1',
    sipPort: 0,
    externalIp: undefined,
    secret,
    clock: systemClock,
    log: silentLogger,
  });
  const proxy = await startProxy(signalling.appPort);
  t.teardown(async () => {
    proxy.cut();
    proxy.server.close();
    await signalling.close();
  });
  const server = await OffhookProcess.start(t, {
    env: { OFFHOOK_DRACHTIO: `127.0.0.1:${proxy.port}`, OFFHOOK_DRACHTIO_SECRET: secret },
  });
  const phone = await (await Phone.open(t, signalling.sipPort)).answered('tone');
  await phone.rtp.more(20);
  proxy.cut();
  await phone.hungUpOn();
  const call = await eventually(async () => {
    const [latest] = await server.data<CallResource[]>('/calls');
    return latest?.end_reason ? latest : undefined;
  }, 'the call closed on record');
  t.match(call, { status: 'failed', result: 'server_error', end_reason: 'internal' });
  const next = await eventually(async () => {
    const phone = await Phone.open(t, signalling.sipPort);
    return (await phone.call('tone')).status === 200 ? phone : undefined;
  }, 'a call after the connection is back');
  await next.rtp.more(20);
  await next.hangUp();
  server.kill('SIGTERM');
  t.same(await server.ended(20_000), { code: 0, signal: null });
});

void t.test('a signalling server that is not there is named in one line, and the start ends', async (t) => {
  const free = createServer().listen(0, '127.0.0.1');
  await once(free, 'listening');
  const { port } = free.address() as { port: number };
  free.close();
  const server = OffhookProcess.spawn(t, {
    env: { OFFHOOK_DRACHTIO: `127.0.0.1:${port}`, OFFHOOK_DRACHTIO_SECRET: 'x', OFFHOOK_LOG_LEVEL: 'error' },
  });
  t.same(await server.ended(60_000), { code: 1, signal: null });
  t.match(server.stderr, new RegExp(`^offhook: signalling server 127\\.0\\.0\\.1:${port}: .*ECONNREFUSED.*\n$`));
});
