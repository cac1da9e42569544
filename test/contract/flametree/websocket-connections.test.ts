import { once } from 'node:events';
import t from 'tap';
import { WebSocket } from 'ws';
import type { CallEvent } from '../../../src/calls/call-event.js';
import { systemClock } from '../../../src/core/clock.js';
import { type AgentId, type ChatSessionId, DEFAULT_TENANT } from '../../../src/core/ids.js';
import { UNGUIDED } from '../../../src/domain/agent-guidance.js';
import type { Call } from '../../../src/domain/call.js';
import { FakeLlm } from '../../support/fake-speech.js';
import { type HttpHarness, OTHER_TENANT, startHarness } from '../../support/http-harness.js';
import { connectLive, type LiveClient, mustConnect } from '../../support/live-client.js';
import { sampleCall, sampleEntry } from '../../support/sample-records.js';
import { agentWithToken, type TokenAgent } from './agent-with-token.js';

const socketUrl = (api: HttpHarness, path: string): string => `${api.url.replace('http:', 'ws:')}${path}`;

async function openSession(agent: TokenAgent, user: string, changes: object = {}): Promise<ChatSessionId> {
  const { body } = await agent.json('POST', '/session', { user_id: user, ...changes });
  return body['session_id'] as ChatSessionId;
}

/** Messages up to the one of this type, which is the last. */
async function upTo(client: LiveClient, type: string): Promise<Record<string, unknown>[]> {
  const seen: Record<string, unknown>[] = [];
  while (seen.at(-1)?.['type'] !== type) seen.push(await client.next());
  return seen;
}

void t.test('Agent Communication WebSocket', async (t) => {
  const llm = new FakeLlm(systemClock);
  const api = await startHarness(t, { suite: { llm } });
  const agent = await agentWithToken(api);
  const id = await openSession(agent, 'user123', { show_thoughts: true });
  const path = `/chatbot/${agent.id}/ws/${id}`;
  const client = await mustConnect(socketUrl(api, path));
  llm.replies.push(["I'd be happy ", 'to help.']);
  client.say({ message: 'Hello' });
  const streamed = await upTo(client, 'message');
  t.match(streamed.at(-1), {
    type: 'message',
    session_id: id,
    role: 'AI',
    text: "I'd be happy to help.",
    metadata: { mode: 'REGULAR' },
  });
  const chunks = streamed.filter(({ type }) => type === 'chunk');
  t.equal(chunks.map(({ text }) => text).join(''), "I'd be happy to help.", 'the chunks are the answer');
  t.ok(chunks.length > 1, 'in more than one piece');

  for (const said of ['no JSON', '{"text":"x"}', '{"message":""}']) {
    client.say(said);
    t.match(await client.next(), { type: 'error', detail: String }, said);
  }
  await api.sessions.setMode(DEFAULT_TENANT, id, 'operator', { id: 'user_1', name: 'John' });
  await api.sessions.speakAs(DEFAULT_TENANT, id, 'notes', 'A difficult one.');
  await api.sessions.speakAs(DEFAULT_TENANT, id, 'operator', 'John here.');
  t.match(
    await client.next(),
    { type: 'message', role: 'OPERATOR', text: 'John here.', metadata: { mode: 'OPERATOR' } },
    'no notes',
  );
  await agent.json('DELETE', `/session/${id}?status=resolved_by_operator`);
  t.match(await client.next(), { type: 'close', session_id: id, status: 'resolved_by_operator' });
  t.equal((await client.closed).code, 1000);

  const late = await mustConnect(socketUrl(api, path));
  t.match(await late.next(), { type: 'close', status: 'resolved_by_operator' }, 'a session that is over says so');
  t.equal((await late.closed).code, 1000);

  const brief = await openSession(agent, 'user123', { timeout: 1 });
  const timed = await mustConnect(socketUrl(api, `/chatbot/${agent.id}/ws/${brief}`));
  api.clock.advance(1001);
  await api.sessions.update(DEFAULT_TENANT, brief, {});
  t.same(
    (await upTo(timed, 'close')).map(({ type, status }) => [type, status]),
    [
      ['timeout', undefined],
      ['close', 'timeout'],
    ],
  );
});

void t.test('Agent Communication WebSocket: who may connect', async (t) => {
  const api = await startHarness(t);
  const agent = await agentWithToken(api);
  const other = await agentWithToken(api);
  const id = await openSession(agent, 'user123');
  const foreign = await api.newKey({ dialect: 'flametree' }, OTHER_TENANT);
  const path = `/chatbot/${agent.id}/ws/${id}`;
  const expired = await api.newKey({ dialect: 'flametree', expiresAtMs: api.clock.nowMs() + 1000 });
  api.clock.advance(2000);
  for (const [what, url, headers, status] of [
    ['no such session', `/chatbot/${agent.id}/ws/01920000-0000-7000-8000-000000000000`, {}, 404],
    ['a session of another agent', `/chatbot/${other.id}/ws/${id}`, {}, 404],
    ['the token of another agent', `${path}?token=${other.token}`, {}, 401],
    ['a token of another tenant', `${path}?token=${foreign}`, {}, 404],
    ['a token that has expired', `${path}?token=${expired}`, {}, 401],
    ['a key of another dialect', path, { authorization: `Bearer ${api.key}` }, 401],
  ] as const) {
    t.match(await connectLive(socketUrl(api, url), headers), { status }, what);
  }
  for (const [url, headers] of [
    [`${path}?token=${agent.token}`, {}],
    [path, { authorization: `Bearer ${agent.token}` }],
  ] as const) {
    const client = await mustConnect(socketUrl(api, url), headers);
    client.socket.close();
    await client.closed;
  }
  const browser = new WebSocket(socketUrl(api, path), [agent.token]);
  await once(browser, 'open');
  t.equal(browser.protocol, agent.token, 'as browsers can');
  browser.terminate();
});

void t.test('Conversation Events WebSocket', async (t) => {
  const api = await startHarness(t);
  const agent = await agentWithToken(api);
  const other = await agentWithToken(api);
  const user = 'd7915d1e-8aea-41d2-a331-87d7cc4875da';
  const open = await mustConnect(socketUrl(api, `/ws/${user}`));
  const named = await mustConnect(socketUrl(api, `/ws/user123?token=${agent.token}`));
  const followed: [LiveClient, string][] = [
    [open, user],
    [named, 'user123'],
  ];
  for (const [client, id] of followed) {
    await openSession(other, `${id}-not`);
    const session = await openSession(agent, id);
    t.match(await client.next(), { type: 'CONVERSATION_CREATED', session_id: session, agent_id: agent.id, ext_type: 'web' });
    await api.sessions.setMode(DEFAULT_TENANT, session, 'operator', { id: 'user_1', name: 'John' });
    t.match(await client.next(), { type: 'CONVERSATION_BOT_STATUS_MODIFIED', mode: 'OPERATOR' });
    await api.sessions.speakAs(DEFAULT_TENANT, session, 'notes', 'A difficult one.');
    await api.sessions.speakAs(DEFAULT_TENANT, session, 'operator', 'John here.');
    t.match(await client.next(), { type: 'CONVERSATION_NEW_MESSAGE', log: { role: 'OPERATOR', text: 'John here.' } });
    await agent.json('DELETE', `/session/${session}`);
    t.match(await client.next(), { type: 'CONVERSATION_CLOSED', status: 'completed' });
  }
  await openSession(other, 'user123');
  const mine = await openSession(agent, 'user123');
  t.match(await named.next(), { session_id: mine }, 'nothing of another agent');
  t.match(await connectLive(socketUrl(api, '/ws/user123')), { status: 401 }, 'an id that can be guessed needs a token');
  t.match(await connectLive(socketUrl(api, `/ws/${user}?token=ft_wrong`)), { status: 401 }, 'a token that is sent has to hold');
  t.match(await connectLive(socketUrl(api, '/ws/%E0%A4%A')), { status: 404 });
  for (const [client] of followed) client.socket.close();
});

void t.test('Conversation Events WebSocket: phone calls are conversations of whoever is at the other end', async (t) => {
  const api = await startHarness(t);
  const agent = await agentWithToken(api);
  const other = await agentWithToken(api);
  const tell = (event: CallEvent): void => api.callSessions.onCallEvent(event);
  const number = '+442071234567';
  const mine = await mustConnect(socketUrl(api, `/ws/${encodeURIComponent('+44 20 7123 4567')}?token=${agent.token}`));
  const theirs = await mustConnect(socketUrl(api, `/ws/${encodeURIComponent(number)}?token=${other.token}`));
  for (const outbound of [false, true]) {
    const parties = outbound ? { toUri: `sip:${number}@192.0.2.1` } : { fromUri: `sip:${number}@192.0.2.1` };
    const direction = outbound ? 'outbound' : 'inbound';
    const call = sampleCall({ ...parties, direction, agentId: agent.id as AgentId });
    const answered: Call = { ...call, status: 'in_progress', answeredAtMs: call.startedAtMs + 2000 };
    const told = { session_id: call.id, agent_id: agent.id, ext_type: 'sip' };
    tell({ type: 'started', call: sampleCall({ ...parties, direction }) });
    tell({ type: 'started', call });
    t.match(
      await mine.next(),
      { ...told, type: 'CONVERSATION_CREATED', status: 'open', mode: 'REGULAR' },
      'not that of the echo',
    );
    tell({ type: 'answered', call: answered });
    tell({ type: 'entry', entry: sampleEntry(call.id, 1, { speaker: 'agent', text: 'Hello, how', heardText: 'Hello,' }) });
    const log = { id: 1, role: 'AI', text: 'Hello,', timestamp: '2023-11-14T22:13:22Z', attachments: [] };
    t.match(await mine.next(), { ...told, type: 'CONVERSATION_NEW_MESSAGE', log });
    const led: Call = { ...answered, guidance: { ...UNGUIDED, mode: 'operator', operator: 'Ann' } };
    tell({ type: 'guidance', call: led });
    tell({ type: 'guidance', call: { ...led, guidance: { ...UNGUIDED, mode: 'operator', muted: true } } });
    tell({ type: 'entry', entry: sampleEntry(call.id, 2, { speaker: 'operator', text: 'Ann here.', heardText: 'Ann here.' }) });
    t.match(await mine.next(), { ...told, type: 'CONVERSATION_BOT_STATUS_MODIFIED', mode: 'OPERATOR' });
    t.match(
      await mine.next(),
      { type: 'CONVERSATION_NEW_MESSAGE', log: { role: 'OPERATOR', text: 'Ann here.' } },
      'once for a mode',
    );
    tell({ type: 'ended', call: { ...led, status: 'completed', termination: { result: 'success', reason: 'transferred' } } });
    t.match(await mine.next(), { ...told, type: 'CONVERSATION_CLOSED', status: 'transferred' });
    tell({ type: 'ended', call: sampleCall({ ...parties, direction, agentId: agent.id as AgentId }) });
  }
  const call = sampleCall({ fromUri: `sip:${number}@192.0.2.1`, agentId: other.id as AgentId });
  tell({ type: 'started', call });
  t.match(await theirs.next(), { session_id: call.id }, 'nothing of another agent, and none that never began');
  for (const client of [mine, theirs]) client.socket.close();
});

void t.test('Agent Communication WebSocket: pages of sites that the agent does not list', async (t) => {
  const api = await startHarness(t);
  const listed = 'https://shop.example';
  const agent = await agentWithToken(api, { web_origins: { enforced: true, origins: [listed] } });
  const id = await openSession(agent, 'user123');
  const url = socketUrl(api, `/chatbot/${agent.id}/ws/${id}`);
  t.match(await connectLive(url, { origin: 'https://elsewhere.example' }), { status: 403 });
  for (const origin of [listed, api.url]) {
    const client = await mustConnect(url, { origin });
    client.socket.close();
    await client.closed;
  }
});

void t.test('WebSocket Connections: whoever does not read is let go', async (t) => {
  const api = await startHarness(t);
  const agent = await agentWithToken(api);
  const id = await openSession(agent, 'user123');
  const client = await mustConnect(socketUrl(api, `/chatbot/${agent.id}/ws/${id}`));
  await api.sessions.setMode(DEFAULT_TENANT, id, 'operator', { id: 'user_1', name: 'John' });
  client.socket.pause();
  let closed = false;
  void client.closed.then(() => {
    closed = true;
  });
  const words = 'Please read this. '.repeat(1100);
  // More than the two ends of a connection hold by themselves.
  for (let sent = 0; sent < 1500; sent += 1) await api.sessions.speakAs(DEFAULT_TENANT, id, 'operator', words);
  t.equal(closed, false, 'it was not told, since it does not read');
  client.socket.resume();
  const { code } = await client.closed;
  t.ok(code === 1013 || code === 1006, `closed with ${code}`);
});
