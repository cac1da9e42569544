import { once } from 'node:events';
import t from 'tap';
import { WebSocket } from 'ws';
import { newCallId } from '../../../src/core/ids.js';
import type { Call } from '../../../src/domain/call.js';
import { wavOf } from '../../../src/speech/wav.js';
import { type HttpHarness, startHarness } from '../../support/http-harness.js';
import { connectLive } from '../../support/live-client.js';
import { until } from '../../support/media.js';
import { sampleCall, sampleCompletedCall } from '../../support/sample-records.js';

/** Three moments of both sides. */
const PAIRS = Int16Array.of(1, 100, 2, 200, 32_000, 32_000);
const WAV = Buffer.from(wavOf([Int16Array.of(1, 2, 3, 4, 5, 6, 7, 8)], 8_000));

async function runningCall(api: HttpHarness, changes: Partial<Call> = {}): Promise<string> {
  const call = sampleCall({ status: 'in_progress', ...changes });
  await api.database.calls.insert(call);
  return call.id;
}

const urlOf = (api: HttpHarness, id: string, query: string): string =>
  `${api.url.replace('http', 'ws')}/api/v1/calls/${id}/listen?${query}`;

/** A WebSocket client that keeps what it is told. */
async function connect(url: string) {
  const socket = new WebSocket(url, { perMessageDeflate: false });
  const messages: Buffer[] = [];
  socket.on('message', (data: Buffer) => messages.push(data));
  const closed = new Promise<{ code: number; reason: string }>((resolve) => {
    socket.on('close', (code, reason) => resolve({ code, reason: reason.toString('utf8') }));
  });
  await once(socket, 'open');
  await until(() => messages.length > 0, 'the first message');
  const samples = (): Int16Array => {
    const bytes = Buffer.concat(messages.slice(1));
    return Int16Array.from({ length: bytes.length / 2 }, (_, i) => bytes.readInt16LE(2 * i));
  };
  return { socket, closed, samples, welcome: JSON.parse(messages[0]?.toString('utf8') ?? '') };
}

void t.test('GET /calls/:id/listen 200: where to connect, with a token that opens it', async (t) => {
  const api = await startHarness(t);
  const id = await runningCall(api);
  const { status, body } = await api.call('GET', `/calls/${id}/listen`);
  t.equal(status, 200);
  const { temp_token: token, ...rest } = body.data;
  const url = urlOf(api, id, '').slice(0, -1);
  t.same(rest, { call_id: id, websocket_url: url, encoding: 's16le', sample_rate_hz: 16_000 });
  const client = await connect(`${url}?session_token=${token}`);
  t.same(client.welcome, {
    type: 'listening',
    data: { call_id: id, encoding: 's16le', sample_rate_hz: 16_000, channels: 2, talk: null },
  });
  t.same(await connectLive(`${url}?session_token=${token}&talk=both`), { status: 403 }, 'it opens ears, no mouth');
  client.socket.close();
  await until(() => api.line.listeners.size === 0, 'who has gone is told nothing');
});

void t.test('both sides arrive as pairs or as one, until the call ends', async (t) => {
  const api = await startHarness(t);
  const id = await runningCall(api);
  const stereo = await connect(urlOf(api, id, `api_key=${api.key}`));
  const mono = await connect(urlOf(api, id, `api_key=${api.key}&channels=1`));
  api.line.audio(PAIRS);
  await until(() => stereo.samples().length === 6 && mono.samples().length === 3, 'all is told');
  t.same([...stereo.samples()], [...PAIRS]);
  t.same([...mono.samples()], [101, 202, 32_767], 'added up, and cut off where it is too loud');
  api.line.end();
  t.match(await stereo.closed, { code: 1000, reason: 'call ended' });
  t.match(await mono.closed, { code: 1000 });
});

void t.test('what is said reaches the side that is meant, and nothing else may be sent', async (t) => {
  const api = await startHarness(t);
  const id = await runningCall(api);
  const talker = await connect(urlOf(api, id, `api_key=${api.key}&talk=target&rate=8000`));
  t.match(talker.welcome.data.talk, { to: 'target', sample_rate_hz: 8_000, channels: 1 });
  talker.socket.send(Buffer.from([1, 0, 255, 255]));
  await until(() => api.line.spoken.length === 1, 'it is said');
  t.same(api.line.spoken, [{ pcm: Int16Array.of(1, -1), rateHz: 8_000, to: 'target' }]);
  talker.socket.send(Buffer.from([1, 0, 255]));
  t.match(await talker.closed, { code: 1003 }, 'half a sample');
  const texting = await connect(urlOf(api, id, `api_key=${api.key}&talk=target`));
  texting.socket.send('hello');
  t.match(await texting.closed, { code: 1003 });
  const listener = await connect(urlOf(api, id, `api_key=${api.key}`));
  listener.socket.send(Buffer.from([1, 0]));
  t.match(await listener.closed, { code: 1008, reason: 'connected without talk' });
  const loud = await connect(urlOf(api, id, `api_key=${api.key}&talk=both`));
  loud.socket.send(Buffer.alloc(40_000));
  t.match(await loud.closed, { code: 1009 }, 'too much at once');
  t.equal(api.line.spoken.length, 1);
});

void t.test('refused at the hand-shake: who may not, what is not there, what is not understood', async (t) => {
  const api = await startHarness(t);
  const id = await runningCall(api);
  const reader = await api.newKey({ scopes: ['calls:read'] });
  const deaf = await api.newKey({ scopes: ['agents:read'] });
  const ringing = await runningCall(api, { status: 'initiated' });
  const over = sampleCompletedCall(undefined);
  await api.database.calls.insert(over);
  const refusals: [number, string, string][] = [
    [401, id, ''],
    [401, id, 'api_key=va_wrong'],
    [401, id, 'session_token=AAAA'],
    [403, id, `api_key=${deaf}`],
    [403, id, `api_key=${reader}&talk=far_end`],
    [404, id, `api_key=${api.otherKey}`],
    [404, newCallId(), `api_key=${api.key}`],
    [404, 'x', `api_key=${api.key}`],
    [409, ringing, `api_key=${api.key}`],
    [409, over.id, `api_key=${api.key}`],
    [400, id, `api_key=${api.key}&talk=everybody`],
    [400, id, `api_key=${api.key}&channels=3`],
    [400, id, `api_key=${api.key}&rate=1`],
  ];
  for (const [status, call, query] of refusals) {
    t.same(await connectLive(urlOf(api, call, query)), { status }, `${status} ${query.replace(/va_\w+/, 'key')}`);
  }
  const allowed = await connect(urlOf(api, id, `api_key=${reader}`));
  const others = await Promise.all(Array.from({ length: 7 }, () => connect(urlOf(api, id, `api_key=${api.key}`))));
  const ninth = await connect(urlOf(api, id, `api_key=${api.key}`));
  t.match(await ninth.closed, { code: 1013 }, 'eight listen already');
  for (const { socket } of [allowed, ...others]) socket.close();
});

void t.test('POST /calls/:id/audio 202: a WAV file as the body or in base64, for either side', async (t) => {
  const api = await startHarness(t);
  const id = await runningCall(api);
  const sent = await api.raw(`/api/v1/calls/${id}/audio?to=both`, {
    method: 'POST',
    headers: { authorization: `Bearer ${api.key}`, 'content-type': 'audio/wav' },
    body: new Uint8Array(WAV),
  });
  t.equal(sent.status, 202);
  t.match(await sent.json(), { data: { call_id: id, duration_ms: 1, begins_in_ms: 0 } });
  t.equal((await api.call('POST', `/calls/${id}/audio`, { audio: WAV.toString('base64') })).status, 202);
  t.match(api.commands, [
    { id, to: 'both', rateHz: 8_000 },
    { id, to: 'far_end', rateHz: 8_000 },
  ]);
  const wrong = await api.call('POST', `/calls/${id}/audio`, { audio: 'AAAA', to: 'nobody' });
  t.equal(wrong.status, 400);
  t.match(wrong.body.details.fields, [{ field: 'to' }]);
  t.match((await api.call('POST', `/calls/${id}/audio`, { audio: 'AAAA' })).body.details.fields, [{ field: 'audio' }]);
});
