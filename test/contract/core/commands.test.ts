import t from 'tap';
import { newCallId } from '../../../src/core/ids.js';
import { wavOf } from '../../../src/speech/wav.js';
import { type HttpHarness, OTHER_TENANT, startHarness } from '../../support/http-harness.js';
import { sampleAgent, sampleCall, sampleCompletedCall } from '../../support/sample-records.js';

const PCM = Int16Array.of(1, 2, 3);
const WAV = Buffer.from(wavOf([PCM], 16_000));

async function runningCall(api: HttpHarness): Promise<string> {
  const call = sampleCall({ status: 'in_progress' });
  await api.database.calls.insert(call);
  return call.id;
}

function sendWav(
  api: HttpHarness,
  id: string,
  body: Buffer,
  query = '',
  headers: Record<string, string> = {},
): Promise<Response> {
  return api.raw(`/api/v1/calls/${id}/inject${query}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${api.key}`, 'content-type': 'audio/wav', ...headers },
    body: new Uint8Array(body),
  });
}

void t.test('POST /calls/:id/say 202: the words reach the call, once per idempotency key', async (t) => {
  const api = await startHarness(t);
  const id = await runningCall(api);
  const body = { text: 'One moment.', interrupt: true };
  const { status, body: answer } = await api.call('POST', `/calls/${id}/say`, body, { 'idempotency-key': 'say-1' });
  t.equal(status, 202);
  t.same(answer.data, { call_id: id, begins: 'now' });
  t.equal((await api.call('POST', `/calls/${id}/say`, body, { 'idempotency-key': 'say-1' })).status, 202);
  t.equal((await api.call('POST', `/calls/${id.toUpperCase()}/say`, { text: 'Second.' })).status, 202);
  t.same(api.commands, [
    { id, text: 'One moment.', interrupt: true },
    { id, text: 'Second.', interrupt: false },
  ]);
});

void t.test('POST /calls/:id/inject 202: a WAV file as the body or in base64', async (t) => {
  const api = await startHarness(t);
  const id = await runningCall(api);
  const key = { 'idempotency-key': 'wav-1' };
  const sent = await sendWav(api, id, WAV, '?interrupt=true&text=Closed%20today.', key);
  t.equal(sent.status, 202);
  t.match(await sent.json(), { success: true, data: { call_id: id, begins: 'now' } });
  t.equal((await sendWav(api, id, WAV, '?interrupt=true&text=Closed%20today.', key)).headers.get('idempotent-replayed'), 'true');
  const other = Buffer.from(wavOf([PCM], 8000));
  t.equal((await sendWav(api, id, other, '', key)).status, 409, 'another file with the same key');
  t.equal((await api.call('POST', `/calls/${id}/inject`, { audio: WAV.toString('base64') })).status, 202);
  t.same(api.commands, [
    { id, pcm: PCM, rateHz: 16_000, text: 'Closed today.', interrupt: true },
    { id, pcm: PCM, rateHz: 16_000, text: '[audio]', interrupt: false },
  ]);
});

void t.test('POST /calls/:id/inject takes files larger than other bodies, and no larger than it says', async (t) => {
  const api = await startHarness(t);
  const id = await runningCall(api);
  const minute = Buffer.from(wavOf([new Int16Array(24_000 * 60)], 24_000));
  t.equal((await sendWav(api, id, minute)).status, 202);
  const huge = await sendWav(api, id, Buffer.alloc(12 * 1024 * 1024 + 1));
  t.equal(huge.status, 413);
  t.match(await huge.json(), { success: false, error: 'The body is too large' });
});

void t.test('POST /calls/:id/dtmf 202: the keys are pressed', async (t) => {
  const api = await startHarness(t);
  const id = await runningCall(api);
  const { status, body } = await api.call('POST', `/calls/${id}/dtmf`, { digits: '12*#D' });
  t.equal(status, 202);
  t.same(body.data, { call_id: id, digits: '12*#D' });
  t.same(api.commands, [{ id, digits: '12*#D' }]);
});

const PENDING = {
  kind: 'blind',
  method: 'refer',
  by: 'operator',
  status: 'pending',
  sip_code: null,
  reason: null,
  started_at: '2023-11-14T22:13:20.000Z',
  answered_at: null,
  ended_at: null,
};

void t.test('POST /calls/:id/transfer 202: the far end is asked to call somebody else', async (t) => {
  const api = await startHarness(t);
  const id = await runningCall(api);
  for (const target of ['+15550199', 'sip:sales@pbx.example;transport=tcp']) {
    const { status, body } = await api.call('POST', `/calls/${id}/transfer`, { target });
    t.equal(status, 202);
    t.same(body.data, { call_id: id, transfer: { target, ...PENDING } });
  }
  t.match(api.commands, [
    { id, target: '+15550199', kind: 'blind', method: undefined, consent: 'none' },
    { id, target: 'sip:sales@pbx.example;transport=tcp' },
  ]);
});

void t.test('POST /calls/:id/transfer 202 attended, completed and taken back', async (t) => {
  const api = await startHarness(t);
  const id = await runningCall(api);
  const attended = {
    target: '+15550199',
    kind: 'attended',
    method: 'bridge',
    briefing: 'Ms Lee about her invoice.',
    consent: 'api',
    ring_timeout_seconds: 20,
    failure_message: '',
  };
  const started = await api.call('POST', `/calls/${id}/transfer`, attended);
  t.equal(started.status, 202);
  t.match(started.body.data, { transfer: { ...PENDING, kind: 'attended' } });
  const completed = await api.call('POST', `/calls/${id}/transfer/complete`);
  t.equal(completed.status, 202);
  t.match(completed.body.data, { call_id: id, transfer: { status: 'consulting' } });
  const cancelled = await api.call('POST', `/calls/${id}/transfer/cancel`);
  t.equal(cancelled.status, 202);
  t.match(cancelled.body.data, { call_id: id, transfer: { status: 'cancelled', reason: 'cancelled' } });
  const { ring_timeout_seconds: _, failure_message: failureMessage, ...same } = attended;
  const [begun, ...others] = api.commands;
  const { apiKeyId, ...asked } = begun as { apiKeyId?: string };
  t.same(asked, { id, ...same, ringTimeoutMs: 20_000, failureMessage });
  t.match(apiKeyId, /^[\da-f-]{36}$/, 'whose limits hold');
  t.same(others, [
    { id, transfer: 'complete' },
    { id, transfer: 'cancel' },
  ]);
});

void t.test('400 with the field at fault, and nothing reaches the call', async (t) => {
  const api = await startHarness(t);
  const id = await runningCall(api);
  const rows: [string, unknown, string][] = [
    ['say', undefined, 'body'],
    ['say', [], 'body'],
    ['say', {}, 'text'],
    ['say', { text: ' ' }, 'text'],
    ['say', { text: 7 }, 'text'],
    ['say', { text: 'a\u0000b' }, 'text'],
    ['say', { text: '\ud800' }, 'text'],
    ['say', { text: 'x'.repeat(5001) }, 'text'],
    ['say', { text: 'x', interrupt: 'yes' }, 'interrupt'],
    ['say', { text: 'x', loud: true }, 'loud'],
    ['inject', {}, 'audio'],
    ['inject', { audio: '' }, 'audio'],
    ['inject', { audio: 'not base64!' }, 'audio'],
    ['inject', { audio: 'AAAA' }, 'audio'],
    ['inject', { audio: WAV.subarray(0, 45).toString('base64') }, 'audio'],
    ['inject', { audio: WAV.toString('base64'), text: '' }, 'text'],
    ['transfer', {}, 'target'],
    ['transfer', { target: '15550199' }, 'target'],
    ['transfer', { target: 'tel:+15550199' }, 'target'],
    ['transfer', { target: 'sip:a b' }, 'target'],
    ['transfer', { target: 'sip:x>\r\nVia: y' }, 'target'],
    ['transfer', { target: `sip:${'x'.repeat(1000)}` }, 'target'],
    ['transfer', { target: '+15550199', kind: 'warm' }, 'kind'],
    ['transfer', { target: '+15550199', method: 'pray' }, 'method'],
    ['transfer', { target: '+15550199', briefing: 'Hello' }, 'briefing'],
    ['transfer', { target: '+15550199', kind: 'attended', briefing: ' ' }, 'briefing'],
    ['transfer', { target: '+15550199', consent: 'key' }, 'consent'],
    ['transfer', { target: '+15550199', ring_timeout_seconds: 1 }, 'ring_timeout_seconds'],
    ['dtmf', {}, 'digits'],
    ['dtmf', { digits: '' }, 'digits'],
    ['dtmf', { digits: '12E' }, 'digits'],
    ['dtmf', { digits: 12 }, 'digits'],
    ['dtmf', { digits: '1'.repeat(33) }, 'digits'],
  ];
  for (const [path, body, field] of rows) {
    const { status, body: answer } = await api.call('POST', `/calls/${id}/${path}`, body);
    const what = `${path} ${JSON.stringify(body)?.slice(0, 60)}`;
    t.equal(status, 400, what);
    t.match(answer.details.fields, [{ field }], what);
  }
  const bad = await sendWav(api, id, Buffer.from('nothing'));
  t.equal(bad.status, 400);
  t.match(await bad.json(), { details: { fields: [{ field: 'body', message: 'is no WAV file' }] } });
  t.equal((await sendWav(api, id, WAV, '?interrupt=maybe')).status, 400);
  t.equal((await sendWav(api, id, WAV, '', { 'content-type': 'audio/mpeg' })).status, 400);
  t.same(api.commands, []);
});

void t.test("404 for a call that is not there or another tenant's, 409 for one that is over", async (t) => {
  const api = await startHarness(t);
  const over = sampleCompletedCall(undefined);
  const theirs = sampleCall({ status: 'in_progress', tenantId: OTHER_TENANT });
  for (const call of [over, theirs]) await api.database.calls.insert(call);
  for (const [path, body] of [
    ['say', { text: 'x' }],
    ['inject', { audio: WAV.toString('base64') }],
    ['dtmf', { digits: '1' }],
    ['recording/pause', {}],
    ['recording/resume', {}],
  ] as const) {
    for (const id of [newCallId(), theirs.id, 'x'])
      t.equal((await api.call('POST', `/calls/${id}/${path}`, body)).status, 404, path);
    const { status, body: answer } = await api.call('POST', `/calls/${over.id}/${path}`, body);
    t.equal(status, 409, path);
    t.match(answer, { success: false, error: 'The call has already ended' });
  }
  t.same(api.commands, []);
});

void t.test('POST /calls/:id/recording/pause and resume 200: the record says since when', async (t) => {
  const api = await startHarness(t);
  const id = await runningCall(api);
  const paused_at = '2023-11-14T22:13:30.000Z';
  const paused = await api.call('POST', `/calls/${id}/recording/pause`);
  t.equal(paused.status, 200);
  t.same(paused.body.data, { call_id: id, paused: true, recording_pauses: [{ paused_at, resumed_at: null }] });
  const resumed = await api.call('POST', `/calls/${id}/recording/resume`);
  t.equal(resumed.status, 200);
  const recording_pauses = [{ paused_at, resumed_at: '2023-11-14T22:13:40.000Z' }];
  t.same(resumed.body.data, { call_id: id, paused: false, recording_pauses });
  t.match((await api.call('GET', `/calls/${id}`)).body.data, { recording_pauses });
});

void t.test('commands still work while the server drains, for calls go on', async (t) => {
  const api = await startHarness(t);
  const id = await runningCall(api);
  api.setReady(false);
  t.equal((await api.call('POST', `/calls/${id}/say`, { text: 'Goodbye.' })).status, 202);
});

void t.test('POST /calls/:id/handoff 200: another agent goes on with the call, and each moment names its own', async (t) => {
  const api = await startHarness(t);
  const first = sampleAgent();
  const second = sampleAgent({ name: 'Baker' });
  for (const agent of [first, second]) await api.database.agents.insert(agent);
  const call = sampleCall({ status: 'in_progress', agentId: first.id, agentName: first.name, agentVersion: 1 });
  await api.database.calls.insert(call);
  const briefing = 'Ten rolls.';
  const { status, body } = await api.call('POST', `/calls/${call.id}/handoff`, { agent_id: second.id.toUpperCase(), briefing });
  t.equal(status, 200);
  t.same(body.data, {
    call_id: call.id,
    handoff: {
      by: 'operator',
      from: { agent_id: first.id, agent_name: first.name, agent_version: 1 },
      to: { agent_id: second.id, agent_name: 'Baker', agent_version: 1 },
      after_ms: 4200,
    },
  });
  t.same(api.commands, [{ id: call.id, agentId: second.id, briefing }]);
  const said = { callId: call.id, speaker: 'agent', text: 'Hello.', heardText: 'Hello.', interrupted: false } as const;
  await api.database.calls.appendTranscript({ ...said, sequence: 1, startMs: 100, endMs: 900 });
  await api.database.calls.appendTranscript({ ...said, sequence: 2, startMs: 4200, endMs: 4900 });
  const shown = (await api.call('GET', `/calls/${call.id}`)).body.data;
  t.match(shown, { agent_id: second.id, handoffs: [{ to: { agent_id: second.id } }] });
  t.match(shown.transcript, [{ agent_id: first.id }, { agent_id: second.id }]);
  const { transcript } = (await api.call('GET', `/calls/${call.id}/transcript`)).body.data;
  t.match(transcript, [{ agent_id: first.id }, { agent_id: second.id }]);
});

void t.test('POST /calls/:id/handoff 400, 404, 409', async (t) => {
  const api = await startHarness(t);
  const id = await runningCall(api);
  const agent = sampleAgent();
  await api.database.agents.insert(agent);
  const foreign = sampleAgent({ tenantId: OTHER_TENANT });
  await api.database.agents.insert(foreign);
  for (const body of [{}, { agent_id: 'baker' }, { agent_id: agent.id, briefing: '' }, { agent_id: agent.id, note: 'x' }])
    t.equal((await api.call('POST', `/calls/${id}/handoff`, body)).status, 400, JSON.stringify(body));
  const to = { agent_id: foreign.id };
  t.equal((await api.call('POST', `/calls/${id}/handoff`, to)).status, 404, 'an agent of somebody else');
  t.equal((await api.call('POST', `/calls/${newCallId()}/handoff`, { agent_id: agent.id })).status, 404);
  const over = sampleCompletedCall(agent.id);
  await api.database.calls.insert(over);
  t.equal((await api.call('POST', `/calls/${over.id}/handoff`, { agent_id: agent.id })).status, 409);
});
