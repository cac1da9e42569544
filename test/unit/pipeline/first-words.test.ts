import t from 'tap';
import type { AgentSettings } from '../../../src/domain/agent.js';
import { ConversationBench } from '../../support/conversation-bench.js';
import type { FakeUtterance } from '../../support/fake-speech.js';

const GREETING = 'Good morning, this is Ann of Miller and Sons.';

/** A call of ours that has just been answered by somebody who will say this. */
function calledOut(utterances: FakeUtterance[] = [], agent: Partial<AgentSettings> = {}): ConversationBench {
  const bench = new ConversationBench({ startingMessage: GREETING, ...agent }, { answeredBy: () => {} });
  bench.stt.utterances.push(...utterances);
  bench.conversation.start();
  return bench;
}

void t.test('who is called has the first word, and is greeted whatever it was', async (t) => {
  for (const text of ['Hello?', 'John Smith speaking.', 'who is there?']) {
    const bench = calledOut([{ text }]);
    await bench.runTo(400);
    await bench.say(900);
    await bench.until(() => bench.turns.length > 0);
    await bench.run(3_000);
    t.same(bench.transcript, [`caller: ${text}`, `agent: ${GREETING}`]);
    t.equal(bench.llm.requests.length, 0);
  }
});

void t.test('what is said after the greeting is answered, with the first words in mind', async (t) => {
  const bench = calledOut([{ text: 'who is there?' }, { text: 'what is it about?' }]);
  await bench.runTo(400);
  await bench.say(900);
  await bench.until(() => bench.turns.length > 0);
  await bench.say(900);
  await bench.until(() => bench.llm.requests.length > 0);
  t.same(
    bench.llm.requests[0]?.messages.map(({ content }) => content),
    ['who is there?', GREETING, 'what is it about?'],
  );
});

void t.test('who says nothing is greeted soon, and who goes on for long as well, once', async (t) => {
  const quiet = calledOut();
  await quiet.until(() => quiet.tts.requests.length > 0);
  t.equal(quiet.nowMs, 1_200);

  const talkative = calledOut([{ text: 'a long story' }]);
  await talkative.say(9_000);
  await talkative.run(5_000);
  t.equal(talkative.tts.requests.length, 1);
  t.same(talkative.transcript.at(-1), `agent: ${GREETING}`);
  t.ok((talkative.entries.at(-1)?.startMs ?? 0) >= 6_000, 'not before they had their time');
});

void t.test('a welcome with a delay of its own keeps it; on calls that come in nobody is waited for', async (t) => {
  for (const delayMs of [0, 2_500]) {
    const bench = calledOut([], { welcome: { delayMs } });
    await bench.until(() => bench.tts.requests.length > 0);
    t.equal(bench.nowMs, delayMs);
  }
  const inbound = new ConversationBench({ startingMessage: GREETING });
  inbound.conversation.start();
  await inbound.until(() => inbound.tts.requests.length > 0);
  t.equal(inbound.nowMs, 0);
});

void t.test('a hello into the greeting does not stop it, nor is it answered', async (t) => {
  const bench = calledOut([{ text: 'Hello?', partials: [{ afterMs: 200, text: 'Hello?' }] }]);
  await bench.until(() => bench.conversation.state === 'agent_speaking');
  await bench.run(300);
  await bench.say(500);
  await bench.until(() => bench.turns.length > 0);
  await bench.run(2_000);
  t.same(bench.transcript.toSorted(), [`agent: ${GREETING}`, 'caller: Hello?']);
  t.equal(bench.llm.requests.length, 0);
});

void t.test('a greeting that was stopped before it was heard comes again after their words', async (t) => {
  const bench = calledOut([{ text: 'excuse me, who is that?' }]);
  await bench.until(() => bench.conversation.state === 'agent_speaking');
  await bench.run(100);
  await bench.say(1_200);
  await bench.until(() => bench.turns.length > 1);
  await bench.run(3_000);
  t.match(bench.transcript, [/^agent: .* --$/, 'caller: excuse me, who is that?', `agent: ${GREETING}`]);
  t.equal(bench.llm.requests.length, 0);
});

void t.test('a recogniser that fails on the first words costs nobody the greeting', async (t) => {
  const bench = calledOut([{ text: '', error: new Error('gone') }]);
  await bench.runTo(400);
  await bench.say(500);
  await bench.until(() => bench.turns.length > 0);
  t.same(bench.transcript, [`agent: ${GREETING}`]);
});

void t.test('an operator’s words that come before the greeting wait for it', async (t) => {
  const bench = calledOut();
  await bench.run(300);
  const when = bench.conversation.interject({ type: 'text', text: 'Ann is new here.', endCall: false, by: 'operator' }, false);
  t.equal(when, 'waiting');
  await bench.until(() => bench.turns.length > 1);
  t.same(bench.transcript, [`agent: ${GREETING}`, 'operator: Ann is new here.']);
});

void t.test('an operator who takes over keeps the agent from greeting later', async (t) => {
  const bench = calledOut([{ text: 'Hello?' }, { text: 'yes please' }]);
  await bench.until(() => bench.conversation.state === 'agent_speaking');
  await bench.run(100);
  bench.conversation.guide({ mode: 'operator', muted: false, instructions: undefined, operator: 'Ann' });
  await bench.run(1_000);
  bench.conversation.guide({ mode: 'regular', muted: false, instructions: undefined, operator: undefined });
  await bench.say(900);
  await bench.until(() => bench.llm.requests.length > 0);
  t.equal(bench.tts.requests.filter(({ text }) => text === GREETING).length, 1);
});
