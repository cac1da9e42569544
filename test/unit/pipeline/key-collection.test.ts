import t from 'tap';
import type { KeyedIn, KeyRequest } from '../../../src/domain/key-collection.js';
import type { Toolbox } from '../../../src/domain/ports/toolbox.js';
import { ConversationBench } from '../../support/conversation-bench.js';

const PROMPT = 'Please key in your number.';
const PIN: KeyRequest = {
  prompt: PROMPT,
  minLength: 4,
  maxLength: 4,
  firstDigitTimeoutMs: 5_000,
  interDigitTimeoutMs: 2_000,
  retries: 1,
  validate: 'none',
  masked: false,
};

/** An agent whose model asks for digits as soon as the caller says something. */
async function asking(request: Partial<KeyRequest> = {}) {
  const keyed: KeyedIn[] = [];
  const hushes: { hushed: boolean; atMs: number }[] = [];
  const toolbox: Toolbox = {
    definitions: () => Promise.resolve([{ name: 'ask', description: '', parameters: { type: 'object' } }]),
    announcement: () => ({ text: PROMPT, first: false, listens: true }),
    async run() {
      const outcome = await bench.conversation.keyIn({ ...PIN, ...request });
      keyed.push(outcome);
      return { content: JSON.stringify({ status: outcome.outcome === 'complete' ? 'done' : 'failed' }) };
    },
  };
  const bench: ConversationBench = new ConversationBench(
    { dtmfRules: { '1': { say: 'You pressed one.' } } },
    { toolbox, hush: (hushed) => hushes.push({ hushed, atMs: bench.nowMs }) },
  );
  bench.llm.replies.push([{ tool: 'ask' }]);
  bench.conversation.start();
  bench.stt.utterances.push({ text: 'i want to pay.' });
  await bench.say(500);
  await bench.until(() => bench.conversation.state === 'agent_speaking');
  return { bench, keyed, hushes };
}
type Asking = Awaited<ReturnType<typeof asking>>;

const heardOut = ({ bench }: Asking) => bench.until(() => bench.conversation.state === 'listening');

async function press({ bench }: Asking, keys: string, everyMs = 200): Promise<void> {
  for (const key of keys) {
    bench.media.emit({ type: 'digit', digit: key, durationMs: 100, atMs: bench.nowMs });
    await bench.run(everyMs);
  }
}

const lastContent = ({ bench }: Asking) => bench.llm.requests.at(-1)?.messages.at(-1)?.content;

void t.test('digits that were asked for go to who asked, and the model is told what came of it', async (t) => {
  const it = await asking();
  await heardOut(it);
  await press(it, '1234');
  await it.bench.until(() => it.bench.turns.length === 2);
  t.same(it.keyed, [{ outcome: 'complete', digits: '1234' }]);
  t.match(lastContent(it), '"status":"done"');
  t.same(
    it.bench.transcript.filter((line) => line.startsWith('agent')),
    [`agent: ${PROMPT}`, 'agent: Echo: {"status":"done"}.'],
    'the rule of the first key did not count',
  );
});

void t.test('a key barges in at once, with INFO as well', async (t) => {
  const it = await asking();
  it.bench.conversation.digit('1', 100);
  t.equal(it.bench.media.playout.queued(), 0, 'flushed');
  await press(it, '234');
  await it.bench.until(() => it.keyed.length === 1);
  t.same(it.keyed, [{ outcome: 'complete', digits: '1234' }]);
});

void t.test('the finish key ends a number, and * begins it again', async (t) => {
  const it = await asking({ minLength: 1, maxLength: 9, finishKey: '#' });
  await press(it, '99*12#');
  await it.bench.until(() => it.keyed.length === 1);
  t.same(it.keyed, [{ outcome: 'complete', digits: '12' }]);
});

void t.test('a silence after the prompt asks again, and then gives up', async (t) => {
  const it = await asking();
  await heardOut(it);
  const askedMs = it.bench.nowMs;
  await it.bench.until(() => it.bench.tts.requests.filter(({ text }) => text === PROMPT).length === 2);
  t.equal(it.bench.nowMs - askedMs, 5_000, 'counted from the end of the prompt');
  await it.bench.until(() => it.keyed.length === 1);
  t.same(it.keyed, [{ outcome: 'nothing' }]);
  await it.bench.until(() => it.bench.turns.length === 3);
  t.match(lastContent(it), '"status":"failed"');
  t.notOk(
    it.bench.transcript.some((line) => line.includes('still there')),
    'nobody else asks meanwhile',
  );
});

void t.test('digits that cannot be right are asked for again', async (t) => {
  const it = await asking({ minLength: 8, maxLength: 19, validate: 'luhn', invalidSay: 'That is not a card.' });
  await heardOut(it);
  await press(it, '4111111111111112');
  await it.bench.run(2_000);
  await it.bench.until(() => it.bench.conversation.state === 'listening');
  t.match(it.bench.transcript.at(-1), `agent: That is not a card. ${PROMPT}`);
  await press(it, '4111111111111111');
  await it.bench.until(() => it.keyed.length === 1);
  t.same(it.keyed, [{ outcome: 'complete', digits: '4111111111111111' }]);
});

void t.test('who speaks instead is answered', async (t) => {
  const it = await asking();
  await heardOut(it);
  it.bench.stt.utterances.push({ text: 'i have no number.' });
  await it.bench.say(500);
  await it.bench.until(() => it.keyed.length === 1);
  t.same(it.keyed, [{ outcome: 'interrupted' }]);
  await it.bench.until(() => it.bench.turns.length === 2);
  t.same(
    it.bench.llm.requests.at(-1)?.messages.map(({ role }) => role),
    ['user', 'assistant', 'user', 'assistant', 'tool'],
  );
});

void t.test('no more than one number is asked for at a time', async (t) => {
  const it = await asking();
  t.same(await it.bench.conversation.keyIn(PIN), { outcome: 'busy' });
});

void t.test('the end of the call ends the waiting', async (t) => {
  const it = await asking();
  await it.bench.conversation.end();
  await it.bench.run(1);
  t.same(it.keyed, [{ outcome: 'interrupted' }]);
  t.same(await it.bench.conversation.keyIn(PIN), { outcome: 'interrupted' });
});

void t.test('masked digits are nobody’s to know but who asked', async (t) => {
  const it = await asking({ masked: true });
  const { bench, hushes, keyed } = it;
  t.same(
    hushes.map(({ hushed }) => hushed),
    [true],
    'hushed before the prompt is heard',
  );
  await heardOut(it);
  await press(it, '98');
  bench.stt.utterances.push({ text: 'seven six', partials: [{ afterMs: 50, text: 'seven' }] });
  await bench.say(500);
  await press(it, '76');
  t.same(keyed, [{ outcome: 'complete', digits: '9876' }]);
  const doneMs = bench.nowMs;
  await press(it, '5', 100);
  await press(it, '4', 100);
  await bench.until(() => hushes.length === 2);
  t.equal(hushes[1]?.hushed, false);
  t.ok((hushes[1]?.atMs ?? 0) >= doneMs + 1_000, 'too many keys are still ignored');
  await bench.until(() => bench.turns.length === 2);
  await bench.run(5_000);
  t.equal(bench.stt.streams.length, 1, 'nobody listens meanwhile');
  t.equal(bench.transcript.filter((line) => line === 'caller: [digit •]').length, 6);
  const told = JSON.stringify([bench.entries, bench.live, bench.llm.requests.map(({ messages }) => messages)]);
  t.notMatch(told, /digit"?:? ?"?[4-9]|seven|9876/);
});

void t.test('what was said before masked digits were over is not heard afterwards', async (t) => {
  const it = await asking({ masked: true });
  const { bench, hushes } = it;
  await heardOut(it);
  await press(it, '9876', 50);
  await bench.until(() => hushes.length === 2);
  const from = bench.media.heard();
  bench.stt.utterances.push({ text: 'thank you.' });
  bench.voice.tell('onset', 0);
  await bench.run(300);
  bench.voice.tell('ended', 0);
  await bench.run(1_000);
  const stream = bench.stt.streams.at(-1);
  t.equal(bench.stt.streams.length, 2);
  t.ok((stream?.samples ?? Infinity) <= bench.media.heard() - from, 'no pre-roll from the time of the digits');
});
