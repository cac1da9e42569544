import { join } from 'node:path';
import t from 'tap';
import { systemClock } from '../../../src/core/clock.js';
import { AppError } from '../../../src/core/errors.js';
import { newCallId } from '../../../src/core/ids.js';
import type { Call } from '../../../src/domain/call.js';
import { FakeStt } from '../../support/fake-speech.js';
import { type HttpHarness, OTHER_TENANT, startHarness } from '../../support/http-harness.js';
import { sampleAgent, sampleCall, sampleCompletedCall, sampleEntry } from '../../support/sample-records.js';
import { writeStereoWav } from '../../support/stereo-wav.js';
import { joined, noise, silent, tone } from '../../support/test-audio.js';
import { WRITTEN, WritingModel } from '../../support/writing-model.js';

/** A call of a stored agent in which both sides spoke, with a recording: the caller from 1 s to 2 s, the agent from 3 s to 4 s. */
async function conversation(api: HttpHarness, changes: Partial<Call> = {}): Promise<Call> {
  const { agents, calls } = api.database;
  const agent = sampleAgent(changes.tenantId ? { tenantId: changes.tenantId } : {});
  await agents.insert(agent);
  const call = sampleCompletedCall(agent.id, changes);
  call.recordingPath = `recordings/${call.id}.wav`;
  await calls.insert(call);
  const said = { speaker: 'caller', heardText: '' } as const;
  await calls.appendTranscript(sampleEntry(call.id, 1, { interrupted: true, heardText: 'We are' }));
  await calls.appendTranscript(
    sampleEntry(call.id, 2, { ...said, text: 'when are you open on monday', startMs: 3000, endMs: 5000 }),
  );
  await calls.appendTranscript(sampleEntry(call.id, 3, { ...said, text: '[digit 5]', startMs: 6000, endMs: 6100 }));
  const speech = (): Int16Array => tone([200, 700], 1000);
  const caller = joined(noise(1000, 20), speech(), noise(2000, 20));
  writeStereoWav(join(api.dataDir, call.recordingPath), caller, joined(silent(3000), speech()));
  return call;
}

function hearing(...texts: string[]): FakeStt {
  const stt = new FakeStt(systemClock);
  stt.utterances.push(...texts.map((text) => ({ text })));
  return stt;
}

void t.test('GET /calls/:id/report 200: made when first asked for, then kept, and part of the call', async (t) => {
  const api = await startHarness(t);
  const call = await conversation(api);
  t.equal((await api.call('GET', `/calls/${call.id}`)).body.data.report, null, 'not made yet');
  const { status, body } = await api.call('GET', `/calls/${call.id}/report`);
  t.equal(status, 200);
  t.same(body.data, {
    call_id: call.id,
    summary:
      'Inbound call to Front Desk, 31 s. The caller spoke once (2 s), the agent once (2 s). The agent was interrupted once. Recognised requests: hours. The caller hung up.',
    outcome: 'unknown',
    sentiment: null,
    topics: ['hours'],
    key_points: ['The caller asked: “when are you open on monday”', 'Recognised requests: hours', 'Keys pressed: 5'],
    action_items: [],
    extracted_data: { intents: ['hours'], questions: ['when are you open on monday'], days: ['Monday'], keys_pressed: '5' },
    extraction: null,
    statistics: {
      duration_ms: 30_500,
      caller_speech_ms: 2000,
      agent_speech_ms: 2000,
      caller_utterances: 1,
      agent_utterances: 1,
      interruptions: 1,
    },
    generated_by: 'embedded',
    model: null,
    created_at: '2023-11-14T22:13:20.000Z',
  });
  api.clock.advance(60_000);
  t.same((await api.call('GET', `/calls/${call.id}/report`)).body.data, body.data, 'not made twice');
  t.same((await api.call('GET', `/calls/${call.id}`)).body.data.report, body.data);
});

void t.test('GET /calls/:id/report 200: written by the language model of the agent', async (t) => {
  const llm = new WritingModel(WRITTEN);
  const api = await startHarness(t, { suite: { llm } });
  const call = await conversation(api);
  const asked = await Promise.all([1, 2, 3].map(() => api.call('GET', `/calls/${call.id}/report`)));
  for (const { status, body } of asked) {
    t.equal(status, 200);
    t.match(body.data, { ...WRITTEN, generated_by: 'openai', model: 'test-model', statistics: { interruptions: 1 } });
  }
  t.equal(llm.requests.length, 1, 'who asks at the same time shares it');
  t.match(llm.requests[0]?.material, /Agent: We are \(interrupted\)\nCaller: when are you open on monday\nCaller: \[digit 5\]/);
});

void t.test('GET /calls/:id/report 200: a model that keeps to no form is asked once more, then the rules write', async (t) => {
  const llm = new WritingModel('Sure! Here it is.', { ...WRITTEN, outcome: 'wonderful' }, WRITTEN);
  const api = await startHarness(t, { suite: { llm } });
  const call = await conversation(api);
  t.match((await api.call('GET', `/calls/${call.id}/report`)).body.data, { generated_by: 'embedded', model: null });
  t.equal(llm.requests.length, 2);
  const fenced = new WritingModel('no', `\`\`\`json\n${JSON.stringify(WRITTEN)}\n\`\`\``);
  const other = await startHarness(t, { suite: { llm: fenced }, dataDir: t.testdir({ other: {} }) });
  const second = await conversation(other);
  t.match((await other.call('GET', `/calls/${second.id}/report`)).body.data, { generated_by: 'openai', ...WRITTEN });
});

void t.test('GET /calls/:id/report 503 while the model fails, and nothing is kept of it', async (t) => {
  const llm = new WritingModel(new AppError('provider_failed', 'down'), WRITTEN);
  const api = await startHarness(t, { suite: { llm } });
  const call = await conversation(api);
  const failed = await api.call('GET', `/calls/${call.id}/report`);
  t.equal(failed.status, 503);
  t.match(failed.body, { success: false, error: 'A speech or language provider failed' });
  t.match((await api.call('GET', `/calls/${call.id}/report`)).body.data, { generated_by: 'openai' });
});

void t.test('GET /calls/:id/report 200 of a call that nobody answered or spoke in, without asking the model', async (t) => {
  const llm = new WritingModel(WRITTEN);
  const api = await startHarness(t, { suite: { llm } });
  const busy = sampleCompletedCall(undefined, {
    direction: 'outbound',
    status: 'failed',
    answeredAtMs: undefined,
    termination: { result: 'client_error', reason: 'busy' },
  });
  const mute = sampleCompletedCall(undefined);
  for (const call of [busy, mute]) await api.database.calls.insert(call);
  t.match((await api.call('GET', `/calls/${busy.id}/report`)).body.data, {
    summary: 'Outbound call by Front Desk, not answered. It ended with: busy.',
    outcome: 'not_answered',
  });
  t.match((await api.call('GET', `/calls/${mute.id}/report`)).body.data, { outcome: 'no_conversation', extracted_data: {} });
  t.equal(llm.requests.length, 0);
});

void t.test('GET /calls/:id/report and POST /calls/:id/transcript 409 while the call goes on', async (t) => {
  const api = await startHarness(t, { suite: { stt: hearing() } });
  const call = sampleCall({ status: 'in_progress', recordingPath: 'recordings/x.wav' });
  await api.database.calls.insert(call);
  t.match((await api.call('GET', `/calls/${call.id}/report`)).body, { success: false, error: /when the call has ended/ });
  t.equal((await api.call('GET', `/calls/${call.id}/report`)).status, 409);
  t.equal((await api.call('POST', `/calls/${call.id}/transcript`)).status, 409);
});

void t.test('POST /calls/:id/transcript 200: both channels understood anew, the report made from it, both kept', async (t) => {
  const stt = hearing('are you open on friday', 'we are always open');
  const api = await startHarness(t, { suite: { stt } });
  const call = await conversation(api);
  const before = await api.call('GET', `/calls/${call.id}/report`);
  t.match(before.body.data.extracted_data, { days: ['Monday'] });
  const { status, body } = await api.call('POST', `/calls/${call.id}/transcript`, {});
  t.equal(status, 200);
  t.match(body.data, {
    call_id: call.id,
    status: 'completed',
    source: 'recording',
    transcript: [
      { sequence: 1, role: 'user', message: 'are you open on friday', start_ms: 800, end_ms: 2200 },
      { sequence: 2, role: 'agent', message: 'we are always open', start_ms: 2800, end_ms: 4000 },
      { sequence: 3, role: 'user', message: '[digit 5]' },
    ],
    extracted_data: { days: ['Friday'], keys_pressed: '5' },
    report: { generated_by: 'embedded', extracted_data: { days: ['Friday'] } },
  });
  t.equal(body.data.transcript.length, 3);
  const { data: detail } = (await api.call('GET', `/calls/${call.id}`)).body;
  t.same(detail.report, body.data.report);
  t.same([detail.transcript_source, detail.transcript], ['recording', body.data.transcript]);
  const stored = await api.call('GET', `/calls/${call.id}/transcript`);
  t.same([stored.body.data.source, stored.body.data.transcript], ['recording', body.data.transcript]);
  const live = await api.call('GET', `/calls/${call.id}/transcript?source=live`);
  t.match(live.body.data, {
    source: 'live',
    transcript: [{ message: 'We are' }, { message: 'when are you open on monday' }, {}],
  });
});

void t.test(
  'POST /calls/:id/transcript 503 when nobody can listen or a provider fails: everything stays as it was',
  async (t) => {
    const deaf = await startHarness(t);
    const unheard = await conversation(deaf);
    const refused = await deaf.call('POST', `/calls/${unheard.id}/transcript`);
    t.equal(refused.status, 503);
    t.match(refused.body, { success: false, error: 'No speech recogniser that understands words is available' });

    const stt = hearing('are you open on friday');
    stt.utterances.push({ text: '', error: new AppError('provider_failed', 'broke down') });
    const api = await startHarness(t, { suite: { stt }, dataDir: t.testdir({ other: {} }) });
    const call = await conversation(api);
    t.equal((await api.call('POST', `/calls/${call.id}/transcript`)).status, 503);
    const { data } = (await api.call('GET', `/calls/${call.id}`)).body;
    t.match(data, { report: null, transcript_source: 'live' });
  },
);

void t.test('POST /calls/:id/transcript 404 without a recording, 400 for a body that asks for more', async (t) => {
  const api = await startHarness(t, { suite: { stt: hearing() } });
  const gone = sampleCompletedCall(undefined, { recordingPath: 'recordings/gone.wav' });
  const never = sampleCompletedCall(undefined);
  for (const call of [gone, never]) {
    await api.database.calls.insert(call);
    t.match((await api.call('POST', `/calls/${call.id}/transcript`)).body, { success: false, error: 'Recording not found' });
  }
  t.equal((await api.call('GET', `/calls/${gone.id}/transcript?source=recording`)).status, 404, 'and none was made');
  for (const body of [{ language: 'en' }, [], 'null', '"x"']) {
    t.equal((await api.call('POST', `/calls/${never.id}/transcript`, body)).status, 400, JSON.stringify(body));
  }
  for (const query of ['source=', 'source=both', 'source=live&source=live']) {
    t.equal((await api.call('GET', `/calls/${never.id}/transcript?${query}`)).status, 400, query);
  }
});

void t.test("404 for calls that do not exist and for another tenant's, and no report of theirs is made", async (t) => {
  const api = await startHarness(t, { suite: { stt: hearing() } });
  const theirs = await conversation(api, { tenantId: OTHER_TENANT });
  for (const id of [theirs.id, newCallId(), 'x', "1'%20OR%201=1"]) {
    t.equal((await api.call('GET', `/calls/${id}/report`)).status, 404, id);
    t.equal((await api.call('POST', `/calls/${id}/transcript`)).status, 404, id);
  }
  const { data } = (await api.call('GET', `/calls/${theirs.id}`, undefined, { authorization: `Bearer ${api.otherKey}` })).body;
  t.equal(data.report, null);
});

void t.test("an agent's extraction_schema is checked when it is stored, and fills `extraction` of its reports", async (t) => {
  const api = await startHarness(t);
  const agent = { name: 'Desk', system_prompt: 'Be brief.' };
  const post = (extraction_schema: unknown) => api.call('POST', '/agents', { ...agent, extraction_schema });
  for (const bad of [
    { type: 'string' },
    { type: 'object', properties: { a: { type: 'nothing' } } },
    { type: 'object', properties: { a: { $ref: 'https://example.com/a.json' } } },
    { type: 'object', description: 'x'.repeat(20_001) },
    'text',
  ]) {
    const { status, body } = await post(bad);
    t.equal(status, 400);
    t.equal(body.details.fields[0].field, 'extraction_schema');
  }
  const schema = { type: 'object', properties: { email: { type: 'string', format: 'email' } }, required: ['email'] };
  const { body } = await post(schema);
  t.same(body.data.extraction_schema, schema);
  const call = sampleCompletedCall(body.data.id, { agentVersion: 1 });
  await api.database.calls.insert(call);
  await api.database.calls.appendTranscript(sampleEntry(call.id, 1, { speaker: 'caller', text: 'write to ann@example.com' }));
  const report = (await api.call('GET', `/calls/${call.id}/report`)).body.data;
  t.same(report.extraction, { data: { email: 'ann@example.com' }, valid: true, faults: [], attempts: 0 });
  t.equal((await api.call('PATCH', `/agents/${body.data.id}`, { extraction_schema: null })).body.data.extraction_schema, null);
});
