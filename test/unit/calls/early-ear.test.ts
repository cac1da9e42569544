import t, { type Test } from 'tap';
import { EarlyEar } from '../../../src/calls/early-ear.js';
import { ConversationBench } from '../../support/conversation-bench.js';

function listening(t: Test) {
  const b = new ConversationBench();
  const heard: number[] = [];
  const ear = new EarlyEar({ ...b.deps, session: b.media }, () => heard.push(b.nowMs));
  t.teardown(() => ear.close());
  return { b, heard, ear };
}

void t.test('words of a machine before the answer are told once, as soon as they are understood', async (t) => {
  const { b, heard } = listening(t);
  b.stt.utterances.push({ text: '', partials: [{ afterMs: 1500, text: 'please leave a message' }] });
  await b.say(3000);
  t.same(heard, [1590]);
  await b.say(3000);
  t.equal(heard.length, 1);
  t.equal(b.clock.pendingTimers, 0);
});

void t.test('a recogniser that only knows whole utterances is enough; what others say is not told', async (t) => {
  const { b, heard } = listening(t);
  b.stt.utterances.push({ text: 'please wait while we connect you' }, { text: 'the person you are calling is not available' });
  await b.say(2000);
  await b.run(1500);
  t.same(heard, []);
  await b.say(2000);
  await b.until(() => heard.length > 0);
  t.equal(b.stt.streams.length, 2, 'one for each');
});

void t.test('a network that repeats itself is not listened to for ever, and nobody after the answer', async (t) => {
  const { b, heard, ear } = listening(t);
  for (let i = 0; i < 9; i += 1) {
    await b.say(500);
    await b.run(1500);
  }
  t.equal(b.stt.streams.length, 6);
  ear.close();
  t.same(heard, []);
  t.equal(b.clock.pendingTimers, 0);
  const late = listening(t);
  late.b.stt.utterances.push({ text: 'leave a message', finalAfterMs: 100 });
  await late.b.say(500);
  await late.b.run(750);
  late.ear.close();
  await late.b.run(1000);
  t.same(late.heard, []);
});
