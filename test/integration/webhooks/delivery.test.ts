import { spawn } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import t, { type Test } from 'tap';
import { systemClock } from '../../../src/core/clock.js';
import { DEFAULT_TENANT } from '../../../src/core/ids.js';
import { silentLogger } from '../../../src/core/log.js';
import { WEBHOOK_EVENT_TYPES } from '../../../src/domain/webhook.js';
import { openDatabase } from '../../../src/storage/database.js';
import { type SendOptions, sendWebhook } from '../../../src/webhooks/send-webhook.js';
import { WebhookDeliverer } from '../../../src/webhooks/webhook-deliverer.js';
import { makeCertificate } from '../../support/certificates.js';
import { sampleCall } from '../../support/sample-records.js';
import { until } from '../../support/until.js';

const SECRET = 'a secret of a subscription';
const OPTIONS: SendOptions = { clock: systemClock, allowPrivate: true, timeoutMs: 10_000 };

async function listen(t: Test, server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

type Received = { headers: IncomingMessage['headers']; body: string };

/** A receiver that keeps what it is sent, and the URL to reach it at. */
async function startReceiver(t: Test, status = 204): Promise<{ url: string; received: Received[] }> {
  const received: Received[] = [];
  const keep: RequestListener = (req, res) => {
    void text(req).then((body) => {
      received.push({ headers: req.headers, body });
      res.writeHead(status, { Location: '/elsewhere' }).end();
    });
  };
  return { url: `http://127.0.0.1:${await listen(t, createServer(keep))}/hook`, received };
}

const send = (url: string, options: Partial<SendOptions> = {}, signal = new AbortController().signal) =>
  sendWebhook({ url, headers: { 'X-Test': '1' }, body: '{"a":"ü"}', signal }, { ...OPTIONS, ...options });

async function startDeliverer(t: Test, dataDir: string, url: string) {
  const database = await openDatabase(dataDir);
  const deliverer = new WebhookDeliverer({
    outbox: database.webhooks,
    calls: database.calls,
    texts: database.texts,
    registry: database.webhookRegistry,
    reports: { excerptOf: async () => 'Inbound call.' },
    subscriptions: [{ tenantId: DEFAULT_TENANT, url, events: WEBHOOK_EVENT_TYPES, secret: SECRET }],
    send: (outgoing) => sendWebhook(outgoing, OPTIONS),
    clock: systemClock,
    log: silentLogger,
  });
  t.teardown(async () => {
    await deliverer.close();
    await database.close();
  });
  deliverer.start();
  return { database, deliverer };
}

void t.test('what a call did reaches the receiver, signed so that it can be checked', { timeout: 60_000 }, async (t) => {
  const { url, received } = await startReceiver(t);
  const { database, deliverer } = await startDeliverer(t, t.testdir(), url);
  const call = sampleCall();
  await database.calls.insert(call);
  deliverer.poke();
  await until(() => received.length > 0);
  const [{ headers, body }] = received as [Received];
  t.match(JSON.parse(body), { event_type: 'call_started', call_id: call.id, status: 'initiated' });
  const timestamp = String(headers['x-offhook-timestamp']);
  t.ok(Math.abs(Number(timestamp) - Date.now() / 1000) < 60, 'the time in seconds');
  const expected = createHmac('sha256', SECRET).update(`${timestamp}.${body}`).digest('hex');
  t.equal(headers['x-offhook-signature'], `sha256=${expected}`);
  t.match(headers['x-offhook-event-id'], /^[0-9a-f]{32}$/);
  t.equal(headers['content-type'], 'application/json');
});

void t.test('kill -9 after the commit loses nothing: the next process delivers', { timeout: 60_000 }, async (t) => {
  const dataDir = t.testdir();
  const writer = fileURLToPath(new URL('../../support/webhook-writer.js', import.meta.url));
  const child = spawn(process.execPath, [writer, dataDir], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  child.kill('SIGKILL');
  await once(child, 'exit');
  const { url, received } = await startReceiver(t);
  await startDeliverer(t, dataDir, url);
  await until(() => received.length === 2);
  const told = received.map(({ body }) => JSON.parse(body) as { event_type: string; call_id: string });
  t.same(new Set(told.map(({ event_type: type }) => type)), new Set(['call_started', 'call_completed']));
  t.ok(told.every(({ call_id: id }) => id === line.toString().trim()));
});

void t.test('HTTPS is spoken, and a certificate that nobody vouches for is refused', { timeout: 60_000 }, async (t) => {
  const { key, certificate: cert } = makeCertificate(t.testdir(), 'localhost', ['DNS:localhost']);
  const server = createTlsServer({ key: readFileSync(key), cert: readFileSync(cert) }, (_req, res) => res.end('ok'));
  const url = `https://localhost:${await listen(t, server)}/`;
  t.match(await send(url, { ca: readFileSync(cert, 'utf8') }), { statusCode: 200, error: undefined });
  t.match(await send(url), { statusCode: undefined, error: /self-signed/, hopeless: false });
});

void t.test('a redirect is a failure and is not followed', async (t) => {
  const { url, received } = await startReceiver(t, 307);
  t.match(await send(url), { statusCode: 307, error: 'answered 307', hopeless: false });
  t.equal(received.length, 1);
});

void t.test(
  'whoever does not answer, answers without end, or is not there, is done with in time',
  { timeout: 60_000 },
  async (t) => {
    const silent = await listen(
      t,
      createServer(() => {}),
    );
    t.match(await send(`http://127.0.0.1:${silent}/`, { timeoutMs: 50 }), { error: 'no answer within 50 ms', hopeless: false });
    let cut: () => void = () => {};
    const wasCut = new Promise<void>((resolve) => {
      cut = resolve;
    });
    const endless = await listen(
      t,
      createServer((_req, res) => {
        res.on('close', cut);
        const more = (): void => {
          if (!res.destroyed) res.write('x'.repeat(10_000), more);
        };
        more();
      }),
    );
    t.match(await send(`http://127.0.0.1:${endless}/`), { statusCode: 200, error: undefined });
    await wasCut;
    const gone = createServer();
    const port = await listen(t, gone);
    gone.close();
    t.match(await send(`http://127.0.0.1:${port}/`), { statusCode: undefined, error: /ECONNREFUSED/ });
    const aborted = AbortSignal.abort();
    t.match(await send(`http://127.0.0.1:${silent}/`, {}, aborted), { statusCode: undefined, error: String });
  },
);

void t.test('nothing that is not public can be reached, however it is written', async (t) => {
  const { url, received } = await startReceiver(t);
  const { port } = new URL(url);
  for (const target of [
    `http://127.0.0.1:${port}/`,
    `https://127.0.0.1:${port}/`,
    `https://localhost:${port}/`,
    `https://2130706433:${port}/`,
    `https://0x7f.1:${port}/`,
    `https://0:${port}/`,
    `https://[::1]:${port}/`,
    `https://[::ffff:127.0.0.1]:${port}/`,
    'https://169.254.169.254/latest/meta-data/',
    'https://10.0.0.1/',
    'http://example.com/',
    'ftp://example.com/',
  ]) {
    t.match(await send(target, { allowPrivate: false }), { statusCode: undefined, hopeless: true }, target);
  }
  t.match(await send('http://10.0.0.1/'), { hopeless: true }, 'plain HTTP goes no further than this machine');
  t.equal(received.length, 0);
});
