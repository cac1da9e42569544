import t from 'tap';
import { AppError } from '../../../src/core/errors.js';
import { ENGLISH_PHRASES as PHRASES } from '../../../src/pipeline/language/phrases.js';
import { ConversationBench } from '../../support/conversation-bench.js';
import type { FakeReplyStep } from '../../support/fake-speech.js';

const down = (): AppError => new AppError('provider_failed', 'down');

/** The caller says something, and the model answers with these steps. */
async function answeredWith(steps: FakeReplyStep[], bench = new ConversationBench()): Promise<ConversationBench> {
  if (bench.conversation.state === 'idle') bench.conversation.start();
  bench.stt.utterances.push({ text: 'hello.' });
  bench.llm.replies.push(steps);
  const turns = bench.turns.length;
  await bench.say(500);
  await bench.until(() => bench.turns.length > turns);
  return bench;
}

void t.test('a model that is down, silent, empty or talks rubbish is apologised for, and the call goes on', async (t) => {
  const cases: [string, FakeReplyStep[]][] = [
    ['down', [{ error: down() }]],
    ['silent', [{ hang: true }]],
    ['empty', []],
    [
      'rubbish',
      [{ rubbish: { type: 'text', text: 42 } }, { rubbish: { type: 'text' } }, { rubbish: { type: 'text', text: ' ... ' } }],
    ],
    ['not even an event', [{ rubbish: undefined }]],
  ];
  for (const [what, steps] of cases) {
    const bench = await answeredWith(steps);
    t.same(bench.transcript, ['caller: hello.', `agent: ${PHRASES.apology}`], what);
    t.equal(bench.conversation.state, 'listening');
    await answeredWith(['I am back.'], bench);
    t.equal(bench.transcript.at(-1), 'agent: I am back.');
    t.same(bench.hangups, []);
  }
});

void t.test('a model is given eight seconds for its first word', async (t) => {
  const bench = new ConversationBench();
  bench.conversation.start();
  bench.stt.utterances.push({ text: 'hello.' });
  bench.llm.replies.push([{ hang: true }]);
  await bench.say(500);
  await bench.until(() => bench.tts.requests.length > 0);
  t.equal(bench.nowMs, 500 + 350 + 8_000);
  t.ok(bench.llm.requests[0]?.signal.aborted);
});

void t.test('what a model said before it broke is kept, and followed by the apology', async (t) => {
  const bench = await answeredWith(['The answer to that is simple. ', { error: down() }]);
  t.equal(bench.transcript.at(-1), `agent: The answer to that is simple. ${PHRASES.apology}`);
  t.equal(bench.turns.length, 1);
});

void t.test('the second failure in a row ends the call politely', async (t) => {
  const bench = await answeredWith([{ error: down() }]);
  await answeredWith([{ error: down() }], bench);
  t.equal(bench.transcript.at(-1), `agent: ${PHRASES.apologyGoodbye}`);
  await bench.run(200);
  t.equal(bench.hangups.length, 1);
  t.equal(bench.hangups[0]?.reason, 'provider_failed');
});

void t.test('a failure that was followed by an answer is forgotten', async (t) => {
  const bench = await answeredWith([{ error: down() }]);
  await answeredWith(['Fine.'], bench);
  await answeredWith([{ error: down() }], bench);
  t.equal(bench.transcript.at(-1), `agent: ${PHRASES.apology}`);
  t.same(bench.hangups, []);
});

void t.test('a clause that cannot be synthesised is replaced by the apology', async (t) => {
  const bench = new ConversationBench();
  bench.tts.failing.add('And this one cannot be spoken.');
  await answeredWith(['This one can be spoken well. ', 'And this one cannot be spoken. ', 'Nor is this one ever said.'], bench);
  t.equal(bench.transcript.at(-1), `agent: This one can be spoken well. ${PHRASES.apology}`);
  t.same(bench.hangups, []);
});

void t.test('with the synthesiser dead the call is ended, with everything recorded', async (t) => {
  const bench = new ConversationBench();
  bench.tts.failing.add('*');
  await answeredWith(['Hello.'], bench);
  t.same(bench.transcript, ['caller: hello.']);
  t.equal(bench.turns[0]?.latency.firstAudioMs, undefined);
  t.equal(bench.turns[0]?.latency.firstTextMs, 350);
  t.same(
    bench.hangups.map(({ reason }) => reason),
    ['provider_failed'],
  );
});

void t.test('a synthesiser that never answers is given up after five seconds, twice', async (t) => {
  const bench = new ConversationBench({ startingMessage: 'Hello.' });
  bench.tts.hang = true;
  bench.conversation.start();
  await bench.until(() => bench.hangups.length > 0);
  t.same(bench.hangups, [{ reason: 'provider_failed', atMs: 10_000 }]);
});

void t.test('a recogniser that fails is apologised for, twice in a row ends the call', async (t) => {
  const bench = new ConversationBench();
  bench.stt.utterances.push({ text: '', error: down() }, { text: '', error: down() });
  bench.conversation.start();
  for (const words of [PHRASES.apology, PHRASES.apologyGoodbye]) {
    const turns = bench.turns.length;
    await bench.say(500);
    await bench.until(() => bench.turns.length > turns);
    t.equal(bench.transcript.at(-1), `agent: ${words}`);
  }
  await bench.run(100);
  t.equal(bench.hangups.length, 1);
});

void t.test('a recogniser that throws while it is fed fails its turn, not the process', async (t) => {
  const bench = new ConversationBench();
  bench.stt.open = () => ({
    write: () => {
      throw new TypeError('broken');
    },
    finish: async () => ({ text: 'never', confidence: 1 }),
  });
  bench.conversation.start();
  await bench.say(500);
  await bench.until(() => bench.turns.length > 0);
  t.same(bench.transcript, [`agent: ${PHRASES.apology}`]);
});

void t.test('a recogniser that fails while the agent speaks only lets it go on', async (t) => {
  const bench = new ConversationBench({
    startingMessage: 'A rather long greeting, which is not to be interrupted by a failure.',
  });
  bench.stt.utterances.push({ text: '', error: down() });
  bench.conversation.start();
  await bench.runTo(500);
  await bench.say(300);
  await bench.until(() => bench.turns.length > 0);
  t.equal(bench.turns.length, 1);
  t.notOk(bench.entries[0]?.interrupted);
});
