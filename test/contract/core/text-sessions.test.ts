import t from 'tap';
import { systemClock } from '../../../src/core/clock.js';
import { DEFAULT_TENANT } from '../../../src/core/ids.js';
import { FakeLlm } from '../../support/fake-speech.js';
import { startHarness } from '../../support/http-harness.js';
import { sampleAgent } from '../../support/sample-records.js';

async function start(t: { teardown(handler: () => void | Promise<void>): void }) {
  const llm = new FakeLlm(systemClock);
  const api = await startHarness(t, { suite: { llm } });
  const agent = sampleAgent({ startingMessage: 'Hello {{name}}.' });
  await api.database.agents.insert(agent);
  const opened = await api.call('POST', '/sessions', { agent_id: agent.id, ext_id: 'visitor-1', name: 'Ann' });
  const session = opened.body.data;
  return { api, llm, agent, opened, session, path: `/sessions/${session.id}` };
}

void t.test('POST /sessions 201: the session, begun with the greeting', async (t) => {
  const { api, agent, opened, path } = await start(t);
  t.equal(opened.status, 201);
  t.match(opened.body.data, {
    agent_id: agent.id,
    ext_type: 'web',
    ext_id: 'visitor-1',
    name: 'Ann',
    language: 'en-US',
    mode: 'regular',
    status: 'open',
    greeting: 'Hello Ann.',
    timeout_ms: 259_200_000,
    ended_at: null,
  });
  const read = await api.call('GET', path);
  t.same(read.body.data, opened.body.data);
  t.match((await api.call('GET', `${path}/messages`)).body.data, [{ role: 'ai', text: 'Hello Ann.', feedback: null }]);
});

void t.test('POST /sessions/:id/messages 201: the message and the answer, as JSON and as a form with files', async (t) => {
  const { api, llm, path } = await start(t);
  llm.replies.push(['At nine.'], ['Two rooms, then.']);
  const said = await api.call('POST', `${path}/messages`, { text: 'When do you open?' });
  t.equal(said.status, 201);
  t.match(said.body.data, {
    message: { role: 'human', text: 'When do you open?' },
    reply: { role: 'ai', text: 'At nine.' },
    mode: 'regular',
  });

  const form = new FormData();
  form.append('text', 'My order');
  form.append('attachments', new Blob(['Two rooms, “quiet”.']), 'Order ü.txt');
  const sent = await api.raw(`/api/v1${path}/messages`, {
    method: 'POST',
    headers: { authorization: `Bearer ${api.key}` },
    body: form,
  });
  t.equal(sent.status, 201);
  const { data } = (await sent.json()) as { data: { message: { attachments: { id: string }[] }; reply: object } };
  t.match(data, {
    message: { attachments: [{ name: 'Order ü.txt', content_type: 'text/plain' }] },
    reply: { text: 'Two rooms, then.' },
  });
  t.match(llm.requests[1]?.messages.at(-1)?.content, /My order[^]*Two rooms, “quiet”/);

  const file = await api.raw(`/api/v1${path}/attachments/${data.message.attachments[0]?.id}`, {
    headers: { authorization: `Bearer ${api.key}` },
  });
  t.equal(file.status, 200);
  t.equal(file.headers.get('content-type'), 'text/plain');
  t.match(file.headers.get('content-disposition'), /^attachment; filename\*=UTF-8''Order%20%C3%BC\.txt$/);
  t.equal(await file.text(), 'Two rooms, “quiet”.');
});

void t.test('POST /sessions/:id/messages 400: files that are not taken, and forms that are damaged', async (t) => {
  const { api, path } = await start(t);
  const post = async (body: string | FormData, type?: string) => {
    const headers = { authorization: `Bearer ${api.key}`, ...(type && { 'content-type': type }) };
    const response = await api.raw(`/api/v1${path}/messages`, { method: 'POST', headers, body });
    return { status: response.status, body: (await response.json()) as { details?: { fields: { field: string }[] } } };
  };
  const program = new FormData();
  program.append('attachments', new Blob(['MZ']), 'a.exe');
  const otherField = new FormData();
  otherField.append('file', new Blob(['text']), 'a.txt');
  for (const [what, answer] of Object.entries({
    program: await post(program),
    'another field': await post(otherField),
    truncated: await post('--x\r\nContent-Disposition: form-data; name="text"\r\n\r\nHello', 'multipart/form-data; boundary=x'),
    empty: await post('{}', 'application/json'),
    'too long': await post(JSON.stringify({ text: 'x'.repeat(20_001) }), 'application/json'),
    'a wrong type': await post(JSON.stringify({ text: 7 }), 'application/json'),
  })) {
    t.equal(answer.status, 400, what);
    t.ok(answer.body.details?.fields[0]?.field, what);
  }
  t.equal((await api.call('GET', `${path}/messages`)).body.data.length, 1, 'nothing but the greeting is stored');
});

void t.test('PUT /sessions/:id/mode 200: a human takes over, speaks, and gives back', async (t) => {
  const { api, llm, path } = await start(t);
  const taken = await api.call('PUT', `${path}/mode`, { mode: 'operator', operator: { id: '7', name: 'Olga' } });
  t.match(taken.body.data, { mode: 'operator', operator: { id: '7', name: 'Olga' } });
  t.match((await api.call('POST', `${path}/messages`, { text: 'A human?' })).body.data, { reply: null, mode: 'operator' });
  const spoke = await api.call('POST', `${path}/operator-messages`, { text: 'Olga here.' });
  t.match(spoke, { status: 201, body: { data: { role: 'operator', text: 'Olga here.' } } });
  t.equal(llm.requests.length, 0);
  t.match((await api.call('PUT', `${path}/mode`, { mode: 'regular' })).body.data, { mode: 'regular', operator: null });
});

void t.test('PUT /sessions/:id/messages/:messageId/feedback 200: what the contact thinks, and takes back', async (t) => {
  const { api, path } = await start(t);
  const [greeting] = (await api.call('GET', `${path}/messages`)).body.data;
  const rate = (feedback: unknown) => api.call('PUT', `${path}/messages/${greeting.id}/feedback`, { feedback });
  t.equal((await rate('good')).body.data.feedback, 'good');
  t.equal((await rate(null)).body.data.feedback, null);
  t.equal((await rate('fine')).status, 400);
  t.equal((await api.call('PUT', `${path}/messages/x/feedback`, { feedback: 'bad' })).status, 404);
});

void t.test('GET /sessions 200: by contact and status; PATCH, close and DELETE', async (t) => {
  const { api, path, session, agent } = await start(t);
  await api.call('POST', '/sessions', { agent_id: agent.id, ext_type: 'telegram', ext_id: 'visitor-1' });
  const listed = await api.call('GET', '/sessions?ext_type=web&ext_id=visitor-1&status=open');
  t.match(listed.body, { data: [{ id: session.id }], meta: { total: 1 } });
  const patched = await api.call('PATCH', path, { name: null, context_data: { order: 7 }, timeout_ms: 60_000 });
  t.match(patched.body.data, { name: null, context_data: { order: 7 }, timeout_ms: 60_000 });
  t.equal((await api.call('DELETE', path)).status, 409, 'it is open');
  const closed = await api.call('POST', `${path}/close`, { status: 'declined', result: { why: 'no' } });
  t.match(closed.body.data, { status: 'declined', result: { why: 'no' } });
  t.equal((await api.call('POST', `${path}/close`, {})).status, 409);
  t.equal((await api.call('POST', `${path}/messages`, { text: 'Hello' })).status, 409);
  t.match(await api.call('DELETE', path), { status: 200, body: { data: { id: session.id, deleted: true } } });
  t.equal((await api.call('GET', path)).status, 404);
});

void t.test('GET /sessions/:id/events 200: what happens, as it happens', async (t) => {
  const { api, llm, path, session } = await start(t);
  const response = await api.raw(`/api/v1${path}/events`, { headers: { authorization: `Bearer ${api.key}` } });
  t.equal(response.headers.get('content-type'), 'text/event-stream');
  llm.replies.push(['At ', 'nine.']);
  await api.call('POST', `${path}/messages`, { text: 'When?' });
  await api.sessions.close(DEFAULT_TENANT, session.id, 'completed');
  const events = [...(await response.text()).matchAll(/event: (\w+)\ndata: (.*)\n/g)].map(([, type, data]) => [
    type,
    JSON.parse(data ?? '') as unknown,
  ]);
  t.match(events, [
    ['message', { role: 'human', text: 'When?' }],
    ['chunk', { text: 'At ' }],
    ['chunk', { text: 'nine.' }],
    ['message', { role: 'ai', text: 'At nine.' }],
    ['closed', { status: 'completed' }],
  ]);
});

void t.test('GET /sessions/:id/notes 200: which provider failed', async (t) => {
  const { api, path, session } = await start(t);
  const failure = {
    atMs: 0,
    stage: 'llm',
    provider: 'openai',
    reason: 'timeout',
    statusCode: undefined,
    instead: undefined,
  } as const;
  await api.database.chatSessions.note(session.id, 0, { kind: 'failure', failure });
  const { data } = (await api.call('GET', `${path}/notes`)).body;
  t.match(data, [{ kind: 'failure', name: 'openai', reason: 'timeout', outcome: null }]);
});
