import t from 'tap';
import type { AgentSettings } from '../../../src/domain/agent.js';
import { GERMAN } from '../../../src/pipeline/language/de.js';
import { ENGLISH } from '../../../src/pipeline/language/en.js';
import { ConversationBench } from '../../support/conversation-bench.js';
import type { FakeReplyStep } from '../../support/fake-speech.js';

const [FIRST, SECOND] = ENGLISH.holding;

/** A conversation in which the caller has said something from 1000 to 2000 ms, and the model answers so. */
async function asked(
  reply: FakeReplyStep[],
  agent: Partial<AgentSettings> = {},
  fillerAfterMs = 1_200,
): Promise<ConversationBench> {
  const bench = new ConversationBench(agent, { fillerAfterMs });
  bench.stt.utterances.push({ text: 'what time is it', finalAfterMs: 60 });
  bench.llm.replies.push(reply);
  bench.tts.delayMs = 200;
  bench.conversation.start();
  await bench.runTo(1_000);
  await bench.say(1_000);
  await bench.until(() => bench.llm.requests.length > 0);
  return bench;
}

void t.test('a model that is late is filled in for, once, and the answer follows', async (t) => {
  const bench = await asked([{ delayMs: 2_500 }, 'It is noon.']);
  await bench.until(() => bench.turns.length > 0);
  t.same(bench.transcript, ['caller: what time is it', `agent: ${FIRST} It is noon.`]);
  const { fillerMs, firstAudioMs, firstPacketMs } = bench.turns[0]?.latency ?? {};
  t.equal(fillerMs, 2_020, 'asked 600 ms after the caller, 1200 ms of silence, 200 ms of the synthesiser');
  t.ok((firstAudioMs ?? 0) >= 3_300 && (firstPacketMs ?? 0) >= (firstAudioMs ?? 0), 'the answer has its own times');
  t.notOk(bench.turns[0]?.interrupted);
  bench.stt.utterances.push({ text: 'and now' });
  await bench.say(500);
  await bench.until(() => bench.llm.requests.length === 2);
  t.same(
    bench.llm.requests[1]?.messages.map(({ content }) => content),
    ['what time is it', 'It is noon.', 'and now'],
    'the filler is no part of the answer',
  );
});

void t.test('a model that is in time is not filled in for', async (t) => {
  const bench = await asked([{ delayMs: 1_100 }, 'It is noon.']);
  await bench.until(() => bench.turns.length > 0);
  t.same(
    bench.tts.requests.map(({ text }) => text),
    ['It is noon.'],
  );
});

void t.test('words that come while the filler is being made are said in its place', async (t) => {
  const bench = await asked([{ delayMs: 1_300 }, 'It is noon.']);
  await bench.until(() => bench.turns.length > 0);
  t.equal(bench.tts.requests[0]?.text, FIRST);
  t.equal(bench.transcript[1], 'agent: It is noon.');
  t.equal(bench.turns[0]?.latency.fillerMs, undefined);
});

void t.test('from the caller’s end on nobody hears two and a half seconds of silence', async (t) => {
  const bench = await asked([{ delayMs: 7_000 }, 'One. ', { delayMs: 7_000 }, 'That was two.']);
  let silentSinceMs = 2_000;
  let longestMs = 0;
  let position = bench.media.playout.position();
  while (bench.turns.length === 0) {
    await bench.run(20);
    const now = bench.media.playout.position();
    if (now === position) longestMs = Math.max(longestMs, bench.nowMs - silentSinceMs);
    else silentSinceMs = bench.nowMs;
    position = now;
  }
  t.ok(longestMs <= 2_500, `${longestMs} ms`);
  t.ok(longestMs >= 1_200, 'nor are they talked at without a break');
  const spoken = bench.tts.requests.map(({ text }) => text);
  t.same(spoken.slice(0, 2), [FIRST, SECOND]);
  t.notOk(
    spoken.some((text, index) => text === spoken[index + 1]),
    'never the same twice running',
  );
});

void t.test('a tool that takes long is filled in for as well', async (t) => {
  let end = (): void => undefined;
  const toolbox = {
    definitions: async () => [{ name: 'book', description: 'book', parameters: {} }],
    announcement: () => ({ text: 'I will book it.', first: false }),
    run: () => new Promise<{ content: string }>((resolve) => (end = () => resolve({ content: '{}' }))),
  };
  const bench = new ConversationBench({}, { toolbox, fillerAfterMs: 1_200 });
  bench.stt.utterances.push({ text: 'book it.' });
  bench.llm.replies.push([{ tool: 'book' }], ['It is done.']);
  bench.conversation.start();
  await bench.say(500);
  await bench.until(() => bench.tts.requests.length === 2);
  end();
  await bench.until(() => bench.turns.length > 0);
  t.equal(bench.transcript[1], `agent: I will book it. ${FIRST} It is done.`);
});

void t.test('fillers are in the agent’s language, and left out where it is not known or they are off', async (t) => {
  const german = await asked([{ delayMs: 2_500 }, 'Zwölf Uhr.'], { language: 'de-DE' });
  await german.until(() => german.turns.length > 0);
  t.equal(german.tts.requests[0]?.text, GERMAN.holding[0]);
  for (const bench of [
    await asked([{ delayMs: 2_500 }, 'Goddag.'], { language: 'da-DK' }),
    await asked([{ delayMs: 2_500 }, 'Noon.'], {}, 0),
  ]) {
    await bench.until(() => bench.turns.length > 0);
    t.equal(bench.tts.requests.length, 1);
  }
});

void t.test('a caller who talks into a filler gets one answer to all of it', async (t) => {
  const bench = await asked([{ delayMs: 5_000 }, 'Never said.']);
  bench.stt.utterances.push({ text: 'in berlin i mean', partials: [{ afterMs: 100, text: 'in berlin' }] });
  await bench.until(() => bench.media.playout.queued() > 0);
  await bench.run(200);
  await bench.say(900);
  await bench.until(() => bench.llm.requests.length === 2);
  t.same(bench.llm.requests[1]?.messages, [
    { role: 'user', content: 'what time is it in berlin i mean', utterances: ['what time is it', 'in berlin i mean'] },
  ]);
});

void t.test('on hold nobody is filled in for', async (t) => {
  const bench = await asked([{ delayMs: 4_000 }, 'It is noon.']);
  bench.conversation.hold();
  await bench.run(3_000);
  t.equal(bench.tts.requests.length, 0);
  bench.conversation.unhold();
  await bench.until(() => bench.turns.length > 0);
});
