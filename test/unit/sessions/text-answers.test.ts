import t from 'tap';
import { DEFAULT_TENANT, newTextId } from '../../../src/core/ids.js';
import { silentLogger } from '../../../src/core/log.js';
import type { Agent } from '../../../src/domain/agent.js';
import { TextAnswers } from '../../../src/sessions/text-answers.js';
import { sessionParts } from '../../support/session-parts.js';
import { until } from '../../support/until.js';

const ANN = '+442079460001';

async function start(t: { teardown(handler: () => void | Promise<void>): void }, agentSettings: Partial<Agent> = {}) {
  const parts = await sessionParts(t, { agent: { startingMessage: 'Hello!', ...agentSettings } });
  const { sessions, database, clock, agent } = parts;
  const sent: { to: string; from: string | undefined; text: string }[] = [];
  const answers = new TextAnswers({
    ...database,
    sessions,
    clock,
    log: silentLogger,
    sendText: async (_tenant, draft) => sent.push(draft),
  });
  t.teardown(() => answers.close());
  const write = (text: string, sourceId: string | undefined = newTextId(), extType: 'sip' | 'sms' = 'sip', answered?: boolean) =>
    answers.answer({ tenantId: DEFAULT_TENANT, agentId: agent.id, extType, from: ANN, to: 'desk', text, sourceId, answered });
  const list = async () => (await sessions.list(DEFAULT_TENANT, { extType: 'sip', extId: ANN }, { limit: 9, offset: 0 })).items;
  return { ...parts, sent, write, list };
}

void t.test('texts of one contact are one session, and the answer goes back from where they wrote to', async (t) => {
  const { llm, sent, write, list } = await start(t);
  llm.replies.push(['At nine.'], ['You are welcome.']);
  t.match(await write('When do you open?'), { role: 'ai', text: 'At nine.' });
  await write('Thanks');
  t.same(sent, [
    { to: ANN, from: 'desk', text: 'At nine.' },
    { to: ANN, from: 'desk', text: 'You are welcome.' },
  ]);
  t.match(await list(), [{ status: 'open', phone: ANN, greeting: undefined }]);
  t.same(
    llm.requests[1]?.messages.map(({ content }) => content),
    ['When do you open?', 'At nine.', 'Thanks'],
  );
});

void t.test('what an operator says goes out, too; what is among operators does not', async (t) => {
  const { sessions, sent, write, list } = await start(t);
  await write('Hello');
  const [session] = await list();
  await sessions.setMode(DEFAULT_TENANT, session!.id, 'operator', { id: '7', name: 'Olga' });
  t.equal(await write('A human?'), undefined);
  await sessions.speakAs(DEFAULT_TENANT, session!.id, 'notes', 'A difficult one.');
  await sessions.speakAs(DEFAULT_TENANT, session!.id, 'operator', 'Olga here.');
  t.same(
    sent.map(({ text }) => text),
    ['Echo: Hello.', 'Olga here.'],
  );
});

void t.test('another carrier is given the answer, and sends it itself', async (t) => {
  const { sent, write } = await start(t);
  t.match(await write('Hello', 'SM1', 'sms'), { text: 'Echo: Hello.' });
  t.equal(await write('Hello', 'SM1', 'sms'), undefined, 'the same delivered again');
  t.same(sent, []);
});

void t.test('STOP is the end: the number is listed, and nothing is answered any more', async (t) => {
  const { database, clock, sent, write, list } = await start(t);
  await write('Hello');
  t.equal(await write('Stop.'), undefined);
  t.match(await list(), [{ status: 'declined' }]);
  t.match(await database.doNotCall.find(DEFAULT_TENANT, ANN, clock.nowMs()), { reason: 'asked by text' });
  t.equal(await write('Are you there?'), undefined);
  t.equal(sent.length, 1);
  t.equal((await list()).length, 1);
});

void t.test('a sentence with stop in it is none', async (t) => {
  const { sent, write } = await start(t);
  await write('Do you stop at the station?');
  t.equal(sent.length, 1);
});

void t.test('an agent that answers no texts leaves them alone', async (t) => {
  const { sent, write, list } = await start(t, { sessions: { answerTexts: false } });
  t.equal(await write('Hello'), undefined);
  t.same([sent, await list()], [[], []]);
});

void t.test('the way that a text comes goes before what the agent says', async (t) => {
  const silent = await start(t, { sessions: { answerTexts: false } });
  t.match(await silent.write('Hello', undefined, 'sip', true), { text: 'Echo: Hello.' });
  const answering = await start(t);
  t.equal(await answering.write('Hello', undefined, 'sip', false), undefined);
});

void t.test('another machine is not answered for long', async (t) => {
  const { sent, write, clock } = await start(t);
  for (let i = 0; i < 10; i += 1) await write('I am away until Monday.');
  t.equal(sent.length, 3, 'always the same words');
  clock.advance(600_000);
  for (let i = 0; i < 60; i += 1) await write(`You said: ${i}`);
  t.equal(sent.length, 33, 'more than anybody writes');
  clock.advance(600_000);
  await write('I am back.');
  await until(() => sent.length === 34);
});
