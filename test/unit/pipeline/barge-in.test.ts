import t from 'tap';
import { ConversationBench } from '../../support/conversation-bench.js';

const STORY = 'Once upon a time there was a very small server in a very large house with many rooms and nobody to talk to';

/** An agent that has been telling its story for two seconds. */
async function storytelling(): Promise<ConversationBench> {
  const bench = new ConversationBench({ startingMessage: STORY });
  bench.conversation.start();
  await bench.runTo(2_000);
  return bench;
}

const steps = (bench: ConversationBench): string[] =>
  bench.media.playout.actions.map(({ atMs, action, value }) => `${atMs} ${action}${action === 'gain' ? ` ${value}` : ''}`);

void t.test('the agent ducks on suspicion and pauses on confirmation, each at once', async (t) => {
  const bench = await storytelling();
  bench.stt.utterances.push({ text: 'wait a moment' });
  await bench.say(400);
  t.same(steps(bench).slice(0, 2), ['2090 gain -12', '2180 pause']);
  await bench.conversation.end();
});

void t.test(
  'a word that is no listening noise cuts the agent, with what was heard in transcript, history and turn',
  async (t) => {
    const bench = await storytelling();
    bench.stt.utterances.push({ text: 'wait who are you', partials: [{ afterMs: 160, text: 'wait' }] });
    await bench.say(1_000);
    await bench.until(() => bench.llm.requests.length > 0);
    t.same(
      steps(bench),
      ['2090 gain -12', '2180 pause', '2500 flush', '2500 gain 0', '2500 resume'],
      'cut once the partial has stood for 250 ms',
    );
    const [said] = bench.entries;
    t.equal(said?.text, STORY);
    t.ok(said?.interrupted);
    // Sent until the pause at 2180: 43.6 characters of 50 ms, more than half of the last word.
    t.equal(said?.heardText, 'Once upon a time there was a very small server');
    t.equal(said?.endMs, 2_500);
    t.same(bench.llm.requests[0]?.messages, [
      { role: 'assistant', content: 'Once upon a time there was a very small server' },
      { role: 'user', content: 'wait who are you' },
    ]);
    t.ok(bench.turns[0]?.interrupted);
    t.equal(bench.turns[0]?.bargeInMs, 60, 'first speech packet arrived at 2020, last full packet left at 2080');
    t.ok(bench.tts.requests[0]?.signal.aborted, 'the synthesiser was told to stop');
  },
);

void t.test('a guess that the recogniser takes back does not cut, one that it adds to cuts at once', async (t) => {
  const bench = await storytelling();
  const guesses = [
    { afterMs: 100, text: 'can' },
    { afterMs: 340, text: 'okay' },
    { afterMs: 500, text: 'okay but' },
    { afterMs: 600, text: 'okay but why' },
  ];
  bench.stt.utterances.push({ text: 'okay but why', partials: guesses });
  await bench.runTo(2_090);
  bench.voice.tell('onset', 90);
  await bench.runTo(2_180);
  bench.voice.tell('confirmed', 180);
  await bench.until(() => bench.entries.length > 0);
  t.equal(bench.nowMs, 2_690);
  await bench.conversation.end();
});

void t.test('nothing of the cut sentence is sent after the cut', async (t) => {
  const bench = await storytelling();
  bench.stt.utterances.push({ text: 'stop', partials: [{ afterMs: 100, text: 'stop' }] });
  await bench.runTo(2_090);
  bench.voice.tell('onset', 90);
  await bench.runTo(2_440);
  t.equal(bench.conversation.state, 'caller_speaking');
  const position = bench.media.playout.position();
  await bench.run(500);
  t.equal(bench.media.playout.position(), position);
  t.equal(bench.media.playout.queued(), 0);
  t.equal(bench.media.playout.gainDb, 0, 'the next sentence is at full level');
  t.notOk(bench.media.playout.paused);
});

void t.test('long speech cuts even when no word is understood', async (t) => {
  const bench = await storytelling();
  await bench.runTo(2_090);
  bench.voice.tell('onset', 90);
  await bench.runTo(2_180);
  bench.voice.tell('confirmed', 180);
  await bench.runTo(2_811);
  t.equal(bench.conversation.state, 'agent_speaking', 'up to 600 ms of speech and the detector’s delay');
  await bench.runTo(2_812);
  t.equal(bench.conversation.state, 'caller_speaking');
  t.ok(bench.entries[0]?.interrupted);
});

void t.test('speech whose end shows that it was long cuts as soon as its words do not say otherwise', async (t) => {
  const bench = await storytelling();
  await bench.say(600);
  await bench.until(() => bench.entries.length > 0);
  t.equal(bench.nowMs, 2_800, '200 ms after the last speech packet');
  t.ok(bench.entries[0]?.interrupted);

  const listening = await storytelling();
  listening.stt.utterances.push({ text: 'okay all right', partials: [{ afterMs: 300, text: 'okay' }] });
  await listening.say(900);
  await listening.until(() => listening.turns.length > 0);
  t.notOk(listening.turns[0]?.interrupted);
  t.equal(listening.media.playout.actions.find(({ action }) => action === 'resume')?.atMs, 3_100);

  const talking = await storytelling();
  talking.stt.utterances.push({ text: 'okay all right', partials: [{ afterMs: 300, text: 'okay' }] });
  await talking.runTo(2_090);
  talking.voice.tell('onset', 90);
  await talking.runTo(2_180);
  talking.voice.tell('confirmed', 180);
  await talking.until(() => talking.entries.length > 0);
  t.equal(talking.nowMs, 2_020 + 1_200 + 192, 'who says "okay" for so long says more than that');
});

void t.test('a listening noise pauses the agent, which goes on at the very sample, and is no turn', async (t) => {
  const bench = await storytelling();
  bench.stt.utterances.push({ text: 'uh huh', finalAfterMs: 100 });
  await bench.say(300);
  const paused = bench.media.playout.actions.find(({ action }) => action === 'pause');
  await bench.until(() => bench.turns.length > 0);
  const resumed = bench.media.playout.actions.find(({ action }) => action === 'resume');
  t.equal(paused?.atMs, 2_180);
  t.equal(resumed?.atMs, 2_600, 'as soon as the recogniser is sure: 200 ms after the last speech packet at 2300, and its 100 ms');
  t.equal(resumed?.value, paused?.value);
  t.same(bench.transcript, ['caller: uh huh', `agent: ${STORY}`]);
  t.equal(bench.llm.requests.length, 0);
  t.notOk(bench.turns[0]?.interrupted);
});

void t.test('without a word from the recogniser the agent goes on 700 ms after the noise', async (t) => {
  const bench = await storytelling();
  bench.stt.utterances.push({ text: '', finalAfterMs: 5_000 });
  await bench.say(250);
  await bench.until(() => !bench.media.playout.paused);
  t.equal(bench.nowMs, 2_430 + 700, 'the end was told at 2430');
  await bench.until(() => bench.turns.length > 0);
  t.same(bench.transcript, [`agent: ${STORY}`]);
});

void t.test('the agent is never paused for more than 1.2 s of silence', async (t) => {
  const bench = await storytelling();
  bench.stt.utterances.push({ text: '', finalAfterMs: 5_000 });
  await bench.say(550);
  await bench.until(() => !bench.media.playout.paused);
  t.equal(bench.nowMs, 2_180 + 1_200);
});

void t.test('a suspicion that is not confirmed only ducks', async (t) => {
  const bench = await storytelling();
  await bench.say(100);
  await bench.until(() => bench.turns.length > 0);
  t.same(steps(bench), ['2090 gain -12', '2280 gain 0']);
  t.same(bench.transcript, [`agent: ${STORY}`]);
});

void t.test('a short "no" that the detector never confirmed still cuts, once it is understood', async (t) => {
  const bench = await storytelling();
  bench.stt.utterances.push({ text: 'no', finalAfterMs: 80 });
  await bench.say(120);
  await bench.until(() => bench.entries.length > 0);
  t.equal(bench.nowMs, 2_400, '200 ms after the last speech packet at 2120, and the recogniser’s 80 ms');
  t.ok(bench.entries[0]?.interrupted);
  await bench.until(() => bench.llm.requests.length > 0);
  t.equal(bench.llm.requests[0]?.messages.at(-1)?.content, 'no');
});

void t.test('the recogniser gets the half second before the onset', async (t) => {
  const bench = await storytelling();
  await bench.say(300);
  await bench.run(200);
  const stream = bench.stt.streams[0];
  t.equal(stream?.openedMs, 2_090);
  t.equal(stream?.finishedMs, 2_500);
  t.equal(stream?.samples, ((2_500 - 1_500) / 1_000) * 16_000, 'from 500 ms before 2000 to now');
});

void t.test('"yeah" into the agent’s last words is an answer', async (t) => {
  const bench = new ConversationBench({ startingMessage: 'Shall I book it for you?' });
  bench.stt.utterances.push({ text: 'yeah' });
  bench.conversation.start();
  await bench.runTo(1_000);
  await bench.say(250);
  await bench.until(() => bench.llm.requests.length > 0);
  t.same(bench.llm.requests[0]?.messages, [
    { role: 'assistant', content: 'Shall I book it for you?' },
    { role: 'user', content: 'yeah' },
  ]);
  t.notOk(bench.entries.some((entry) => entry.interrupted));
});

void t.test('a caller who begins in the agent’s last moment keeps the floor', async (t) => {
  const bench = new ConversationBench({ startingMessage: 'Hello you.' });
  bench.stt.utterances.push({ text: 'hello can you help me' });
  bench.conversation.start();
  await bench.runTo(420);
  await bench.say(1_000);
  await bench.until(() => bench.llm.requests.length > 0);
  t.same(bench.transcript, ['agent: Hello you.', 'caller: hello can you help me']);
  t.equal(bench.media.playout.gainDb, 0);
});

void t.test('the goodbye cannot be interrupted, and is heard to its end before the call is hung up', async (t) => {
  const bench = new ConversationBench();
  bench.stt.utterances.push({ text: 'goodbye' });
  bench.llm.replies.push(['Goodbye, and thank you for calling.', { endCall: true }]);
  bench.conversation.start();
  await bench.runTo(1_000);
  await bench.say(500);
  await bench.until(() => bench.conversation.state === 'agent_speaking');
  await bench.run(100);
  await bench.say(900);
  t.same(steps(bench), [], 'not even ducked');
  await bench.until(() => bench.turns.length > 0);
  const finishedMs = bench.nowMs;
  t.equal(bench.media.playout.queued(), 0);
  t.equal(bench.hangups.length, 0);
  await bench.run(1_000);
  t.same(bench.hangups, [{ reason: 'goodbye', atMs: finishedMs + 100 }]);
  t.equal(bench.transcript.at(-1), 'agent: Goodbye, and thank you for calling.');
});
