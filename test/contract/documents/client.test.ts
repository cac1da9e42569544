import { readFile } from 'node:fs/promises';
import t, { type Test } from 'tap';
import { type ApiClient, createApiClient } from '../../../src/client/api-client.js';
import { newCallId } from '../../../src/core/ids.js';
import { answerChecker } from '../../support/answer-checker.js';
import { CLIENT_TYPES_FILE, clientTypes } from '../../support/client-types.js';
import { type HttpHarness, startHarness } from '../../support/http-harness.js';
import { servedDocument } from '../../support/openapi.js';
import { sampleCall, sampleCompletedCall, sampleEntry, sampleTurn } from '../../support/sample-records.js';

/** A client whose every answer is held against the document that it was generated from. */
async function startClient(t: Test): Promise<{ api: HttpHarness; client: ApiClient }> {
  const api = await startHarness(t);
  const check = answerChecker(await servedDocument(api));
  const client = createApiClient(api);
  client.use({
    async onResponse({ request, response, schemaPath }) {
      const { status, headers } = response;
      const operation = `${request.method.toLowerCase()} ${schemaPath}`;
      t.same(check(operation, { status, headers, text: await response.clone().text() }), [], operation);
    },
  });
  return { api, client };
}

/** What an answer must hold, where there is no other way. */
function dataOf<Answer extends { data?: { data: unknown } }>({ data }: Answer): NonNullable<Answer['data']>['data'] {
  if (!data) throw new Error('the request was refused');
  return data.data;
}

void t.test("the client's types are those of the document that is served (else run `node test/client.mjs`)", async (t) => {
  const document = await servedDocument(await startHarness(t));
  t.equal(await readFile(CLIENT_TYPES_FILE, 'utf8'), await clientTypes(document));
});

void t.test('agents: created, listed, changed, read and deleted through the generated client', async (t) => {
  const { client } = await startClient(t);
  const body = { name: 'Desk', system_prompt: 'Be brief.', dtmf_rules: { '1': { say: 'Nine to five.' } } };
  const agent = dataOf(await client.POST('/api/v1/agents', { body }));
  t.match(agent, { ...body, enabled: true, sip_user: 'desk' });
  const params = { path: { id: agent.id } };
  const patch = { enabled: false, description: null };
  t.match(dataOf(await client.PATCH('/api/v1/agents/{id}', { params, body: patch })), { enabled: false, version: 2 });
  const listed = await client.GET('/api/v1/agents', { params: { query: { enabled: false, limit: 10 } } });
  t.match(listed.data, { data: [{ id: agent.id }], meta: { total: 1, limit: 10, offset: 0 } });
  t.equal(dataOf(await client.DELETE('/api/v1/agents/{id}', { params })).deleted, true);
  const { error, response } = await client.GET('/api/v1/agents/{id}', { params });
  t.match(error, { success: false, error: 'Agent not found', meta: { request_id: response.headers.get('x-request-id') } });
});

void t.test('tasks: created once, changed, executed, reset and deleted through the generated client', async (t) => {
  const { client } = await startClient(t);
  const agent = dataOf(await client.POST('/api/v1/agents', { body: { name: 'Desk', system_prompt: 'Be brief.' } }));
  const body = { agent_id: agent.id, name: 'Call', to_number: '+15550123', webhook_events: ['call_failed' as const] };
  const once = { params: { header: { 'Idempotency-Key': 'order-1' } }, body };
  const task = dataOf(await client.POST('/api/v1/tasks', once));
  t.equal(dataOf(await client.POST('/api/v1/tasks', once)).id, task.id);
  const params = { path: { id: task.id } };
  t.equal(dataOf(await client.PATCH('/api/v1/tasks/{id}', { params, body: { priority: 5 } })).priority, 5);
  t.match(dataOf(await client.GET('/api/v1/tasks/{id}', { params })), { agent: { id: agent.id }, status: 'pending' });
  const { call_id: callId } = dataOf(await client.POST('/api/v1/tasks/{id}/execute', { params }));
  const running = await client.GET('/api/v1/tasks', { params: { query: { status: 'in_progress', agent_id: agent.id } } });
  t.match(dataOf(running), [{ id: task.id, call_id: callId }]);
  t.equal((await client.PATCH('/api/v1/tasks/{id}', { params, body: { priority: 6 } })).response.status, 409);
  t.equal(dataOf(await client.POST('/api/v1/tasks/{id}/reset', { params })).status, 'pending');
  t.equal(dataOf(await client.DELETE('/api/v1/tasks/{id}', { params })).id, task.id);
  const refused = await client.POST('/api/v1/tasks', { body: { ...body, to_number: '0123' } });
  t.match(refused.error?.details?.fields, [{ field: 'to_number', message: /E\.164/ }]);
});

void t.test('calls: listed, read with transcript and turns, ended and cancelled through the generated client', async (t) => {
  const { api, client } = await startClient(t);
  const { calls } = api.database;
  const ended = sampleCompletedCall(undefined);
  const [first, second] = [sampleCall(), sampleCall()];
  for (const call of [ended, first, second]) await calls.insert(call);
  await calls.appendTranscript(sampleEntry(ended.id, 1));
  await calls.appendTurn(sampleTurn(ended.id, 1));
  const params = { path: { id: ended.id } };
  t.match(dataOf(await client.GET('/api/v1/calls/{id}', { params })), {
    transcript: [{ sequence: 1 }],
    turns: [{ sequence: 1 }],
  });
  t.match(dataOf(await client.GET('/api/v1/calls/{id}/transcript', { params })).transcript, [{ role: 'agent' }]);
  t.match(dataOf(await client.GET('/api/v1/calls', { params: { query: { status: 'completed' } } })), [{ id: ended.id }]);
  t.equal((await client.GET('/api/v1/calls/{id}/recording', { params })).response.status, 404);
  t.equal((await client.GET('/api/v1/calls/{id}/recording/stream', { params })).response.status, 404);
  t.match(dataOf(await client.GET('/api/v1/calls/{id}/live', { params })).connection_info.auth_method, 'query_param');
  const end = { params: { path: { id: first.id } } };
  t.match(dataOf(await client.POST('/api/v1/calls/{id}/end', end)), { call_id: first.id, status: 'completed' });
  t.equal((await client.POST('/api/v1/calls/{id}/end', end)).response.status, 409);
  const cancel = { params: { path: { id: second.id } } };
  t.match(dataOf(await client.POST('/api/v1/calls/{id}/cancel', cancel)), { call_id: second.id, status: 'failed' });
});

void t.test('webhooks: deliveries, their log, the replay and the secret through the generated client', async (t) => {
  const { api, client } = await startClient(t);
  const { calls, webhooks } = api.database;
  await calls.insert(sampleCall());
  const [event] = await webhooks.undispatched(1);
  const id = newCallId();
  const atMs = api.clock.nowMs();
  await webhooks.dispatch(event!, [{ id, url: 'https://a.example/hook', body: '{"event_type":"call_started"}' }], atMs);
  await webhooks.record(id, { atMs, durationMs: 12.5, statusCode: 500, error: 'answered 500' }, { state: 'dead' });
  const params = { path: { id } };
  t.match(dataOf(await client.GET('/api/v1/webhooks/deliveries', { params: { query: { state: 'dead' } } })), [{ id }]);
  t.match(dataOf(await client.GET('/api/v1/webhooks/deliveries/{id}', { params })).log, [{ status_code: 500 }]);
  t.equal(dataOf(await client.POST('/api/v1/webhooks/deliveries/{id}/replay', { params })).state, 'pending');
  t.equal((await client.POST('/api/v1/webhooks/deliveries/{id}/replay', { params })).response.status, 409);
  t.equal(dataOf(await client.GET('/api/v1/webhooks/secret')).algorithm, 'hmac-sha256');
});

void t.test('401 and 403 through the generated client', async (t) => {
  const { api } = await startClient(t);
  const stranger = createApiClient({ url: api.url, key: 'va_wrong' });
  t.equal((await stranger.GET('/api/v1/agents')).response.status, 401);
  const reader = createApiClient({ url: api.url, key: await api.newKey({ scopes: ['calls:read'] }) });
  t.match((await reader.GET('/api/v1/agents')).error, { error: /agents:read/ });
});
