import t from 'tap';
import { systemClock } from '../../../src/core/clock.js';
import type { ChatSessionId } from '../../../src/core/ids.js';
import { DEFAULT_TENANT } from '../../../src/core/ids.js';
import { SESSION_ENDINGS } from '../../../src/domain/session.js';
import { runExample } from '../../support/document-example.js';
import { FakeLlm } from '../../support/fake-speech.js';
import { type HttpHarness, OTHER_TENANT, startHarness } from '../../support/http-harness.js';
import { agentWithToken, type TokenAgent } from './agent-with-token.js';

const SESSION = {
  user_id: 'd7915d1e-8aea-41d2-a331-87d7cc4875da',
  name: 'John Smith',
  email: 'john.smith@example.com',
  phone: '+1555123456',
  type: 'web',
  args: [],
  kwargs: { user_profile_info: 'Very important client' },
  user_info: {
    userAgent: 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36',
    language: 'en-US',
    screenWidth: 1920,
    screenHeight: 1080,
    platform: 'Win32',
    isMobile: false,
  },
};

const FORM = `
const formData = new FormData();
formData.append('message', 'Hello, I need help with my account');

// Optional: Add file attachments
if (attachments) {
attachments.forEach((file) => {
formData.append('attachments', file);
});
}
`;

type Json = Record<string, unknown>;

async function open(agent: TokenAgent, changes: object = {}): Promise<string> {
  const answer = await agent.json('POST', '/session', { ...SESSION, ...changes });
  return answer.body['session_id'] as string;
}

async function run(agent: TokenAgent, id: string, form: FormData): Promise<{ status: number; body: Json }> {
  const headers = { authorization: `Bearer ${agent.token}` };
  const response = await fetch(`${agent.route}/session/${id}/run_v2`, { method: 'POST', headers, body: form });
  return { status: response.status, body: (await response.json()) as Json };
}

/** The token of a client who may not any more. */
async function revoked(api: HttpHarness): Promise<string> {
  const key = await api.newKey({ dialect: 'flametree' });
  const [newest] = (await api.database.keys.list(DEFAULT_TENANT)).toSorted((a, b) => b.id.localeCompare(a.id));
  if (newest) await api.database.keys.revoke(DEFAULT_TENANT, newest.id, api.clock.nowMs());
  return key;
}

const formOf = (message: string): FormData => {
  const form = new FormData();
  form.append('message', message);
  return form;
};

void t.test('Creating a New Session', async (t) => {
  const api = await startHarness(t);
  const agent = await agentWithToken(api);
  const { status, body } = await agent.json('POST', '/session', SESSION);
  t.equal(status, 200);
  const tenant = DEFAULT_TENANT;
  t.match(body, {
    session_type: 'custom_stateful',
    mode: 'REGULAR',
    conversation_id: null,
    ext_type: 'web',
    user_id: SESSION.user_id,
    name: 'John Smith',
    email: 'john.smith@example.com',
    phone: '+1555123456',
    channel_id: null,
    timeout: 259_200,
    greeting_text: 'I am Flame.',
    inbound_phrase: null,
    start_phrase: null,
    language: 'en',
    llm_backend: null,
    show_thoughts: false,
    conversation_result: null,
    operator_id: null,
    operator_name: null,
    env_info: { current_date: '2023-11-14 Tue', tenant_id: tenant },
    kwargs: { tenant_id: tenant, user_profile_info: 'Very important client' },
    close_time: 1_700_000_000 + 259_200,
    voice_name: null,
  });
  const stored = await api.sessions.get(tenant, body['session_id'] as ChatSessionId);
  t.same(stored.userInfo, SESSION.user_info);
  t.same((await agent.json('GET', `/session/${stored.id}`)).body, body, 'and is the same when it is asked for');
  const least = await agent.json('POST', '/session', { user_id: 'u' });
  t.match(least.body, { ext_type: 'web', name: null, kwargs: { tenant_id: tenant } });

  for (const [changes, field] of [
    [{ user_id: undefined }, 'user_id'],
    [{ user_id: 7 }, 'user_id'],
    [{ type: 'fax' }, 'type'],
    [{ email: 'nobody' }, 'email'],
    [{ kwargs: [] }, 'kwargs'],
    [{ timeout: 0 }, 'timeout'],
  ] as const) {
    const refused = await agent.json('POST', '/session', { ...SESSION, ...changes });
    t.equal(refused.status, 422);
    t.match(refused.body, { errors: [{ field }] }, field);
  }
  t.equal((await agent.json('POST', '/session', '{"user_id":')).status, 422, 'JSON that is none');
});

void t.test('Update session metadata', async (t) => {
  const api = await startHarness(t);
  const agent = await agentWithToken(api);
  const id = await open(agent);
  const put = async (body: object): Promise<Json> => (await agent.json('PUT', `/session/${id}`, body)).body;
  const changed = await put({
    name: 'Ann',
    email: null,
    kwargs: { plan: 'gold' },
    voice_name: 'slt',
    show_thoughts: true,
    timeout: 60,
  });
  t.match(changed, { name: 'Ann', email: null, phone: '+1555123456', voice_name: 'slt', show_thoughts: true, timeout: 60 });
  t.same(changed['kwargs'], { plan: 'gold', tenant_id: DEFAULT_TENANT });
  t.equal(changed['close_time'], 1_700_000_060);
  t.match(await put({ voice_name: null }), { voice_name: null, show_thoughts: true, kwargs: { plan: 'gold' } });
  t.match(await put({ conversation_result: { sold: true } }), { conversation_result: { sold: true } });
  const operator = { operator_id: 'user_12345', operator_name: 'John Doe' };
  t.match(await put({ mode: 'OPERATOR', ...operator }), { mode: 'OPERATOR', ...operator });
  t.match(await put({ mode: 'REGULAR' }), { mode: 'REGULAR', operator_id: null });
  t.equal((await agent.json('PUT', `/session/${id}`, operator)).status, 422, 'nobody took over');
  t.equal((await agent.json('PUT', `/session/${id}`, { mode: 'AUTO' })).status, 422);
});

void t.test('Sending Messages', async (t) => {
  const llm = new FakeLlm(systemClock);
  const api = await startHarness(t, { suite: { llm } });
  const agent = await agentWithToken(api);
  const id = await open(agent);
  llm.replies.push(["I'd be happy to help you ", 'with your account.']);
  const attachments = [new File(['Order 4711'], 'order.txt', { type: 'text/plain' })];
  const form = (await runExample(FORM, { attachments }, 'formData')) as FormData;
  const answer = await run(agent, id, form);
  t.same(answer, {
    status: 200,
    body: { response: "I'd be happy to help you with your account.", metadata: { mode: 'REGULAR' } },
  });
  t.match(llm.requests[0]?.messages.at(-1)?.content, /Hello, I need help with my account[^]*Order 4711/);

  await agent.json('PUT', `/session/${id}`, { mode: 'OPERATOR', operator_id: 'user_1' });
  t.same((await run(agent, id, formOf('Anybody?'))).body, { response: '', metadata: { mode: 'OPERATOR' } });
  t.equal(llm.requests.length, 1, 'the agent is silent');
  await agent.json('PUT', `/session/${id}`, { mode: 'COPILOT' });
  t.same((await run(agent, id, formOf('And now?'))).body, { response: '', metadata: { mode: 'COPILOT' } });
  await agent.json('PUT', `/session/${id}`, { mode: 'REGULAR' });
  t.same((await run(agent, id, formOf('Back?'))).body, { response: 'Echo: Back?.', metadata: { mode: 'REGULAR' } });

  const before = await api.sessions.messages(DEFAULT_TENANT, id as ChatSessionId);
  const tooMany = formOf('x');
  for (let i = 0; i < 11; i += 1) tooMany.append('attachments', new File(['x'], `${i}.txt`));
  const wrongName = formOf('x');
  wrongName.append('file', new File(['x'], 'x.txt'));
  const wrongType = formOf('x');
  wrongType.append('attachments', new File(['MZ'], 'x.exe'));
  const tooLarge = formOf('x');
  tooLarge.append('attachments', new File([new Uint8Array(10 * 1024 * 1024 + 1)], 'x.txt'));
  const nothing = new FormData();
  nothing.append('note', 'x');
  const long = formOf('x'.repeat(20_001));
  for (const [what, form] of Object.entries({ tooMany, wrongName, wrongType, tooLarge, nothing, long })) {
    const refused = await run(agent, id, form);
    t.equal(refused.status, 422, what);
    t.match(refused.body, { detail: String, errors: [{ field: /attachments|file|message/ }] }, what);
  }
  const raw = (body: string, type: string): Promise<Response> => agent.post(`/session/${id}/run_v2`, Buffer.from(body), type);
  t.equal((await raw('{"message":"x"}', 'application/json')).status, 422, 'no form');
  const cut = '--b\r\ncontent-disposition: form-data; name="message"\r\n\r\nHel';
  t.equal((await raw(cut, 'multipart/form-data; boundary=b')).status, 422, 'a form that is cut off');
  t.same(await api.sessions.messages(DEFAULT_TENANT, id as ChatSessionId), before, 'nothing of it is stored');
});

void t.test('Closing Sessions', async (t) => {
  const api = await startHarness(t);
  const agent = await agentWithToken(api);
  for (const status of SESSION_ENDINGS) {
    const id = await open(agent);
    const closed = await agent.json('DELETE', `/session/${id}?status=${status}`);
    t.same([closed.status, closed.body['status']], [200, status]);
  }
  const id = await open(agent);
  t.equal((await agent.json('DELETE', `/session/${id}?status=gone`)).status, 422);
  t.match((await agent.json('DELETE', `/session/${id}`, { status: 'busy' })).body, { status: 'busy' }, 'in the body');
  t.match((await agent.json('GET', `/session/${id}`)).body, { status: 'busy', close_time: 1_700_000_000 });
  t.equal((await run(agent, id, formOf('Hello?'))).status, 422, 'nothing is said in a closed one');
  t.equal((await agent.json('DELETE', `/session/${id}`)).status, 422);
  t.match(
    (await agent.json('DELETE', `/session/${await open(agent)}`)).body,
    { status: 'completed' },
    'unless somebody says otherwise',
  );

  const limited = await agentWithToken(api, { sessions: { daily_limit: 1 } });
  await open(limited);
  const blocked = await limited.json('POST', '/session', { ...SESSION, user_id: 'late' });
  t.same([blocked.status, String(blocked.body['detail']).split(':')[0]], [503, 'daily_limit_exceeded']);
  const { items } = await api.sessions.list(DEFAULT_TENANT, { extId: 'late' }, { limit: 1, offset: 0 });
  t.equal(items[0]?.status, 'daily_limit_exceeded', 'and is kept for statistics');
});

void t.test('Error Handling', async (t) => {
  const api = await startHarness(t);
  const agent = await agentWithToken(api);
  const other = await agentWithToken(api);
  const id = await open(agent);
  const missing = '01920000-0000-7000-8000-000000000000';
  t.equal((await agent.json('GET', `/session/${missing}`)).status, 404);
  t.equal((await agent.json('GET', '/session/x')).status, 404);
  const theirs = await api.raw(`/chatbot/${agent.id}/session/${id}`, { headers: { authorization: `Bearer ${other.token}` } });
  t.equal(theirs.status, 401, 'the token of another agent');
  t.equal((await other.json('GET', `/session/${id}`)).status, 404, 'a session of another agent');
  t.equal((await api.raw(`/chatbot/${agent.id}/session/${id}`)).status, 401, 'no token');
  t.equal((await agent.json('PATCH', `/session/${id}`, {})).status, 404, 'no such method');
  const strangers = [
    ['another tenant', await api.newKey({ dialect: 'flametree' }, OTHER_TENANT), 404],
    ['a token that was given back', await revoked(api), 401],
  ] as const;
  for (const [what, key, status] of strangers) {
    for (const [method, path] of [
      ['GET', '/capabilities'],
      ['POST', '/session'],
      ['GET', `/session/${id}`],
      ['PUT', `/session/${id}`],
      ['DELETE', `/session/${id}`],
      ['POST', `/session/${id}/run_v2`],
      ['POST', '/transcribe'],
      ['GET', '/synthesize?text=x'],
      ['GET', `/session/${id}/synthesize?text=x`],
    ] as const) {
      const form = path.endsWith('run_v2') && { body: formOf('x') };
      const refused = await fetch(`${agent.route}${path}`, { method, headers: { authorization: `Bearer ${key}` }, ...form });
      t.equal(refused.status, status, `${what}: ${method} ${path}`);
    }
  }
  t.match((await agent.json('GET', `/session/${id}`)).body, { status: 'open' }, 'nothing has changed');
  await api.call('PATCH', `/agents/${agent.id}`, { enabled: false });
  t.equal((await agent.json('POST', '/session', SESSION)).status, 503);
  t.equal((await run(agent, id, formOf('Hello?'))).status, 503);
  t.equal((await agent.json('GET', `/session/${id}`)).status, 200, 'what was, can still be seen');
  await api.call('PATCH', `/agents/${agent.id}`, { enabled: true });
  api.setReady(false);
  t.equal((await run(agent, id, formOf('Hello?'))).status, 503, 'the server stops');
});

void t.test('Error Handling: pages of sites that the agent does not list', async (t) => {
  const listed = 'https://shop.example';
  const elsewhere = 'https://elsewhere.example';
  const api = await startHarness(t, { corsOrigins: [elsewhere] });
  const agent = await agentWithToken(api, { web_origins: { enforced: true, origins: [listed] } });
  const free = await agentWithToken(api);
  const id = await open(agent);
  const of = (origin: string) => ({ origin });
  for (const path of ['/capabilities', `/session/${id}`, '/synthesize?text=x', `/session/${id}/synthesize?text=x`]) {
    const refused = await agent.get(path, of(elsewhere));
    t.equal(refused.status, 403, path);
    t.equal(refused.headers.get('access-control-allow-origin'), null, path);
    t.match(await refused.json(), { detail: /may not use the API/ }, path);
    const taken = await agent.get(path, of(listed));
    t.same([taken.status, taken.headers.get('access-control-allow-origin')], [200, listed], path);
    await taken.arrayBuffer();
  }
  for (const [method, path] of [
    ['POST', '/session'],
    ['PUT', `/session/${id}`],
    ['DELETE', `/session/${id}`],
    ['POST', `/session/${id}/run_v2`],
    ['POST', '/transcribe'],
  ] as const) {
    const headers = { authorization: `Bearer ${agent.token}`, ...of(elsewhere) };
    const form = path.endsWith('run_v2') && { body: formOf('x') };
    t.equal((await fetch(`${agent.route}${path}`, { method, headers, ...form })).status, 403, `${method} ${path}`);
  }
  t.match((await agent.json('GET', `/session/${id}`)).body, { status: 'open' }, 'programs that are no browsers are not asked');
  t.equal((await free.get('/capabilities', of(elsewhere))).status, 200, 'without a list of its own, that of the server counts');
  t.equal((await free.get('/capabilities', of(listed))).status, 403);
});
