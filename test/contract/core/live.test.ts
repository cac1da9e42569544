import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import t from 'tap';
import { newCallId } from '../../../src/core/ids.js';
import { UNGUIDED } from '../../../src/domain/agent-guidance.js';
import type { Call } from '../../../src/domain/call.js';
import type { LiveEvent } from '../../../src/pipeline/live-event.js';
import { type HttpHarness, OTHER_TENANT, startHarness } from '../../support/http-harness.js';
import { connectLive, mustConnect } from '../../support/live-client.js';
import { sampleCall, sampleCompletedCall, sampleEntry, sampleTurn } from '../../support/sample-records.js';

/** A call that rings, in the record and in the feeds. */
async function beginCall(api: HttpHarness, changes: Partial<Call> = {}): Promise<Call> {
  const call = sampleCall(changes);
  await api.database.calls.insert(call);
  api.feeds.onCallEvent({ type: 'started', call });
  return call;
}

const answer = (api: HttpHarness, call: Call): void =>
  api.feeds.onCallEvent({ type: 'answered', call: { ...call, status: 'in_progress' } });

async function end(api: HttpHarness, call: Call): Promise<void> {
  const ended = sampleCompletedCall(undefined, { id: call.id, tenantId: call.tenantId });
  await api.database.calls.update(ended);
  api.feeds.onCallEvent({ type: 'ended', call: ended });
}

const entry = (api: HttpHarness, call: Call, sequence: number, words: string): void =>
  api.feeds.onCallEvent({ type: 'entry', entry: sampleEntry(call.id, sequence, { text: words, heardText: words }) });

const partial = (api: HttpHarness, call: Call, words: string): void =>
  api.feeds.onCallEvent({
    type: 'live',
    callId: call.id,
    event: { type: 'speech', speaker: 'agent', text: words, final: false, interrupted: false, atMs: 1500 },
  });

const socketUrl = (api: HttpHarness, id: string, query: string): string =>
  `${api.url.replace('http', 'ws')}/ws/calls/${id}?${query}`;
const withKey = (api: HttpHarness, call: Call): string => socketUrl(api, call.id, `api_key=${api.key}`);

const wordsOf = (message: { data: { transcript: { message: string }[] } }): string[] =>
  message.data.transcript.map(({ message: words }) => words);

void t.test('GET /calls/:id/live 200: the URL is that by which the client reached us, with a token that opens it', async (t) => {
  const api = await startHarness(t);
  const call = await beginCall(api);
  const { status, body } = await api.call('GET', `/calls/${call.id}/live`);
  t.equal(status, 200);
  const url = `${api.url.replace('http', 'ws')}/ws/calls/${call.id}`;
  const { temp_token: token, ...rest } = body.data;
  t.same(rest, {
    websocket_url: url,
    call_id: call.id,
    connection_info: {
      url,
      auth_method: 'query_param',
      auth_param: 'api_key',
      temp_auth_param: 'session_token',
      example: `${url}?api_key=YOUR_API_KEY`,
      example_session: `${url}?session_token=TEMP_TOKEN`,
      message_format: 'json',
      message_types: [
        'connected',
        'transcript_update',
        'call_status_update',
        'text_received',
        'tool_used',
        'state_update',
        'turn_completed',
        'dtmf_received',
        'tone_heard',
        'answered_by_update',
        'guidance_update',
        'participants_update',
        'suggestion',
        'error',
      ],
    },
  });
  const client = await mustConnect(`${body.data.websocket_url}?session_token=${token}`);
  t.match(await client.next(), { type: 'connected', data: { call_id: call.id, status: 'initiated' } });
  await end(api, call);
  t.match(await client.closed, { code: 1000, reason: 'call ended' });
});

void t.test('GET /calls/:id/live and /events 404 for unknown calls and other tenants, 401 without a key', async (t) => {
  const api = await startHarness(t);
  const theirs = await beginCall(api, { tenantId: OTHER_TENANT });
  const theirEnded = sampleCompletedCall(undefined, { tenantId: OTHER_TENANT });
  await api.database.calls.insert(theirEnded);
  for (const path of ['live', 'events']) {
    for (const id of [theirs.id, theirEnded.id, newCallId(), 'x', '%00']) {
      t.equal((await api.call('GET', `/calls/${id}/${path}`)).status, 404, `${path} ${id}`);
    }
    t.equal((await api.raw(`/api/v1/calls/${theirs.id}/${path}`)).status, 401);
  }
});

void t.test('a WebSocket is told what has been, then what comes, in order, and closes after the last status', async (t) => {
  const api = await startHarness(t);
  const call = await beginCall(api);
  answer(api, call);
  entry(api, call, 1, 'Hello!');
  const client = await mustConnect(withKey(api, call));
  t.match(await client.next(), { type: 'connected', data: { call_id: call.id, status: 'in_progress' } });
  t.match(await client.next(), { type: 'call_status_update', data: { status: 'in_progress' } });
  t.match(await client.next(), {
    type: 'transcript_update',
    data: { call_id: call.id, transcript: [{ sequence: 1, role: 'agent' }] },
  });
  partial(api, call, 'We are');
  t.match(await client.next(), {
    type: 'transcript_update',
    data: { transcript: [{ message: 'Hello!' }], partial: { role: 'agent', message: 'We are', time_in_call_secs: 1.5 } },
  });
  entry(api, call, 2, 'We are open.');
  const whole = await client.next();
  t.same(wordsOf(whole), ['Hello!', 'We are open.']);
  t.notOk('partial' in whole.data);
  await end(api, call);
  t.match(await client.next(), { type: 'call_status_update', data: { status: 'completed', end_reason: 'caller_hangup' } });
  t.match(await client.closed, { code: 1000 });
});

void t.test('all readers of a call are told the same in the same order, and none of another call', async (t) => {
  const api = await startHarness(t);
  const call = await beginCall(api);
  const other = await beginCall(api);
  const clients = await Promise.all([1, 2, 3].map(() => mustConnect(withKey(api, call))));
  for (const client of clients) t.equal((await client.next()).type, 'connected');
  entry(api, other, 1, 'not for you');
  answer(api, call);
  for (let sequence = 1; sequence <= 20; sequence += 1) entry(api, call, sequence, `words ${sequence}`);
  for (const client of clients) {
    t.equal((await client.next()).type, 'call_status_update');
    for (let count = 1; count <= 20; count += 1) t.equal(wordsOf(await client.next()).at(-1), `words ${count}`);
    client.socket.close();
  }
});

void t.test('of a call that is over, a WebSocket is told the whole record and closes', async (t) => {
  const api = await startHarness(t);
  const call = sampleCompletedCall(undefined);
  await api.database.calls.insert(call);
  await api.database.calls.appendTranscript(sampleEntry(call.id, 1));
  const client = await mustConnect(withKey(api, call));
  t.equal((await client.next()).type, 'connected');
  t.match(await client.next(), { type: 'transcript_update', data: { transcript: [{ sequence: 1 }] } });
  t.match(await client.next(), { type: 'call_status_update', data: { status: 'completed' } });
  t.match(await client.closed, { code: 1000 });
});

void t.test('a call that is stored but has not begun is followed from its beginning', async (t) => {
  const api = await startHarness(t);
  const call = sampleCall();
  await api.database.calls.insert(call);
  const client = await mustConnect(withKey(api, call));
  t.match(await client.next(), { type: 'connected', data: { status: 'initiated' } });
  api.feeds.onCallEvent({ type: 'started', call });
  answer(api, call);
  t.match(await client.next(), { type: 'call_status_update', data: { status: 'in_progress' } });
  await end(api, call);
  t.match(await client.next(), { type: 'call_status_update', data: { status: 'completed' } });
});

void t.test('keys and tokens: 401 at the hand-shake for what is wrong, expired or for another call', async (t) => {
  const api = await startHarness(t);
  const call = await beginCall(api);
  const other = await beginCall(api);
  const { temp_token: token } = (await api.call('GET', `/calls/${call.id}/live`)).body.data;
  const tampered = `${token.slice(0, -4)}${token.endsWith('AAAA') ? 'BBBB' : 'AAAA'}`;
  for (const query of [
    '',
    'api_key=',
    'api_key=va_wrong',
    `api_key=${'x'.repeat(2000)}`,
    'session_token=',
    'session_token=AAAA',
    `session_token=${tampered}`,
    `session_token=${'A'.repeat(5000)}`,
    `api_key=va_wrong&session_token=${token}`,
  ]) {
    t.same(await connectLive(socketUrl(api, call.id, query)), { status: 401 }, query.slice(0, 40));
  }
  t.same(await connectLive(socketUrl(api, other.id, `session_token=${token}`)), { status: 401 }, "another call's token");
  t.same(await connectLive(socketUrl(api, call.id, `api_key=${api.otherKey}`)), { status: 404 }, "another tenant's key");
  t.same(await connectLive(socketUrl(api, newCallId(), `api_key=${api.key}`)), { status: 404 });
  t.same(await connectLive(`${api.url.replace('http', 'ws')}/ws/else/where?api_key=${api.key}`), { status: 404 });

  api.clock.advance(5 * 60_000 - 1);
  const client = await mustConnect(socketUrl(api, call.id, `session_token=${token}`));
  t.equal((await client.next()).type, 'connected', 'good to the last millisecond, and more than once');
  api.clock.advance(1);
  t.same(await connectLive(socketUrl(api, call.id, `session_token=${token}`)), { status: 401 }, 'expired');
  client.say({ type: 'ping' });
  t.same(await client.next(), { type: 'pong' }, 'a connection outlives its token');
  client.socket.close();
  const byHeader = await mustConnect(socketUrl(api, call.id, ''), { authorization: `Bearer ${api.key}` });
  byHeader.socket.close();
});

void t.test('what a client says: pong for ping, an error for anything else, the end for too much', async (t) => {
  const api = await startHarness(t);
  const call = await beginCall(api);
  const client = await mustConnect(withKey(api, call));
  await client.next();
  client.say({ type: 'ping' });
  t.same(await client.next(), { type: 'pong' });
  for (const said of ['{', '[]', 'null', '"ping"', '{"type":"pong"}', '{"type":{"type":"ping"}}']) {
    client.say(said);
    t.match(await client.next(), { type: 'error', error: String }, said);
  }
  client.socket.send(Buffer.from('{"type":"ping"}'));
  t.match(await client.next(), { type: 'error', error: /text/ });
  client.say('x'.repeat(5000));
  t.match(await client.closed, { code: 1009 }, 'too long');

  const flooding = await mustConnect(withKey(api, call));
  for (let count = 0; count <= 100; count += 1) flooding.say({ type: 'ping' });
  t.match(await flooding.closed, { code: 1008 }, 'too often');
  const calm = await mustConnect(withKey(api, call));
  t.equal((await calm.next()).type, 'connected', 'others are served as before');
  calm.socket.close();
});

void t.test('a reader that does not read is let go, and the others do not notice', { timeout: 60_000 }, async (t) => {
  const api = await startHarness(t);
  const call = await beginCall(api);
  const slow = await mustConnect(withKey(api, call));
  const quick = await mustConnect(withKey(api, call));
  slow.socket.pause();
  await quick.next();
  // Each update holds all before it: more than any socket buffer takes.
  const long = 'words '.repeat(20_000);
  for (let sequence = 1; sequence <= 14; sequence += 1) {
    entry(api, call, sequence, long);
    t.equal((await quick.next()).data.transcript.length, sequence);
  }
  // It is cut within two seconds; only then does it read on, and finds the end.
  while (api.feeds.readersOf(call.id) > 1) await new Promise((resolve) => setImmediate(resolve));
  slow.socket.resume();
  const { code } = await slow.closed;
  t.ok(code === 1013 || code === 1006, `closed with ${code}`);
  entry(api, call, 15, 'still here');
  t.equal(wordsOf(await quick.next()).at(-1), 'still here');
  quick.socket.close();
});

void t.test('closing the server closes its readers', async (t) => {
  const api = await startHarness(t);
  const call = await beginCall(api);
  const client = await mustConnect(withKey(api, call));
  const events = await api.raw(`/api/v1/calls/${call.id}/events?api_key=${api.key}`);
  await api.close();
  t.match(await client.closed, { code: 1001 });
  t.match(await events.text(), /"connected"/);
});

void t.test('GET /calls/:id/events 200: the same messages as server-sent events, until the call ends', async (t) => {
  const api = await startHarness(t);
  const call = await beginCall(api);
  answer(api, call);
  const response = await api.raw(`/api/v1/calls/${call.id}/events?api_key=${api.key}`);
  t.equal(response.status, 200);
  t.equal(response.headers.get('content-type'), 'text/event-stream');
  t.equal(response.headers.get('cache-control'), 'no-store');
  entry(api, call, 1, 'two\nlines');
  await end(api, call);
  const stream = await response.text();
  const messages = stream
    .split('\n\n')
    .flatMap((block) => /^data: (.*)$/m.exec(block)?.[1] ?? [])
    .map((data) => JSON.parse(data));
  t.match(messages, [
    { type: 'connected' },
    { type: 'call_status_update', data: { status: 'in_progress' } },
    { type: 'transcript_update', data: { transcript: [{ message: 'two\nlines' }] } },
    { type: 'call_status_update', data: { status: 'completed' } },
  ]);
  t.ok(stream.endsWith('id: ended\n\n'));
  const again = await api.raw(`/api/v1/calls/${call.id}/events?api_key=${api.key}`, { headers: { 'last-event-id': 'ended' } });
  t.equal(again.status, 204, 'a browser that has everything is told not to come back');
});

void t.test('a request that merely offers HTTP/2 is answered as any other', async (t) => {
  const api = await startHarness(t);
  const ask = (lines: string[]): Promise<string> => {
    const socket = connect(Number(new URL(api.url).port), '127.0.0.1');
    socket.write(`${[...lines, 'Host: x', 'Connection: Upgrade', 'Upgrade: h2c'].join('\r\n')}\r\n\r\n`);
    return text(socket);
  };
  t.match(await ask(['GET /healthz HTTP/1.1']), /^HTTP\/1\.1 200 OK.*"ok"/s);
  t.match(await ask(['GET /api/v1/calls HTTP/1.1']), /^HTTP\/1\.1 401 /);
  t.match(await ask(['POST /api/v1/agents HTTP/1.1', 'Content-Length: 5']), /^HTTP\/1\.1 400 /);
});

const live = (api: HttpHarness, call: Call, event: LiveEvent): void =>
  api.feeds.onCallEvent({ type: 'live', callId: call.id, event });

void t.test('everything that happens on a call comes on one stream, with serial numbers that grow', async (t) => {
  const api = await startHarness(t);
  const call = await beginCall(api);
  answer(api, call);
  const client = await mustConnect(withKey(api, call));
  const first = await client.next();
  t.match(first, { type: 'connected', serial: Number, data: { resumed: false } });
  await client.next();
  live(api, call, { type: 'state', state: 'agent_speaking', atMs: 20 });
  live(api, call, { type: 'digit', digit: '5', atMs: 1234 });
  live(api, call, { type: 'suggestion', text: 'Noon.', atMs: 2000 });
  api.feeds.onCallEvent({ type: 'turn', turn: sampleTurn(call.id, 1, { latency: { firstPacketMs: 480 } }) });
  api.feeds.onCallEvent({ type: 'tone', callId: call.id, tone: 'beep' });
  const answeredBy = { verdict: 'machine', reason: 'beep', afterMs: 1500 } as const;
  api.feeds.onCallEvent({ type: 'answerer', call: { ...call, status: 'in_progress', answeredBy } });
  const guided: Call = { ...call, status: 'in_progress', guidance: { ...UNGUIDED, mode: 'operator', operator: 'Ann' } };
  api.feeds.onCallEvent({ type: 'guidance', call: guided });
  const expected = [
    { type: 'state_update', data: { call_id: call.id, state: 'agent_speaking', time_in_call_secs: 0.02 } },
    { type: 'dtmf_received', data: { digit: '5', time_in_call_secs: 1.234 } },
    { type: 'suggestion', data: { text: 'Noon.' } },
    { type: 'turn_completed', data: { call_id: call.id, sequence: 1, latency_ms: { first_packet: 480 } } },
    { type: 'tone_heard', data: { tone: 'beep' } },
    { type: 'answered_by_update', data: { verdict: 'machine', reason: 'beep', after_ms: 1500 } },
    { type: 'guidance_update', data: { mode: 'operator', operator: 'Ann', muted: false, instructions: null } },
  ];
  let { serial } = first;
  for (const each of expected) {
    const message = await client.next();
    t.match(message, each);
    t.ok(message.serial > serial, `${message.serial} after ${serial}`);
    serial = message.serial;
  }
  client.socket.close();
  const late = await mustConnect(withKey(api, call));
  t.match(
    [await late.next(), await late.next(), await late.next()],
    [{ type: 'connected', serial }, { type: 'call_status_update' }, { type: 'guidance_update', data: { mode: 'operator' } }],
  );
  late.socket.close();
});

void t.test('whoever comes back after a gap is told what it missed, once and in order; else all is told anew', async (t) => {
  const api = await startHarness(t);
  const call = await beginCall(api);
  answer(api, call);
  entry(api, call, 1, 'Hello!');
  const client = await mustConnect(withKey(api, call));
  const { serial } = await client.next();
  client.socket.close();
  await client.closed;
  live(api, call, { type: 'digit', digit: '1', atMs: 1 });
  entry(api, call, 2, 'We are open.');
  live(api, call, { type: 'state', state: 'listening', atMs: 2 });
  live(api, call, { type: 'digit', digit: '2', atMs: 3 });
  entry(api, call, 3, 'Until five.');
  live(api, call, { type: 'state', state: 'thinking', atMs: 4 });
  const missed = [
    { type: 'connected', serial, data: { resumed: true } },
    { type: 'dtmf_received', serial: serial + 1, data: { digit: '1' } },
    { type: 'dtmf_received', serial: serial + 4, data: { digit: '2' } },
    // The newest of these say what those before them said.
    { type: 'transcript_update', serial: serial + 5 },
    { type: 'state_update', serial: serial + 6, data: { state: 'thinking' } },
  ];
  const back = await mustConnect(`${withKey(api, call)}&after=${serial}`);
  for (const each of missed) t.match(await back.next(), each);
  live(api, call, { type: 'digit', digit: '3', atMs: 5 });
  t.match(await back.next(), { type: 'dtmf_received', serial: serial + 7 }, 'then what comes');
  back.socket.close();

  const ahead = await mustConnect(`${withKey(api, call)}&after=${serial + 1000}`);
  t.match(await ahead.next(), { type: 'connected', data: { resumed: false } }, 'a number that is none of ours');
  ahead.socket.close();
  for (let count = 0; count < 500; count += 1) live(api, call, { type: 'digit', digit: '4', atMs: 6 });
  const late = await mustConnect(`${withKey(api, call)}&after=${serial}`);
  t.match(await late.next(), { type: 'connected', data: { resumed: false } }, 'too much has happened');
  late.socket.close();
  t.same(await connectLive(`${withKey(api, call)}&after=soon`), { status: 400 });

  const events = await api.raw(`/api/v1/calls/${call.id}/events?api_key=${api.key}`, {
    headers: { 'last-event-id': String(serial + 507) },
  });
  live(api, call, { type: 'digit', digit: '9', atMs: 7 });
  await end(api, call);
  const stream = await events.text();
  t.same(
    stream.match(/^id: .*$/gm),
    [serial + 507, serial + 508, serial + 509, 'ended'].map((id) => `id: ${id}`),
  );
  t.equal((await api.raw(`/api/v1/calls/${call.id}/events?api_key=${api.key}&after=x`)).status, 400);
});
