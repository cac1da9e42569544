import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import t from 'tap';
import { type AgentId, DEFAULT_TENANT, newCallId } from '../../../src/core/ids.js';
import { runExample } from '../../support/document-example.js';
import { type HttpHarness, OTHER_TENANT, startHarness } from '../../support/http-harness.js';
import { sampleCall, sampleCompletedCall, sampleEntry } from '../../support/sample-records.js';
import { agentWithToken, type TokenAgent } from './agent-with-token.js';

const REACTION = `
const setMessageReactionRequest = async ({
session_id,
log_id,
url,
data,
}: {
session_id: string;
log_id: string;
url: string;
data: {
feedback: 'GOOD' | 'BAD' | 'NONE';
ext_id: string;
tenant_id?: string;
};
}) => {
const response = await fetch(
\`\${url}/api/v1/public/sessions/\${session_id}/logs/\${log_id}\`,
{
method: 'PATCH',
headers: {
'Content-Type': 'application/json',
},
body: JSON.stringify(data),
}
);

return response.json();
};
`;

type Attachment = { id: string; name: string; content_type: string; size: number; url: string };
type Log = { id: number; timestamp: string; role: string; text: string; attachments: Attachment[]; feedback: string };
type Conversations = {
  user_id: string;
  user_name: string | null;
  conversations: {
    session_id: string;
    bot_url: string;
    bot_name: string;
    bot_api_key: string;
    start_time: string;
    logs: Log[];
  }[];
};

async function conversationsOf(api: HttpHarness, token: string, query: string): Promise<Conversations> {
  const headers = { authorization: `Bearer ${token}` };
  return (await (await api.raw(`/api/v1/public/conversations?${query}`, { headers })).json()) as Conversations;
}

/** Says something with a file, and returns the id of the session. */
async function talk(agent: TokenAgent, user: string): Promise<string> {
  const opened = await agent.json('POST', '/session', { user_id: user, name: 'John Doe' });
  const id = String(opened.body['session_id']);
  const form = new FormData();
  form.append('message', 'Hello, I need help');
  form.append('attachments', new File(['Order 4711'], 'order.txt'));
  const headers = { authorization: `Bearer ${agent.token}` };
  const answer = await fetch(`${agent.route}/session/${id}/run_v2`, { method: 'POST', headers, body: form });
  if (!answer.ok) throw new Error(`run_v2: ${answer.status} ${await answer.text()}`);
  return id;
}

void t.test('Listing Customer Conversations', async (t) => {
  const api = await startHarness(t);
  const script = { intents: [], fallback: "I'd be happy to help you!" };
  const agent = await agentWithToken(api, { script });
  const session = await talk(agent, 'user123');
  const listed = await conversationsOf(api, agent.token, 'ext_id=user123');
  t.match(listed, {
    user_id: 'user123',
    user_name: 'John Doe',
    conversations: [
      {
        session_id: session,
        bot_url: agent.route,
        bot_name: 'Flame',
        bot_api_key: 'ft_...',
        start_time: '2023-11-14T22:13:20Z',
        logs: [
          { role: 'AI', text: 'I am Flame.', attachments: [], feedback: 'NONE' },
          { timestamp: '2023-11-14T22:13:20Z', role: 'HUMAN', text: 'Hello, I need help', attachments: [{ name: 'order.txt' }] },
          { role: 'AI', text: "I'd be happy to help you!", attachments: [] },
        ],
      },
    ],
  });
  t.equal(listed.conversations.length, 1);
  const ids = listed.conversations[0]?.logs.map(({ id }) => id) ?? [];
  t.same(
    ids,
    ids.toSorted((a, b) => a - b),
    'ids grow',
  );
  t.same((await conversationsOf(api, agent.token, 'ext_id=user123&ext_type=telegram')).conversations, []);
  const other = await agentWithToken(api);
  t.same((await conversationsOf(api, other.token, 'ext_id=user123')).conversations, [], 'a token sees its own agent alone');
  const wide = await api.newKey({ dialect: 'flametree' });
  t.equal((await conversationsOf(api, wide, 'ext_id=user123')).conversations.length, 1, 'a token of no agent sees all');
  const foreign = await agent.get('/../../api/v1/public/conversations?ext_id=user123', {
    authorization: `Bearer ${api.otherKey}`,
  });
  t.equal(foreign.status, 401);
  const nobody = await api.raw('/api/v1/public/conversations', { headers: { authorization: `Bearer ${wide}` } });
  t.equal(nobody.status, 422, 'whose?');
});

void t.test('Conversations: phone calls appear as sip', async (t) => {
  const api = await startHarness(t);
  const agent = await agentWithToken(api);
  const agentId = agent.id as AgentId;
  const call = (changes: object) => sampleCall({ agentId, agentName: 'Flame', status: 'in_progress', ...changes });
  const taken = call({ fromUri: 'sip:+442071234567@192.0.2.1', answeredAtMs: 1_700_000_002_000 });
  const placed = call({ direction: 'outbound', toUri: 'sip:+442071234567@192.0.2.1', startedAtMs: 1_700_000_100_000 });
  for (const one of [taken, placed, call({ fromUri: 'sip:+442070000000@192.0.2.1' })]) await api.database.calls.insert(one);
  const entry = { callId: taken.id, interrupted: false, startMs: 0, endMs: 900 };
  const hello = { ...entry, sequence: 1, speaker: 'agent' as const, text: 'Hello, how are you?', heardText: 'Hello,' };
  await api.database.calls.appendTranscript(hello);
  await api.database.calls.appendTranscript({
    ...entry,
    sequence: 2,
    speaker: 'caller',
    text: 'Stop.',
    heardText: 'Stop.',
    startMs: 5000,
  });
  const query = `ext_id=${encodeURIComponent('+442071234567')}&ext_type=sip`;
  const { conversations } = await conversationsOf(api, agent.token, query);
  t.same(
    conversations.map(({ session_id }) => session_id),
    [placed.id, taken.id],
  );
  t.match(conversations[1], {
    bot_name: 'Flame',
    start_time: '2023-11-14T22:13:20Z',
    logs: [
      { id: 1, role: 'AI', text: 'Hello,', timestamp: '2023-11-14T22:13:22Z' },
      { id: 2, role: 'HUMAN', text: 'Stop.', timestamp: '2023-11-14T22:13:27Z' },
    ],
  });
});

void t.test('Conversations: what was said on the telephone is rated, and its recording downloaded', async (t) => {
  const api = await startHarness(t);
  const agent = await agentWithToken(api);
  const agentId = agent.id as AgentId;
  const recordingPath = 'recordings/call.wav';
  await mkdir(join(api.dataDir, 'recordings'));
  await writeFile(join(api.dataDir, recordingPath), Buffer.from('RIFF and so on'));
  const call = sampleCompletedCall(agentId, { fromUri: 'sip:+442071234567@192.0.2.1', recordingPath });
  await api.database.calls.insert(call);
  await api.database.calls.appendTranscript(sampleEntry(call.id, 1));
  await api.database.calls.appendTranscript(
    sampleEntry(call.id, 2, { speaker: 'caller', text: 'Thanks.', heardText: 'Thanks.' }),
  );
  const ext_id = '+44 20 7123 4567';
  const query = new URLSearchParams({ ext_id, ext_type: 'sip' }).toString();
  const logs = async (): Promise<Log[]> => (await conversationsOf(api, agent.token, query)).conversations[0]?.logs ?? [];

  const react = async (
    log: unknown,
    body: object,
    conversation: string = call.id,
  ): Promise<{ status: number; body: unknown }> => {
    const response = await api.raw(`/api/v1/public/sessions/${conversation}/logs/${String(log)}`, {
      method: 'PATCH',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    return { status: response.status, body: await response.json() };
  };
  t.match(await react(1, { feedback: 'BAD', ext_id }), { status: 200, body: { id: 1, role: 'AI', feedback: 'BAD' } });
  t.same(
    (await logs()).map(({ feedback }) => feedback),
    ['BAD', 'NONE'],
    'and stays',
  );
  const { transcript } = (await api.call('GET', `/calls/${call.id}`)).body.data;
  t.match(transcript, [{ feedback: 'bad' }, { feedback: null }], 'for the other APIs as well');
  const page = await api.raw(`/console/calls/${call.id}`, { headers: { authorization: `Bearer ${api.key}` } });
  t.match(await page.text(), /found bad/);
  for (const [what, log, body, conversation] of [
    ['somebody else', 1, { feedback: 'GOOD', ext_id: '+442071234568' }, call.id],
    ['another tenant', 1, { feedback: 'GOOD', ext_id, tenant_id: OTHER_TENANT }, call.id],
    ["the caller's own words", 2, { feedback: 'GOOD', ext_id }, call.id],
    ['nothing that was said', 3, { feedback: 'GOOD', ext_id }, call.id],
    ['no such call', 1, { feedback: 'GOOD', ext_id }, newCallId()],
  ] as const) {
    t.equal((await react(log, body, conversation)).status, 404, what);
  }
  t.equal((await logs())[0]?.feedback, 'BAD', 'nothing of it was kept');
  t.match(await react(1, { feedback: 'NONE', ext_id, tenant_id: DEFAULT_TENANT }), { status: 200, body: { feedback: 'NONE' } });

  const last = (await logs())[1]?.attachments ?? [];
  t.match(last, [{ id: call.id, name: `call-${call.id}.wav`, content_type: 'audio/wav', size: 14 }]);
  const fetched = (url: string, token: string, headers: object = {}): Promise<Response> =>
    fetch(url, { headers: { authorization: `Bearer ${token}`, ...headers } });
  const file = await fetched(last[0]?.url ?? '', agent.token);
  t.same([file.status, await file.text()], [200, 'RIFF and so on']);
  const part = await fetched(last[0]?.url ?? '', agent.token, { range: 'bytes=0-3' });
  t.same([part.status, await part.text()], [206, 'RIFF']);
  const base = `${api.url}/api/v1/public/conversations/attachments/${call.id}`;
  const foreign = await api.newKey({ dialect: 'flametree' }, OTHER_TENANT);
  const chats = await api.newKey({ dialect: 'flametree', scopes: ['sessions:read'] });
  const other = await agentWithToken(api);
  for (const [what, url, token, status] of [
    ['another customer', `${base}?ext_id=1&ext_type=sip`, agent.token, 404],
    ['another place', `${base}?${query.replace('=sip', '=web')}`, agent.token, 404],
    ['the token of another agent', `${base}?${query}`, other.token, 404],
    ['another tenant', `${base}?${query}`, foreign, 404],
    ['a token that may not read calls', `${base}?${query}`, chats, 403],
  ] as const) {
    t.equal((await fetched(url, token)).status, status, what);
  }
});

void t.test('Setting Message Reactions', async (t) => {
  const api = await startHarness(t);
  const agent = await agentWithToken(api);
  const session_id = await talk(agent, 'user123');
  const logs = async (): Promise<Log[]> =>
    (await conversationsOf(api, agent.token, 'ext_id=user123')).conversations[0]?.logs ?? [];
  const answer = (await logs()).find(({ role, text }) => role === 'AI' && text !== 'I am Flame.');
  const react = (log_id: unknown, data: object): Promise<unknown> =>
    runExample(
      `${REACTION}\nconst answer = await setMessageReactionRequest({ session_id, log_id, url, data });`,
      {
        session_id,
        log_id,
        url: api.url,
        data,
      },
      'answer',
    );
  const tenant_id = DEFAULT_TENANT;
  t.match(await react(answer?.id, { feedback: 'GOOD', ext_id: 'user123', tenant_id }), { id: answer?.id, feedback: 'GOOD' });
  t.equal((await logs()).find(({ id }) => id === answer?.id)?.feedback, 'GOOD', 'and stays');
  t.match(await react(answer?.id, { feedback: 'NONE', ext_id: 'user123' }), { feedback: 'NONE' });
  const own = (await logs()).find(({ role }) => role === 'HUMAN');
  for (const [what, log, data] of [
    ['somebody else', answer?.id, { feedback: 'BAD', ext_id: 'user124' }],
    ['another tenant', answer?.id, { feedback: 'BAD', ext_id: 'user123', tenant_id: '00000000-0000-7000-8000-000000000002' }],
    ['no such log', 999_999, { feedback: 'BAD', ext_id: 'user123' }],
    ['not a number', 'x', { feedback: 'BAD', ext_id: 'user123' }],
    ["the customer's own words", own?.id, { feedback: 'BAD', ext_id: 'user123' }],
  ] as const) {
    t.match(await react(log, data), { detail: /not found|No such/i }, what);
  }
  t.match(await react(answer?.id, { feedback: 'FINE', ext_id: 'user123' }), { errors: [{ field: 'feedback' }] });
  t.equal((await logs()).find(({ id }) => id === answer?.id)?.feedback, 'NONE', 'nothing of it was kept');
  const wrong = { authorization: 'Bearer ft_wrong', 'content-type': 'application/json' };
  const refused = await api.raw(`/api/v1/public/sessions/${session_id}/logs/${answer?.id}`, {
    method: 'PATCH',
    headers: wrong,
    body: '{}',
  });
  t.equal(refused.status, 401, 'a token that is sent has to hold');
});

void t.test('Downloading Attachments', async (t) => {
  const api = await startHarness(t);
  const agent = await agentWithToken(api);
  await talk(agent, 'user123');
  const { conversations } = await conversationsOf(api, agent.token, 'ext_id=user123');
  const attachment = conversations[0]?.logs.flatMap(({ attachments }) => attachments)[0];
  t.match(attachment, { name: 'order.txt', content_type: 'text/plain', size: 10 });
  const fetched = (url: string, token: string): Promise<Response> =>
    fetch(url, { headers: { authorization: `Bearer ${token}` } });
  const file = await fetched(attachment?.url ?? '', agent.token);
  t.same([file.status, await file.text()], [200, 'Order 4711']);
  t.equal(file.headers.get('content-disposition')?.replaceAll('"', ''), 'attachment; filename=order.txt');
  const base = `${api.url}/api/v1/public/conversations/attachments/${attachment?.id}`;
  const other = await agentWithToken(api);
  const foreign = await api.newKey({ dialect: 'flametree' }, '00000000-0000-7000-8000-000000000002' as never);
  for (const [what, url, token, status] of [
    ['nobody named', base, agent.token, 422],
    ['another customer', `${base}?ext_id=user124`, agent.token, 404],
    ['another place', `${base}?ext_id=user123&ext_type=mobile`, agent.token, 404],
    ['the token of another agent', `${base}?ext_id=user123`, other.token, 404],
    ['another tenant', `${base}?ext_id=user123`, foreign, 404],
    ['no such attachment', `${base}0?ext_id=user123`, agent.token, 404],
  ] as const) {
    t.equal((await fetched(url, token)).status, status, what);
  }
});
