import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { newAgentId, newCallId, newDocumentId } from '../../../src/core/ids.js';
import { RecordingKeys } from '../../../src/core/recording-seal.js';
import type { Call } from '../../../src/domain/call.js';
import { type HttpHarness, OTHER_TENANT, startHarness } from '../../support/http-harness.js';
import { sampleCall, sampleCompletedCall, sampleEntry, sampleTurn } from '../../support/sample-records.js';
import { writeStereoWav } from '../../support/stereo-wav.js';

const WAV = Buffer.concat([Buffer.from('RIFF'), Buffer.alloc(996, 7)]);
const SOURCE = { documentId: newDocumentId(), documentName: 'prices.pdf', sequence: 3, heading: 'Prices', score: 0.016 };
const SOURCE_SHOWN = { document_id: SOURCE.documentId, document: 'prices.pdf', chunk: 3, heading: 'Prices', score: 0.016 };
const SUBPATHS = ['', '/transcript', '/recording', '/recording/stream'];

/** A call that is over and was recorded. */
async function recordedCall(api: HttpHarness, changes: Partial<Call> = {}): Promise<Call> {
  const id = newCallId();
  const call = sampleCompletedCall(newAgentId(), { id, recordingPath: `recordings/${id}.wav`, ...changes });
  mkdirSync(join(api.dataDir, 'recordings'), { recursive: true });
  writeFileSync(join(api.dataDir, 'recordings', `${id}.wav`), WAV);
  await api.database.calls.insert(call);
  return call;
}

function stream(api: HttpHarness, call: Call, headers: Record<string, string> = {}): Promise<Response> {
  return api.raw(`/api/v1/calls/${call.id}/recording/stream`, { headers: { authorization: `Bearer ${api.key}`, ...headers } });
}

void t.test('GET /calls 200: newest first, by agent and status, in pages; by task none', async (t) => {
  const api = await startHarness(t);
  const agentId = newAgentId();
  const calls = [
    sampleCompletedCall(agentId),
    sampleCall({ agentId }),
    sampleCall({ status: 'failed' }),
    sampleCall({ status: 'in_progress' }),
  ];
  for (const call of calls) await api.database.calls.insert(call);
  const all = await api.call('GET', '/calls');
  t.equal(all.status, 200);
  t.same(
    all.body.data.map((call: { id: string }) => call.id),
    calls.map((call) => call.id).toReversed(),
  );
  t.match(all.body.meta, { total: 4, limit: 50, offset: 0 });
  t.equal((await api.call('GET', `/calls?agent_id=${agentId.toUpperCase()}`)).body.meta.total, 2);
  t.match((await api.call('GET', `/calls?agent_id=${agentId}&status=initiated`)).body.data, [{ status: 'initiated' }]);
  t.match((await api.call('GET', '/calls?limit=1&offset=3')).body, { data: [{ id: calls[0]?.id }], meta: { total: 4 } });
  t.match((await api.call('GET', `/calls?task_id=${newCallId()}`)).body, { success: true, data: [], meta: { total: 0 } });
});

void t.test('GET /calls 400: a status, id or page that cannot be', async (t) => {
  const api = await startHarness(t);
  for (const query of [
    'status=ringing',
    'status=',
    'status=failed&status=completed',
    'agent_id=1',
    'task_id=x',
    'limit=1000',
    'offset=-5',
  ]) {
    t.equal((await api.call('GET', `/calls?${query}`)).status, 400, query);
  }
});

void t.test('GET /calls 200: filters that combine, a search in which everything may be typed, pages by cursor', async (t) => {
  const api = await startHarness(t);
  const busy = sampleCall({
    direction: 'outbound',
    status: 'failed',
    toUri: 'sip:+15550123@gw',
    termination: { result: 'client_error', reason: 'busy' },
    endedBy: 'callee',
    sipCode: 486,
    sipReason: 'Busy Here',
    endedAtMs: 1_700_000_005_000,
  });
  const talked = await recordedCall(api, { startedAtMs: 1_700_000_100_000 });
  await api.database.calls.insert(busy);
  await api.database.calls.appendTranscript(sampleEntry(talked.id, 1));
  const theirs = await recordedCall(api, { tenantId: OTHER_TENANT });
  await api.database.calls.appendTranscript(sampleEntry(theirs.id, 1));
  const found = async (query: string): Promise<string[]> => {
    const { status, body } = await api.call('GET', `/calls?${query}`);
    t.equal(status, 200, query);
    return body.data.map((call: { id: string }) => call.id);
  };
  for (const query of [
    'direction=outbound',
    'to=%2B1%20(555)%200123',
    'number=15550123',
    'result=client_error',
    'outcome=busy',
    'ended_by=callee&status=failed',
    'started_before=2023-11-14T22:15:00Z',
    'search=550123',
  ]) {
    t.same(await found(query), [busy.id], query);
  }
  for (const query of [
    'outcome=answered',
    'min_duration=30.5',
    'started_after=2023-11-14T23:15:00%2B01:00',
    'search=nine%20open',
    'from=alice&direction=inbound',
  ]) {
    t.same(await found(query), [talked.id], query);
  }
  t.same(await found('min_duration=31'), []);
  for (const typed of ['"', 'a AND (', "'; DROP TABLE calls; --", '*', 'NEAR('])
    await found(`search=${encodeURIComponent(typed)}`);

  const first = await api.call('GET', '/calls?limit=1');
  t.match(first.body, { data: [{ id: talked.id }], meta: { total: 2, limit: 1, offset: 0, next_cursor: /^[\w-]+$/ } });
  await recordedCall(api, { startedAtMs: 1_700_000_200_000 });
  const second = await api.call('GET', `/calls?limit=1&cursor=${first.body.meta.next_cursor}`);
  t.match(second.body, { data: [{ id: busy.id }], meta: { total: null, limit: 1, offset: null, next_cursor: null } });
});

void t.test('GET /calls 400: a filter that cannot be, named', async (t) => {
  const api = await startHarness(t);
  for (const [query, field] of [
    ['direction=up', 'direction'],
    ['result=fine', 'result'],
    ['outcome=', 'outcome'],
    ['ended_by=me', 'ended_by'],
    ['from=', 'from'],
    [`number=${'1'.repeat(301)}`, 'number'],
    ['started_after=yesterday', 'started_after'],
    ['started_before=2026-13-01T00:00:00Z', 'started_before'],
    ['min_duration=-1', 'min_duration'],
    ['min_duration=1e9', 'min_duration'],
    ['search=%20', 'search'],
    ['search=a%00b', 'search'],
    [`search=${'a'.repeat(201)}`, 'search'],
    ['cursor=x', 'cursor'],
    ['cursor=', 'cursor'],
    ['cursor=MS4x&offset=0', 'cursor'],
    ['cursor=MS4x&cursor=MS4x', 'cursor'],
  ] as const) {
    const { status, body } = await api.call('GET', `/calls?${query}`);
    t.equal(status, 400, query);
    t.match(body.details.fields, [{ field }], query);
  }
  t.equal((await api.call('GET', '/calls?cursor=MS4x')).status, 200, 'a place that no call is at');
});

void t.test('GET /calls/:id 200: the call with transcript, latencies and how it ended', async (t) => {
  const api = await startHarness(t);
  const call = await recordedCall(api);
  await api.database.calls.appendTranscript(sampleEntry(call.id, 1, { interrupted: true, heardText: 'We are open' }));
  await api.database.calls.appendTranscript(
    sampleEntry(call.id, 2, { speaker: 'caller', text: 'thanks', heardText: 'thanks', startMs: 3000 }),
  );
  await api.database.calls.appendTurn(sampleTurn(call.id, 1, { bargeInMs: 180.5, interrupted: true, sources: [SOURCE] }));
  const { status, body } = await api.call('GET', `/calls/${call.id}`);
  t.equal(status, 200);
  t.match(body.data, {
    id: call.id,
    agent_id: call.agentId,
    task_id: null,
    direction: 'inbound',
    status: 'completed',
    started_at: '2023-11-14T22:13:20.000Z',
    duration_seconds: 30.5,
    result: 'success',
    end_reason: 'caller_hangup',
    sip_code: 200,
    outcome: 'answered',
    ended_by: 'caller',
    transfer: null,
    legs: [{ leg: 'a', sip_call_id: call.sipCallId, from_uri: call.fromUri, codec: 'PCMU', sip_peer: null }],
    recording_available: true,
    media_stats: { packetsLost: 2 },
    quality: null,
    transcript: [
      { role: 'agent', message: 'We are open', full_message: 'We are open from nine to five.', interrupted: true },
      { role: 'user', message: 'thanks', time_in_call_secs: 3 },
    ],
    turns: [
      { latency_ms: { vad_end: 220, first_clause: null, first_packet: 580.5 }, barge_in_ms: 180.5, sources: [SOURCE_SHOWN] },
    ],
  });
  t.equal(body.data.report, null);
});

void t.test('GET /calls/:id/transcript 200, of a running call as far as it has come', async (t) => {
  const api = await startHarness(t);
  const call = sampleCall({ status: 'in_progress' });
  await api.database.calls.insert(call);
  t.same((await api.call('GET', `/calls/${call.id}/transcript`)).body.data, {
    call_id: call.id,
    status: 'in_progress',
    source: 'live',
    transcript: [],
  });
  await api.database.calls.appendTranscript(sampleEntry(call.id, 1));
  t.match((await api.call('GET', `/calls/${call.id}/transcript`)).body.data.transcript, [{ sequence: 1, role: 'agent' }]);
});

void t.test('GET /calls/:id/recording 200: a URL that plays with the same key', async (t) => {
  const api = await startHarness(t);
  const call = await recordedCall(api, { status: 'failed' });
  const { status, body } = await api.call('GET', `/calls/${call.id}/recording`);
  t.equal(status, 200);
  t.match(body.data, { call_id: call.id, content_type: 'audio/wav', size_bytes: WAV.length });
  const audio = await fetch(body.data.recording_url, { headers: { authorization: `Bearer ${api.key}` } });
  t.equal(audio.status, 200);
  t.same(Buffer.from(await audio.arrayBuffer()), WAV);
  t.equal((await fetch(body.data.recording_url)).status, 401, 'and not without');
});

void t.test('GET /calls/:id/recording/stream 200 and 206: the file, or the range of it that is asked for', async (t) => {
  const api = await startHarness(t);
  const call = await recordedCall(api);
  const whole = await stream(api, call);
  t.equal(whole.status, 200);
  t.equal(whole.headers.get('content-type'), 'audio/wav');
  t.equal(whole.headers.get('accept-ranges'), 'bytes');
  t.same(Buffer.from(await whole.arrayBuffer()), WAV);
  const part = await stream(api, call, { range: 'bytes=4-11' });
  t.equal(part.status, 206);
  t.equal(part.headers.get('content-range'), `bytes 4-11/${WAV.length}`);
  t.same(Buffer.from(await part.arrayBuffer()), WAV.subarray(4, 12));
  const tail = await stream(api, call, { range: 'bytes=-10' });
  t.equal(Buffer.from(await tail.arrayBuffer()).length, 10);
  t.equal(
    (await api.raw(`/api/v1/calls/${call.id}/recording/stream?api_key=${api.key}`)).status,
    200,
    'a player has only the URL',
  );
});

void t.test('GET /calls/:id/recording/stream 416: a range outside the file, in the envelope', async (t) => {
  const api = await startHarness(t);
  const response = await stream(api, await recordedCall(api), { range: 'bytes=5000-6000' });
  t.equal(response.status, 416);
  t.equal(response.headers.get('content-range'), `bytes */${WAV.length}`);
  t.match(response.headers.get('content-type'), /^application\/json/, 'not the type of the recording');
  t.equal(response.headers.get('content-disposition'), null);
  t.match(await response.json(), { success: false, error: /range/ });
});

void t.test('GET /calls/:id/recording 409 while the call goes on, 404 when there is none or its file is gone', async (t) => {
  const api = await startHarness(t);
  const running = await recordedCall(api, { status: 'in_progress' });
  const never = await recordedCall(api, { recordingPath: undefined });
  const gone = await recordedCall(api, { recordingPath: 'recordings/gone.wav' });
  const outside = await recordedCall(api, { recordingPath: '../../../../../../etc/hostname' });
  for (const path of ['recording', 'recording/stream']) {
    t.equal((await api.call('GET', `/calls/${running.id}/${path}`)).status, 409, path);
    for (const call of [never, gone, outside]) t.equal((await api.call('GET', `/calls/${call.id}/${path}`)).status, 404, path);
  }
});

void t.test('POST /calls/:id/end 200 once, then 409', async (t) => {
  const api = await startHarness(t);
  const call = sampleCall({ status: 'in_progress' });
  await api.database.calls.insert(call);
  const { status, body } = await api.call('POST', `/calls/${call.id}/end`);
  t.equal(status, 200);
  t.match(body.data, { call_id: call.id, status: 'completed', end_reason: 'api_hangup', message: 'Call ended' });
  const again = await api.call('POST', `/calls/${call.id}/end`, {});
  t.equal(again.status, 409);
  t.match(again.body, { success: false, error: 'The call has already ended' });
});

void t.test('POST /calls/:id/cancel 200 once: the call counts as failed; then 409', async (t) => {
  const api = await startHarness(t);
  const call = sampleCall({ status: 'in_progress', direction: 'outbound' });
  await api.database.calls.insert(call);
  const { status, body } = await api.call('POST', `/calls/${call.id}/cancel`);
  t.equal(status, 200);
  t.match(body.data, { call_id: call.id, status: 'failed', end_reason: 'cancelled', message: 'Call cancelled' });
  t.equal((await api.call('POST', `/calls/${call.id}/cancel`)).status, 409);
  const theirs = await recordedCall(api, { tenantId: OTHER_TENANT });
  t.equal((await api.call('POST', `/calls/${theirs.id}/cancel`)).status, 404);
});

void t.test('DELETE /calls/:id 200 once, with its recording, transcript and turns; 409 while it goes on; then 404', async (t) => {
  const api = await startHarness(t);
  const kept = await recordedCall(api);
  const call = await recordedCall(api, { recordingPath: 'recordings/doomed.wav' });
  const file = join(api.dataDir, 'recordings', 'doomed.wav');
  writeFileSync(file, WAV);
  await api.database.calls.appendTranscript(sampleEntry(call.id, 1));
  await api.database.calls.appendTurn(sampleTurn(call.id, 1));
  const { status, body } = await api.call('DELETE', `/calls/${call.id}`);
  t.equal(status, 200);
  t.same(body.data, { id: call.id, deleted: true });
  t.notOk(existsSync(file));
  t.same([await api.database.calls.transcript(call.id), await api.database.calls.turns(call.id)], [[], []]);
  for (const path of SUBPATHS) t.equal((await api.call('GET', `/calls/${call.id}${path}`)).status, 404, path);
  t.equal((await api.call('DELETE', `/calls/${call.id}`)).status, 404);
  t.match((await api.call('GET', '/calls?search=nine')).body, { data: [], meta: { total: 0 } });
  t.match((await api.call('GET', '/calls')).body, { data: [{ id: kept.id }], meta: { total: 1 } });
  for (const running of ['initiated', 'in_progress'] as const) {
    const other = sampleCall({ status: running });
    await api.database.calls.insert(other);
    const refused = await api.call('DELETE', `/calls/${other.id}`);
    t.equal(refused.status, 409, running);
    t.match(refused.body, { success: false, error: 'A call can be deleted when it has ended' });
    t.equal((await api.call('GET', `/calls/${other.id}`)).status, 200);
  }
});

void t.test("404 for calls that do not exist, for ids of no shape, and for another tenant's", async (t) => {
  const api = await startHarness(t);
  const theirs = await recordedCall(api, { tenantId: OTHER_TENANT });
  for (const id of [theirs.id, newCallId(), 'x', '0', '%00', "1'%20OR%201=1", 'a'.repeat(5000), '..%2f..%2fetc%2fpasswd']) {
    for (const path of SUBPATHS) t.equal((await api.call('GET', `/calls/${id}${path}`)).status, 404, `${id.slice(0, 40)}${path}`);
    t.equal((await api.call('POST', `/calls/${id}/end`)).status, 404);
    t.equal((await api.call('DELETE', `/calls/${id}`)).status, 404);
  }
  t.equal((await api.call('GET', '/calls')).body.meta.total, 0);
  t.equal((await stream(api, theirs, { authorization: `Bearer ${api.otherKey}` })).status, 200, 'its own tenant has it');
});

void t.test(
  'GET /calls/:id/recording/stream 200 and 206 of an encrypted one: the WAV file that it is; 404 without its key',
  async (t) => {
    const passphrase = 'of these recordings';
    const api = await startHarness(t, { recordingKeys: [passphrase] });
    const call = await recordedCall(api);
    const { prefix } = new RecordingKeys([passphrase]).seal(call.tenantId, 16_000) ?? { prefix: Buffer.alloc(0) };
    // A block that was never written: silence, without the need to write as the recorder does.
    writeFileSync(join(api.dataDir, call.recordingPath ?? ''), Buffer.concat([prefix, Buffer.alloc(4124)]));
    const whole = await stream(api, call);
    const wav = Buffer.from(await whole.arrayBuffer());
    t.equal(whole.status, 200);
    t.equal(whole.headers.get('content-length'), String(44 + 4096));
    t.equal(wav.toString('latin1', 0, 4), 'RIFF');
    t.equal(wav.readUInt32LE(40), 4096);
    const part = await stream(api, call, { range: 'bytes=40-47' });
    t.equal(part.status, 206);
    t.same(Buffer.from(await part.arrayBuffer()), wav.subarray(40, 48));
    t.match((await api.call('GET', `/calls/${call.id}/recording`)).body.data, { size_bytes: wav.length });
    const { prefix: strange } = new RecordingKeys(['somebody else’s key']).seal(call.tenantId, 16_000) ?? { prefix };
    writeFileSync(join(api.dataDir, call.recordingPath ?? ''), Buffer.concat([strange, Buffer.alloc(4124)]));
    t.equal((await stream(api, call)).status, 404);
  },
);

void t.test(
  'GET /calls/:id/recording/peaks 200: the loudest of each part, side by side; 400 for parts that cannot be',
  async (t) => {
    const api = await startHarness(t);
    const call = await recordedCall(api);
    const loud = new Int16Array(16_000).fill(16_384, 8000, 8320);
    writeStereoWav(join(api.dataDir, call.recordingPath ?? ''), loud, new Int16Array(16_000).fill(-3277));
    const { status, body } = await api.call('GET', `/calls/${call.id}/recording/peaks?buckets=10`);
    t.equal(status, 200);
    t.match(body.data, { call_id: call.id, duration_ms: 1000 });
    t.same(body.data.caller, [0, 0, 0, 0, 0, 0.5, 0, 0, 0, 0]);
    t.same(
      body.data.agent.map((peak: number) => Math.round(peak * 100)),
      Array.from({ length: 10 }, () => 10),
    );
    t.equal((await api.call('GET', `/calls/${call.id}/recording/peaks`)).body.data.caller.length, 50, 'parts of 20 ms at least');
    for (const buckets of ['0', '8001', 'x', '1.5']) {
      t.equal((await api.call('GET', `/calls/${call.id}/recording/peaks?buckets=${buckets}`)).status, 400, buckets);
    }
  },
);
