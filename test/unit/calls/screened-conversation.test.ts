import t, { type Test } from 'tap';
import { screened } from '../../../src/calls/screened-conversation.js';
import type { VoicemailSettings } from '../../../src/domain/agent-behaviour.js';
import type { AnsweredBy } from '../../../src/domain/answered-by.js';
import { Conversation } from '../../../src/pipeline/conversation.js';
import type { ConversationDeps } from '../../../src/pipeline/conversation-deps.js';
import { ConversationBench } from '../../support/conversation-bench.js';

const MESSAGE = 'Please call us back on five five five.';
/** The fake voice takes 50 ms a character, and what the far end's jitter buffer holds is waited for. */
const MESSAGE_MS = MESSAGE.length * 50;

/** A call of ours that has been answered, and what is known of who did. */
async function answered(t: Test, voicemail: VoicemailSettings, deps: Partial<ConversationDeps> = {}) {
  const verdicts: AnsweredBy[] = [];
  const b = new ConversationBench(
    { startingMessage: 'Hello, this is Ann.', voicemail },
    { answeredBy: (answeredBy) => verdicts.push(answeredBy), ...deps },
  );
  const call = screened(b.deps, (it) => new Conversation(it));
  t.teardown(() => call.end());
  call.start();
  await b.run(20);
  return { b, call, verdicts };
}

const LEAVE = { enabled: true, mode: 'message', text: MESSAGE } as const;

void t.test('a machine is left the message after its beep, in the agent’s voice, and the call is over', async (t) => {
  const { b, call, verdicts } = await answered(t, LEAVE);
  b.stt.utterances.push({ text: 'hi this is' }, { text: 'Bob, leave a message after the beep', finalAfterMs: 50 });
  await b.say(6000);
  t.match(verdicts, [{ verdict: 'machine', reason: 'long_greeting', afterMs: 2890 }]);
  b.media.emit({ type: 'tone', tone: 'beep', atMs: b.nowMs });
  const beepMs = b.nowMs;
  await b.until(() => b.hangups.length > 0);
  t.match(b.hangups, [{ reason: 'voicemail_left' }]);
  t.ok((b.hangups[0]?.atMs ?? 0) - beepMs >= 250 + MESSAGE_MS, 'not before all of it was sent');
  await call.end();
  t.match(b.transcript.slice(-2), ['caller: Bob, leave a message after the beep', `agent: ${MESSAGE}`]);
  t.match(b.entries.at(-1), { startMs: beepMs + 250, interrupted: false }, 'counted from the answer');
  t.equal(b.llm.requests.length, 0, 'no model talks to a machine');
});

void t.test('one that does not beep is left the message when it has been silent', async (t) => {
  const { b } = await answered(t, LEAVE);
  await b.say(5000);
  await b.until(() => b.hangups.length > 0);
  t.match(b.hangups, [{ reason: 'voicemail_left' }]);
  t.match(b.tts.requests.at(-1), { text: MESSAGE });
});

void t.test('a beep that comes late has the message begin anew: all of it is recorded', async (t) => {
  const { b, call } = await answered(t, LEAVE);
  await b.say(5000);
  await b.run(2000);
  t.equal(b.tts.requests.at(-1)?.text, MESSAGE, 'it is being said');
  b.media.emit({ type: 'tone', tone: 'beep', atMs: b.nowMs });
  const beepMs = b.nowMs;
  await b.until(() => b.hangups.length > 0);
  t.ok((b.hangups[0]?.atMs ?? 0) - beepMs >= MESSAGE_MS);
  await call.end();
  t.match(b.transcript.at(-1), `agent: ${MESSAGE}`);
});

void t.test('who talks into the message of a machine that only its length had told is talked to again', async (t) => {
  const { b, call, verdicts } = await answered(t, LEAVE);
  b.stt.utterances.push({ text: '' }, { text: 'Smith and Sons, good morning' }, { text: 'who are you' }, { text: 'go on' });
  await b.say(4500);
  await b.run(1600);
  t.equal(b.tts.requests.at(-1)?.text, MESSAGE);
  await b.say(1500);
  t.match(verdicts.at(-1), { verdict: 'human', reason: 'spoke_over_message' });
  await b.until(() => b.tts.requests.at(-1)?.text !== MESSAGE);
  await b.run(2000);
  await b.say(900);
  await b.until(() => b.llm.requests.length > 0);
  t.same(b.hangups, []);
  await call.end();
  t.equal(b.entries.filter(({ text }) => text.includes('this is Ann')).length, 1, 'who they talk to is told once');
});

void t.test('who greets for long and then waits is talked to, not left a message nor hung up on', async (t) => {
  for (const voicemail of [LEAVE, { enabled: true, mode: 'hangup' } as const]) {
    const { b, verdicts } = await answered(t, voicemail);
    b.stt.utterances.push({ text: 'Smith and Sons' }, { text: '' }, { text: 'who are you' });
    await b.say(3300);
    await b.until(() => verdicts.length > 1);
    t.match(verdicts, [{ verdict: 'machine' }, { verdict: 'human', reason: 'short_greeting' }]);
    await b.run(3000);
    t.equal(b.tts.requests.at(-1)?.text, 'Hello, this is Ann.', 'greeted at last');
    await b.say(900);
    await b.until(() => b.llm.requests.length > 0);
    t.notOk(b.tts.requests.some(({ text }) => text === MESSAGE));
    t.same(b.hangups, []);
  }
});

void t.test('a menu that was taken for a machine is talked to', async (t) => {
  const { b, verdicts } = await answered(t, LEAVE);
  b.stt.utterances.push(
    { text: '' },
    { text: '', partials: [{ afterMs: 2000, text: 'for sales press one' }] },
    { text: 'press two' },
  );
  await b.say(6000);
  t.match(verdicts, [{ verdict: 'machine' }, { verdict: 'ivr', reason: 'words' }]);
  await b.say(900);
  await b.until(() => b.llm.requests.length > 0);
  t.same(b.hangups, []);
});

void t.test('how long is listened for a machine is the agent’s to say', async (t) => {
  const { b, verdicts } = await answered(t, { ...LEAVE, detectionTimeoutMs: 1_500 });
  await b.run(2_000);
  t.match(verdicts, [{ verdict: 'silence', reason: 'time_over', afterMs: 1_500 }]);
});

void t.test('a human hears nothing of all that: greeting, answers, and no timer is left', async (t) => {
  const { b, call, verdicts } = await answered(t, LEAVE);
  b.stt.utterances.push({ text: 'hello' }, { text: 'what is it about' });
  await b.say(400);
  await b.until(() => verdicts.length > 0);
  t.match(verdicts, [{ verdict: 'human', reason: 'short_greeting' }]);
  await b.run(3000);
  await b.say(800);
  await b.until(() => b.llm.requests.length > 0);
  await call.end();
  await b.run(2000);
  t.match(b.transcript, ['caller: hello', /^agent: Hello,/, 'caller: what is it about']);
  t.equal(b.clock.pendingTimers, 0);
});

void t.test('a machine that nothing is to be said to, and a fax, are hung up on', async (t) => {
  for (const voicemail of [
    { enabled: true, mode: 'hangup' },
    { enabled: true, text: MESSAGE, mode: 'hangup' },
    { enabled: true },
  ] as const) {
    const { b } = await answered(t, voicemail);
    await b.say(6000);
    await b.until(() => b.hangups.length > 0);
    t.match(b.hangups, [{ reason: 'voicemail' }]);
  }
  for (const sign of ['beep', 'words'] as const) {
    const { b } = await answered(t, { enabled: true, mode: 'hangup' });
    b.stt.utterances.push({ text: '' }, { text: '', partials: [{ afterMs: 300, text: 'please leave a message' }] });
    await b.say(3300);
    if (sign === 'beep') b.media.emit({ type: 'tone', tone: 'beep', atMs: b.nowMs });
    t.match(b.hangups, [{ reason: 'voicemail' }], `at once after its ${sign}`);
  }
  const { b, verdicts } = await answered(t, LEAVE);
  b.media.emit({ type: 'tone', tone: 'fax', atMs: b.nowMs });
  t.match(b.hangups, [{ reason: 'fax' }]);
  t.match(verdicts, [{ verdict: 'fax', reason: 'fax_tone' }]);
});

void t.test('who was heard to be a machine before the answer is not greeted', async (t) => {
  const { b, verdicts } = await answered(t, LEAVE, { machineHeard: true });
  t.match(verdicts, [{ verdict: 'machine', reason: 'early_words', afterMs: 0 }]);
  await b.until(() => b.hangups.length > 0);
  t.same(b.tts.requests.map(({ text }) => text).join(' '), MESSAGE);
});

void t.test('nobody looks for machines on calls that come in, or where the agent does not want it', async (t) => {
  for (const [voicemail, deps] of [
    [LEAVE, { answeredBy: undefined }],
    [{ ...LEAVE, enabled: false }, {}],
  ] as const) {
    const { b, verdicts } = await answered(t, voicemail, deps);
    await b.say(5000);
    t.same([verdicts, b.hangups], [[], []]);
  }
});

void t.test('a call that ends before it was clear says so, and the message that was under way how far it got', async (t) => {
  const early = await answered(t, LEAVE);
  await early.call.end();
  t.match(early.verdicts, [{ verdict: 'unknown', reason: 'call_over' }]);
  const late = await answered(t, LEAVE);
  await late.b.say(5000);
  await late.b.run(2000);
  await late.call.end();
  t.match(late.b.entries.at(-1), { text: MESSAGE, interrupted: true });
  t.equal(late.verdicts.length, 1);
});
