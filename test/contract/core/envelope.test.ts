import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import t from 'tap';
import { DEFAULT_TENANT } from '../../../src/core/ids.js';
import type { Logger } from '../../../src/core/log.js';
import { startHarness } from '../../support/http-harness.js';

void t.test('401 without a key, with a wrong one, a revoked one, or one in the wrong place', async (t) => {
  const api = await startHarness(t);
  const [record] = await api.database.keys.list(DEFAULT_TENANT);
  const wrong = [
    undefined,
    'Bearer',
    'Bearer ',
    `Basic ${api.key}`,
    api.key,
    `Bearer ${api.key}x`,
    `Bearer ${'x'.repeat(9000)}`,
    'Bearer va_',
  ];
  for (const authorization of wrong) {
    const response = await api.raw('/api/v1/agents', { headers: authorization === undefined ? {} : { authorization } });
    t.equal(response.status, 401, String(authorization).slice(0, 40));
    t.equal(response.headers.get('www-authenticate'), 'Bearer');
    t.match(await response.json(), { success: false, error: 'Invalid or missing API key', meta: { request_id: String } });
  }
  t.equal((await api.raw(`/api/v1/agents?api_key=${api.key}`)).status, 200);
  t.equal((await api.raw('/api/v1/agents?api_key=a&api_key=b')).status, 401);
  await api.database.keys.revoke(DEFAULT_TENANT, record?.id as never, 1);
  t.equal((await api.call('GET', '/agents')).status, 401);
});

void t.test('200 for the key of the configuration, which is stored nowhere', async (t) => {
  const api = await startHarness(t, { adminKey: 'va_bootstrap_0123456789' });
  const headers = { authorization: 'Bearer va_bootstrap_0123456789' };
  t.equal((await api.raw('/api/v1/agents', { headers })).status, 200);
  t.notMatch(
    (await api.database.keys.list(DEFAULT_TENANT)).map((key) => key.prefix),
    ['va_bootstra'],
  );
});

void t.test('a request id that is given comes back, one that is unfit is replaced, none is made', async (t) => {
  const api = await startHarness(t);
  const given = await api.call('GET', '/agents', undefined, { 'x-request-id': 'trace-1.a:b' });
  t.equal(given.headers.get('x-request-id'), 'trace-1.a:b');
  t.equal(given.body.meta.request_id, 'trace-1.a:b');
  for (const headers of [{}, { 'x-request-id': 'a b"<script>' }, { 'x-request-id': 'x'.repeat(500) }]) {
    const { body } = await api.call('GET', '/agents', undefined, headers as Record<string, string>);
    t.match(body.meta.request_id, /^[0-9a-f]{8}-[0-9a-f-]{27}$/);
  }
});

void t.test('an answer is sent whole, whatever the client says it has', async (t) => {
  const api = await startHarness(t);
  for (const header of ['if-none-match', 'if-modified-since']) {
    const { status, body } = await api.call('GET', '/agents', undefined, { [header]: header === 'if-none-match' ? '*' : 'now' });
    t.same([status, body.success], [200, true], header);
  }
});

void t.test('404 in the envelope for paths and methods that do not exist', async (t) => {
  const api = await startHarness(t);
  for (const [method, path] of [
    ['GET', '/nothing'],
    ['PUT', '/agents'],
    ['DELETE', '/calls'],
    ['GET', '/agents/x/y'],
    ['POST', '/calls/x'],
  ] as const) {
    const { status, body } = await api.call(method, path);
    t.equal(status, 404, path);
    t.match(body, { success: false, error: String, meta: { timestamp: String, request_id: String } });
  }
  t.equal((await api.raw('/nothing')).status, 404);
});

void t.test('400 in the envelope for bodies that are no JSON object, each with its reason', async (t) => {
  const api = await startHarness(t);
  const deep = `{"name":"x","system_prompt":"y","voice_settings":${'{"a":'.repeat(5000)}1${'}'.repeat(5000)}}`;
  const cases: [string | Buffer, string, RegExp][] = [
    ['{"name": ', 'application/json', /not valid JSON/],
    ['', 'application/json', /Validation error/],
    ['"text"', 'application/json', /not valid JSON/],
    ['[]', 'application/json', /Validation error/],
    ['{"name":NaN}', 'application/json', /not valid JSON/],
    ['name=x', 'application/x-www-form-urlencoded', /application\/json/],
    ['{"name":"x"}', 'text/plain', /application\/json/],
    [Buffer.from('7b226e616d65223a22ff80fe227d', 'hex'), 'application/json', /UTF-8/],
    [deep, 'application/json', /nested deeper/],
    ['['.repeat(200_000), 'application/json', /not valid JSON/],
  ];
  for (const [body, contentType, expected] of cases) {
    const response = await api.raw('/api/v1/agents', {
      method: 'POST',
      headers: { authorization: `Bearer ${api.key}`, 'content-type': contentType },
      body,
    });
    t.equal(response.status, 400, String(expected));
    t.match(await response.json(), { success: false, error: expected });
  }
  t.equal((await api.call('GET', '/agents')).body.meta.total, 0, 'nothing was half done');
});

void t.test('413 for a body over the limit, packed or not; 415 for an encoding nobody knows', async (t) => {
  const api = await startHarness(t);
  const big = JSON.stringify({ name: 'x', system_prompt: 'y'.repeat(1_100_000) });
  t.equal((await api.call('POST', '/agents', big)).status, 413);
  const post = (body: Buffer, encoding: string): Promise<Response> =>
    api.raw('/api/v1/agents', {
      method: 'POST',
      headers: { authorization: `Bearer ${api.key}`, 'content-type': 'application/json', 'content-encoding': encoding },
      body,
    });
  t.equal((await post(gzipSync(big), 'gzip')).status, 413, 'a small packet that unpacks to a big one');
  t.equal((await post(Buffer.from('{}'), 'rot13')).status, 415);
  t.equal((await post(Buffer.from('{}'), 'gzip')).status, 400, 'not gzip at all');
});

void t.test('hostile text is refused or kept as it is, never acted on', async (t) => {
  const api = await startHarness(t);
  const create = (fields: object) => api.call('POST', '/agents', { name: 'x', system_prompt: 'y', ...fields });
  t.equal((await create({ name: 'a\u0000b' })).status, 400, 'NUL');
  t.equal((await create({ name: 'x'.repeat(201) })).status, 400, 'too long');
  t.equal((await create({ name: '   ' })).status, 400, 'blank');
  t.equal((await api.call('POST', '/agents', '{"name":"\\ud800","system_prompt":"y"}')).status, 400, 'half a surrogate pair');
  t.equal(
    (await api.call('POST', '/agents', '{"name":"x","system_prompt":"y","__proto__":{"enabled":false}}')).status,
    400,
    'prototype',
  );
  const sql = await create({ name: "'; DROP TABLE agents; --", description: '<script>alert(1)</script>' });
  t.match(sql.body.data, { name: "'; DROP TABLE agents; --", description: '<script>alert(1)</script>' });
  const odd = await api.call(
    'POST',
    '/agents',
    '{"name":"p","system_prompt":"y","voice_settings":{"__proto__":{"polluted":1},"constructor":1}}',
  );
  t.ok([201, 400].includes(odd.status));
  t.equal(({} as { polluted?: unknown }).polluted, undefined);
  t.equal((await api.call('GET', '/agents')).status, 200);
});

void t.test('a key name of a megabyte is refused in a short answer', async (t) => {
  const api = await startHarness(t);
  const { status, body } = await api.call('POST', '/agents', { name: 'x', system_prompt: 'y', ['k'.repeat(900_000)]: 1 });
  t.equal(status, 400);
  t.ok(JSON.stringify(body).length < 2000);
});

void t.test('a broken request line or path is refused and the server goes on', async (t) => {
  const api = await startHarness(t);
  t.equal((await api.call('GET', '/agents/%ff%fe')).status, 400);
  const port = Number(new URL(api.url).port);
  for (const junk of ['\u0000\u0001\u0002\r\n\r\n', 'GET / HTTP/9.9\r\n\r\n', `GET /${'a'.repeat(40_000)} HTTP/1.1\r\n\r\n`]) {
    const answer = await new Promise<string>((resolve, reject) => {
      const socket = connect(port, '127.0.0.1', () => socket.write(junk));
      let text = '';
      socket.on('data', (data) => {
        text += data.toString('latin1');
      });
      socket.on('end', () => socket.end());
      socket.on('close', () => resolve(text));
      socket.on('error', reject);
    });
    t.match(answer, /^HTTP\/1\.1 4\d\d/);
  }
  t.equal((await api.call('GET', '/agents')).status, 200);
});

void t.test('500 tells the client nothing and the log everything', async (t) => {
  const lines: { fields: object; message: string }[] = [];
  const log: Logger = {
    debug: () => {},
    info: () => {},
    warn: () => {},
    error: (fields, message) => lines.push({ fields, message }),
    child: () => log,
  };
  const api = await startHarness(t, { log });
  api.database.calls.list = () => Promise.reject(new Error('secret detail of the database'));
  const { status, body } = await api.call('GET', '/calls');
  t.equal(status, 500);
  t.same({ ...body, meta: undefined }, { success: false, error: 'Internal server error', meta: undefined });
  t.match(lines, [{ fields: { requestId: body.meta.request_id, path: '/api/v1/calls', err: { message: /secret detail/ } } }]);
});
