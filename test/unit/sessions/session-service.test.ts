import t from 'tap';
import { DEFAULT_TENANT, newAgentId, newChatSessionId, type TenantId } from '../../../src/core/ids.js';
import type { Toolboxes } from '../../../src/domain/ports/toolbox.js';
import type { SessionEvent } from '../../../src/sessions/session-events.js';
import { temporaryDirectory } from '../../support/offhook-process.js';
import { sessionParts } from '../../support/session-parts.js';
import { until } from '../../support/until.js';

const OTHER = '00000000-0000-7000-8000-00000000000f' as TenantId;
const PAGE = { limit: 20, offset: 0 };

const typesOf = (events: readonly SessionEvent[]): string[] => events.map(({ type }) => type);

void t.test('a session begins with the greeting, filled with what is known', async (t) => {
  const { sessions, agent, events } = await sessionParts(t, {
    agent: { startingMessage: 'Hello {{name}}, this is {{company}}.' },
  });
  const session = await sessions.open(DEFAULT_TENANT, {
    agentId: agent.id,
    extType: 'web',
    extId: 'visitor-1',
    name: 'Ann',
    contextData: { company: 'Riverside' },
  });
  t.match(session, { greeting: 'Hello Ann, this is Riverside.', status: 'open', mode: 'regular', timeoutMs: 259_200_000 });
  t.match(await sessions.messages(DEFAULT_TENANT, session.id), [{ role: 'ai', text: 'Hello Ann, this is Riverside.' }]);
  t.same(typesOf(events), ['created']);
});

void t.test('what is said is answered in pieces, and stands in the record in order', async (t) => {
  const { sessions, llm, open, events } = await sessionParts(t);
  const { id } = await open();
  llm.replies.push(['We open ', 'at nine.']);
  const chunks: string[] = [];
  const sent = await sessions.send(DEFAULT_TENANT, id, { text: 'When?' }, { onChunk: (text) => chunks.push(text) });
  t.match(sent, { reply: { role: 'ai', text: 'We open at nine.' }, mode: 'regular' });
  t.same(chunks, ['We open ', 'at nine.']);
  t.same(typesOf(events), ['created', 'message', 'chunk', 'chunk', 'message']);
  const messages = await sessions.messages(DEFAULT_TENANT, id);
  t.match(messages, [
    { role: 'human', text: 'When?' },
    { role: 'ai', text: 'We open at nine.' },
  ]);
  t.ok(messages[0]!.id < messages[1]!.id);
  const [request] = llm.requests;
  t.equal(request?.medium, 'text');
  t.same(request?.messages, [{ role: 'user', content: 'When?' }]);
});

void t.test('what is said while the agent answers is answered next, all of it at once', async (t) => {
  const { sessions, llm, open, clock } = await sessionParts(t);
  const { id } = await open();
  llm.replies.push([{ delayMs: 50 }, 'First.'], ['To both.']);
  const first = sessions.send(DEFAULT_TENANT, id, { text: 'one' });
  await until(() => llm.requests.length === 1);
  const second = sessions.send(DEFAULT_TENANT, id, { text: 'two' });
  const third = sessions.send(DEFAULT_TENANT, id, { text: 'three' });
  await until(async () => (await sessions.messages(DEFAULT_TENANT, id)).length === 3);
  clock.advance(50);
  t.equal((await first).reply?.text, 'First.');
  const [to2, to3] = await Promise.all([second, third]);
  t.equal(to2.reply?.text, 'To both.');
  t.equal(to3.reply?.text, 'To both.');
  t.equal(llm.requests.length, 2);
  t.same(
    (await sessions.messages(DEFAULT_TENANT, id)).map(({ text }) => text),
    ['one', 'two', 'three', 'First.', 'To both.'],
  );
});

void t.test('a provider that fails is answered for with an apology', async (t) => {
  const { sessions, llm, open } = await sessionParts(t);
  const { id } = await open();
  llm.replies.push([{ error: new Error('down') }], ['Better.']);
  t.match((await sessions.send(DEFAULT_TENANT, id, { text: 'Hello' })).reply?.text, /something went wrong/);
  t.equal((await sessions.send(DEFAULT_TENANT, id, { text: 'Again' })).reply?.text, 'Better.');
});

void t.test('the agent that says goodbye ends the session', async (t) => {
  const { sessions, llm, open, events } = await sessionParts(t);
  const { id } = await open();
  llm.replies.push(['Goodbye!', { endCall: true }]);
  t.equal((await sessions.send(DEFAULT_TENANT, id, { text: 'Bye' })).reply?.text, 'Goodbye!');
  t.match(await sessions.get(DEFAULT_TENANT, id), { status: 'completed' });
  t.equal(events.at(-1)?.type, 'closed');
  await t.rejects(sessions.send(DEFAULT_TENANT, id, { text: 'Still there?' }), { code: 'conflict' });
});

void t.test('an operator takes over and gives back', async (t) => {
  const { sessions, llm, open, events } = await sessionParts(t);
  const { id } = await open();
  await sessions.setMode(DEFAULT_TENANT, id, 'operator', { id: 'op-1', name: 'Olga' });
  const sent = await sessions.send(DEFAULT_TENANT, id, { text: 'A human, please' });
  t.match(sent, { reply: undefined, mode: 'operator' });
  await sessions.speakAs(DEFAULT_TENANT, id, 'operator', 'Olga here.');
  await sessions.speakAs(DEFAULT_TENANT, id, 'notes', 'A difficult one.');
  t.equal(llm.requests.length, 0, 'the agent says nothing');
  t.match(await sessions.setMode(DEFAULT_TENANT, id, 'regular'), { mode: 'regular', operator: undefined });
  llm.replies.push(['As Olga said.']);
  t.equal((await sessions.send(DEFAULT_TENANT, id, { text: 'And now?' })).reply?.text, 'As Olga said.');
  t.same(llm.requests[0]?.messages, [
    { role: 'user', content: 'A human, please' },
    { role: 'assistant', content: 'Olga here.' },
    { role: 'user', content: 'And now?' },
  ]);
  t.same(
    typesOf(events).filter((type) => type === 'mode'),
    ['mode', 'mode'],
  );
});

void t.test('what nobody answered before the operator gave back is answered then', async (t) => {
  const { sessions, llm, open } = await sessionParts(t);
  const { id } = await open();
  await sessions.setMode(DEFAULT_TENANT, id, 'operator', { id: 'op-1', name: 'Olga' });
  await sessions.send(DEFAULT_TENANT, id, { text: 'Anybody?' });
  llm.replies.push(['Me again.']);
  await sessions.setMode(DEFAULT_TENANT, id, 'regular');
  await until(async () => (await sessions.messages(DEFAULT_TENANT, id)).length === 2);
  t.match((await sessions.messages(DEFAULT_TENANT, id)).at(-1), { role: 'ai', text: 'Me again.' });
});

void t.test('an answer that is being made when an operator takes over is not given', async (t) => {
  const { sessions, llm, open } = await sessionParts(t);
  const { id } = await open();
  llm.replies.push(['I am ', { hang: true }]);
  const sent = sessions.send(DEFAULT_TENANT, id, { text: 'Hello' });
  await until(() => llm.requests.length === 1);
  await sessions.setMode(DEFAULT_TENANT, id, 'operator', { id: 'op-1', name: 'Olga' });
  t.match(await sent, { reply: undefined, mode: 'operator' });
  t.same(
    (await sessions.messages(DEFAULT_TENANT, id)).map(({ role }) => role),
    ['human'],
  );
});

void t.test('in copilot mode the agent proposes, and the contact is told nothing', async (t) => {
  const { sessions, llm, open, events } = await sessionParts(t);
  const { id } = await open();
  await sessions.setMode(DEFAULT_TENANT, id, 'copilot', { id: 'op-1', name: 'Olga' });
  llm.replies.push(['Say that we are open.']);
  t.match(await sessions.send(DEFAULT_TENANT, id, { text: 'Open?' }), { reply: undefined, mode: 'copilot' });
  await until(async () => (await sessions.messages(DEFAULT_TENANT, id)).length === 2);
  t.match((await sessions.messages(DEFAULT_TENANT, id)).at(-1), { role: 'copilot', text: 'Say that we are open.' });
  t.notOk(typesOf(events).includes('chunk'));
});

void t.test('a session ends when its time is over, and when the contact is silent for too long', async (t) => {
  const { sessions, open, clock, events, llm } = await sessionParts(t, {
    agent: { sessions: { timeoutMs: 60_000, idleTimeoutMs: 20_000 } },
  });
  await sessions.start();
  const idle = await open();
  const busy = await open();
  llm.replies.push(['Yes.']);
  clock.advance(15_000);
  await sessions.send(DEFAULT_TENANT, busy.id, { text: 'Hello' });
  await sessions.setMode(DEFAULT_TENANT, busy.id, 'operator', { id: 'op', name: 'Olga' });
  await sessions.send(DEFAULT_TENANT, busy.id, { text: 'I wait for you' });
  const status = async (id: typeof idle.id) => (await sessions.get(DEFAULT_TENANT, id)).status;
  await until(async () => (clock.advance(1_000), (await status(idle.id)) !== 'open'));
  t.equal(await status(idle.id), 'user_timeout');
  t.equal(await status(busy.id), 'open', 'it is not the contact who is silent');
  await until(async () => (clock.advance(1_000), (await status(busy.id)) !== 'open'));
  t.equal(await status(busy.id), 'timeout');
  t.same(
    events.filter(({ type }) => type === 'timeout' || type === 'closed').map(({ type, session }) => [type, session.id]),
    [
      ['timeout', idle.id],
      ['closed', idle.id],
      ['timeout', busy.id],
      ['closed', busy.id],
    ],
  );
});

void t.test('more than the daily limit are noted down, and not begun', async (t) => {
  const { sessions, open, clock, agent } = await sessionParts(t, {
    agent: { startingMessage: 'Hello.', sessions: { dailyLimit: 1 }, timezone: 'Europe/Berlin' },
  });
  t.equal((await open()).status, 'open');
  const refused = await open();
  t.match(refused, { status: 'daily_limit_exceeded', greeting: undefined });
  await t.rejects(sessions.send(DEFAULT_TENANT, refused.id, { text: 'Hello' }), { code: 'conflict' });
  t.equal((await sessions.list(DEFAULT_TENANT, { agentId: agent.id, extId: 'visitor-1' }, PAGE)).total, 2);
  clock.advance(86_400_000);
  t.equal((await open()).status, 'open', 'on another day');
});

void t.test('a message that is delivered twice is one', async (t) => {
  const { sessions, llm, open } = await sessionParts(t);
  const { id } = await open();
  llm.replies.push(['Once.']);
  const message = { text: 'Hello', sourceId: 'carrier:1' };
  t.equal((await sessions.send(DEFAULT_TENANT, id, message)).reply?.text, 'Once.');
  t.match(await sessions.send(DEFAULT_TENANT, id, message), { message: undefined, reply: undefined });
  t.equal((await sessions.messages(DEFAULT_TENANT, id)).length, 2);
});

void t.test('what was acknowledged and not answered is answered by the next process', async (t) => {
  const dataDir = temporaryDirectory(t);
  const killed = await sessionParts(t, { dataDir });
  const { id } = await killed.open();
  killed.llm.replies.push([{ hang: true }]);
  const sent = killed.sessions.send(DEFAULT_TENANT, id, { text: 'Hello?' });
  await until(() => killed.llm.requests.length === 1);
  await killed.sessions.shutDown();
  t.match(await sent, { reply: undefined });

  const next = await sessionParts(t, { dataDir });
  next.llm.replies.push(['Here I am.']);
  await next.sessions.start();
  await until(async () => (await next.sessions.messages(DEFAULT_TENANT, id)).length === 2);
  t.match((await next.sessions.messages(DEFAULT_TENANT, id)).at(-1), { role: 'ai', text: 'Here I am.' });
});

void t.test('what a tool came to is told to the model in this turn and in later ones', async (t) => {
  const run = {
    actionId: undefined,
    type: undefined,
    name: 'free_slots',
    arguments: { day: 'Monday' },
    outcome: 'succeeded',
    reason: undefined,
    attempts: 1,
    startedAtMs: 0,
    durationMs: 3,
  } as const;
  let closed = 0;
  const toolboxes: Toolboxes = {
    open: (setting) => ({
      definitions: async () => [{ name: 'free_slots', description: '', parameters: { type: 'object' } }],
      announcement: () => ({ text: 'One moment.', first: false }),
      run: async () => {
        setting.note(run);
        return { content: '{"slots":["10:00"]}' };
      },
      close: () => {
        closed += 1;
      },
    }),
  };
  const { sessions, llm, open, events } = await sessionParts(t, { toolboxes });
  const { id } = await open();
  llm.replies.push([{ tool: 'free_slots', arguments: { day: 'Monday' } }], ['At ten.'], ['You are welcome.']);
  t.equal((await sessions.send(DEFAULT_TENANT, id, { text: 'When on Monday?' })).reply?.text, 'At ten.');
  t.match(
    events.find(({ type }) => type === 'thought'),
    { text: 'One moment.' },
  );
  t.match(await sessions.story(DEFAULT_TENANT, id), [{ kind: 'tool', run, result: '{"slots":["10:00"]}' }]);
  await sessions.send(DEFAULT_TENANT, id, { text: 'Thanks' });
  t.match(llm.requests[2]?.messages, [
    { role: 'user', content: 'When on Monday?' },
    { role: 'assistant', toolCalls: [{ name: 'free_slots', arguments: { day: 'Monday' } }] },
    { role: 'tool', content: '{"slots":["10:00"]}' },
    { role: 'assistant', content: 'At ten.' },
    { role: 'user', content: 'Thanks' },
  ]);
  t.equal(closed, 2, 'each turn has its own');
});

void t.test('reactions are for what the contact was told', async (t) => {
  const { sessions, open } = await sessionParts(t);
  const { id } = await open();
  const { message, reply } = await sessions.send(DEFAULT_TENANT, id, { text: 'Hello' });
  t.match(await sessions.react(DEFAULT_TENANT, id, reply!.id, 'good'), { feedback: 'good' });
  t.match(await sessions.react(DEFAULT_TENANT, id, reply!.id, undefined), { feedback: undefined });
  await t.rejects(sessions.react(DEFAULT_TENANT, id, message!.id, 'bad'), { code: 'not_found' });
  const other = await open();
  await t.rejects(sessions.react(DEFAULT_TENANT, other.id, reply!.id, 'bad'), { code: 'not_found' });
});

void t.test('sessions are their tenant’s alone', async (t) => {
  const { sessions, open, agent } = await sessionParts(t);
  const { id } = await open();
  const attempts: readonly Promise<unknown>[] = [
    sessions.get(OTHER, id),
    sessions.messages(OTHER, id),
    sessions.send(OTHER, id, { text: 'x' }),
    sessions.speakAs(OTHER, id, 'operator', 'x'),
    sessions.setMode(OTHER, id, 'operator'),
    sessions.close(OTHER, id, 'completed'),
    sessions.delete(OTHER, id),
    sessions.update(OTHER, id, { name: 'x' }),
    sessions.react(OTHER, id, 1, 'good'),
    sessions.get(DEFAULT_TENANT, newChatSessionId()),
  ];
  for (const { status, reason } of (await Promise.allSettled(attempts)) as PromiseRejectedResult[]) {
    t.match({ status, reason }, { status: 'rejected', reason: { code: 'session_not_found' } });
  }
  t.same(await sessions.list(OTHER, {}, PAGE), { items: [], total: 0 });
  await t.rejects(sessions.open(OTHER, { agentId: agent.id, extType: 'web', extId: 'x' }), { code: 'agent_not_found' });
  await t.rejects(sessions.open(DEFAULT_TENANT, { agentId: newAgentId(), extType: 'web', extId: 'x' }), {
    code: 'agent_not_found',
  });
});

void t.test('a session is changed and prolonged, and deleted only when it is closed', async (t) => {
  const { sessions, open, clock } = await sessionParts(t);
  const { id, startedAtMs } = await open();
  const changed = await sessions.update(DEFAULT_TENANT, id, { name: 'Ann', timeoutMs: 5_000, contextData: { order: 7 } });
  t.match(changed, { name: 'Ann', closesAtMs: startedAtMs + 5_000, contextData: { order: 7 } });
  await t.rejects(sessions.delete(DEFAULT_TENANT, id), { code: 'conflict' });
  clock.advance(10);
  t.match(await sessions.close(DEFAULT_TENANT, id, 'declined', { reason: 'busy' }), {
    status: 'declined',
    result: { reason: 'busy' },
    endedAtMs: startedAtMs + 10,
  });
  await t.rejects(sessions.close(DEFAULT_TENANT, id, 'completed'), { code: 'conflict' });
  await t.rejects(sessions.update(DEFAULT_TENANT, id, { name: 'Bob' }), { code: 'conflict' });
  await sessions.delete(DEFAULT_TENANT, id);
  await t.rejects(sessions.get(DEFAULT_TENANT, id), { code: 'session_not_found' });
});
