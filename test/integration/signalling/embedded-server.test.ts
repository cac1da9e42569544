import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';
import { Worker } from 'node:worker_threads';
import t from 'tap';
import { silentLogger } from '../../../src/core/log.js';
import { SignallingThread, startEmbeddedSignalling } from '../../../src/signalling/embedded-server.js';
import { SipPeer } from '../../support/sip-peer.js';
import { newCall, requestText } from '../../support/sip-texts.js';

const start = (sipPort: number) => startEmbeddedSignalling({ bind: '127.0.0.1', sipPort, log: silentLogger });

void t.test('the server answers SIP from its own thread, and closes without a word to onExit', async (t) => {
  const server = await start(0);
  const exits: Error[] = [];
  server.onExit((error) => exits.push(error));
  const peer = await SipPeer.udp(server.sipPort);
  t.teardown(() => peer.close());
  peer.send(requestText(peer, 'OPTIONS', newCall()));
  await peer.status(503, 'OPTIONS');
  await server.close();
  await server.close();
  t.same(exits, []);
});

void t.test('a taken UDP port is named', async (t) => {
  const socket = createSocket('udp4');
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', () => resolve()));
  t.teardown(() => void socket.close());
  const { port } = socket.address();
  await t.rejects(start(port), { message: `cannot listen for SIP on 127.0.0.1:${port} (UDP): the port is taken` });
});

void t.test('a taken TCP port is named', async (t) => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  t.teardown(() => void server.close());
  const { port } = server.address() as { port: number };
  await t.rejects(start(port), { message: `cannot listen for SIP on 127.0.0.1:${port} (TCP): the port is taken` });
});

void t.test('an address that is not ours is named', async (t) => {
  const failed = startEmbeddedSignalling({ bind: '192.0.2.55', sipPort: 0, log: silentLogger });
  await t.rejects(failed, { message: /cannot listen for SIP on 192\.0\.2\.55:0 \(UDP\): EADDRNOTAVAIL/ });
});

void t.test('a thread that throws is reported once, to late listeners too', async (t) => {
  const code = `
    const { parentPort } = require('node:worker_threads');
    parentPort.postMessage({ type: 'ready', appPort: 1, sipPort: 2 });
    parentPort.once('message', () => { throw new Error('a fault in the thread'); });`;
  const worker = new Worker(code, { eval: true });
  const thread = new SignallingThread(worker, silentLogger);
  await thread.ready;
  const reported = new Promise<Error>((resolve) => thread.onExit(resolve));
  worker.postMessage('go');
  t.match(await reported, { message: 'a fault in the thread' });
  let late: Error | undefined;
  thread.onExit((error) => {
    late = error;
  });
  t.match(late, { message: 'a fault in the thread' });
});
