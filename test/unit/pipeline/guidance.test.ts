import t from 'tap';
import { type GuidanceChange, UNGUIDED } from '../../../src/domain/agent-guidance.js';
import { ConversationBench } from '../../support/conversation-bench.js';

const GREETING = 'Hello, and welcome to this rather long greeting of ours.';
const text = (words: string, by?: 'operator') => ({ type: 'text', text: words, endCall: false, by }) as const;
const guide = (bench: ConversationBench, change: GuidanceChange): void => bench.conversation.guide({ ...UNGUIDED, ...change });
const suggestions = (bench: ConversationBench): string[] =>
  bench.live.flatMap((event) => (event.type === 'suggestion' ? [event.text] : []));

void t.test('a muted agent stops at once, hears on, and says nothing of what it would have said', async (t) => {
  const bench = new ConversationBench({ startingMessage: GREETING });
  bench.conversation.start();
  await bench.runTo(1000);
  guide(bench, { muted: true });
  t.equal(bench.media.playout.queued(), 0, 'nothing more will be sent');
  t.same(bench.transcript, ['agent: Hello, and welcome to --']);
  bench.stt.utterances.push({ text: 'are you there' });
  await bench.say(600);
  // Longer than the silence that ends a call.
  await bench.run(40_000);
  t.same(bench.transcript.slice(1), ['caller: are you there']);
  t.equal(bench.llm.requests.length, 0, 'nor thinks of an answer');
  t.same(bench.hangups, [], "nor hangs up on a silence that is not the caller's");
  guide(bench, { muted: false });
  bench.stt.utterances.push({ text: 'hello again' });
  await bench.say(600);
  await bench.until(() => bench.llm.requests.length === 1);
  t.match(
    bench.llm.requests[0]?.messages.filter(({ role }) => role === 'user'),
    [{ content: 'are you there' }, { content: 'hello again' }],
    'it knows what was said meanwhile',
  );
});

void t.test('muting while the agent thinks leaves no trace of its answer; unmuting does not bring it back', async (t) => {
  const bench = new ConversationBench();
  bench.conversation.start();
  bench.stt.utterances.push({ text: 'what time is it' });
  bench.llm.replies.push([{ delayMs: 2000 }, 'Noon.']);
  await bench.say(800);
  await bench.until(() => bench.llm.requests.length === 1);
  guide(bench, { muted: true });
  await bench.run(3000);
  guide(bench, { muted: false });
  await bench.run(2000);
  t.same(bench.transcript, ['caller: what time is it']);
});

void t.test('an operator who has taken over speaks in its voice, and it goes on with all that was said', async (t) => {
  const bench = new ConversationBench();
  bench.conversation.start();
  guide(bench, { mode: 'operator' });
  bench.stt.utterances.push({ text: 'I want my money back' });
  await bench.say(600);
  await bench.until(() => bench.entries.length === 1);
  bench.conversation.interject(text('You will have it tomorrow.', 'operator'), false);
  await bench.until(() => bench.turns.length === 1);
  bench.conversation.operatorSaid('In cash, if you like.', bench.nowMs - 500, bench.nowMs);
  bench.stt.utterances.push({ text: 'thank you' });
  await bench.say(600);
  await bench.until(() => bench.entries.length === 4);
  await bench.run(1000);
  t.same(bench.transcript, [
    'caller: I want my money back',
    'operator: You will have it tomorrow.',
    'operator: In cash, if you like.',
    'caller: thank you',
  ]);
  t.equal(bench.llm.requests.length, 0);
  guide(bench, { mode: 'regular' });
  await bench.until(() => bench.entries.length === 5);
  t.match(bench.llm.requests[0]?.messages, [
    { role: 'user', content: 'I want my money back' },
    { role: 'assistant', content: 'You will have it tomorrow.' },
    { role: 'assistant', content: 'In cash, if you like.' },
    { role: 'user', content: 'thank you' },
  ]);
  t.equal(bench.entries.at(-1)?.speaker, 'agent', "the caller's last words are answered");
});

void t.test('given back when the caller has been answered, the agent waits for them', async (t) => {
  const bench = new ConversationBench();
  bench.conversation.start();
  guide(bench, { mode: 'operator' });
  bench.conversation.interject(text('I am done.', 'operator'), false);
  await bench.until(() => bench.turns.length === 1);
  guide(bench, { mode: 'regular' });
  await bench.run(3000);
  t.same(bench.transcript, ['operator: I am done.']);
});

void t.test('in copilot the agent suggests, without tools, and says nothing', async (t) => {
  const bench = new ConversationBench();
  bench.conversation.start();
  guide(bench, { mode: 'copilot' });
  bench.stt.utterances.push({ text: 'what time is it' });
  bench.llm.replies.push(['It is ', 'noon.', { tool: 'book' }]);
  await bench.say(800);
  await bench.until(() => suggestions(bench).length === 1);
  t.same(suggestions(bench), ['It is noon.']);
  t.same(bench.llm.requests[0]?.tools, []);
  await bench.run(2000);
  t.same(bench.transcript, ['caller: what time is it']);
  bench.conversation.interject(text('It is noon.', 'operator'), false);
  await bench.until(() => bench.turns.length === 1);
  t.same(bench.transcript, ['caller: what time is it', 'operator: It is noon.']);
});

void t.test('a suggestion that the caller speaks over is made anew', async (t) => {
  const bench = new ConversationBench();
  bench.conversation.start();
  guide(bench, { mode: 'copilot' });
  bench.stt.utterances.push({ text: 'what time is it' }, { text: 'in Rome' });
  bench.llm.replies.push([{ delayMs: 3000 }, 'Noon.'], ['One.']);
  await bench.say(800);
  await bench.until(() => bench.llm.requests.length === 1);
  await bench.say(600);
  await bench.until(() => suggestions(bench).length === 1);
  await bench.run(4000);
  t.same(suggestions(bench), ['One.']);
});

void t.test('what the agent was about to answer when a copilot came is suggested', async (t) => {
  const bench = new ConversationBench();
  bench.conversation.start();
  bench.stt.utterances.push({ text: 'what time is it' });
  bench.llm.replies.push([{ delayMs: 2000 }, 'Noon.'], ['Twelve.']);
  await bench.say(800);
  await bench.until(() => bench.llm.requests.length === 1);
  guide(bench, { mode: 'copilot' });
  await bench.until(() => suggestions(bench).length === 1);
  t.same(suggestions(bench), ['Twelve.']);
});

void t.test('instructions stand in the prompt from the next turn on, and can be taken back; a script takes none', async (t) => {
  const bench = new ConversationBench({ persona: { instructions: 'Be kind.' } });
  bench.llm.model = 'some-model';
  bench.conversation.start();
  const ask = async (words: string): Promise<string | undefined> => {
    const asked = bench.llm.requests.length;
    bench.stt.utterances.push({ text: words });
    await bench.say(600);
    await bench.until(() => bench.llm.requests.length > asked);
    await bench.until(() => bench.conversation.state === 'listening');
    return bench.llm.requests[asked]?.agent.persona?.instructions;
  };
  t.equal(await ask('first question please'), 'Be kind.');
  guide(bench, { instructions: 'Offer a refund.' });
  t.equal(await ask('second question please'), 'Be kind.\nOffer a refund.');
  guide(bench, { instructions: 'Say no.' });
  t.equal(await ask('third question please'), 'Be kind.\nSay no.');
  guide(bench, {});
  t.equal(await ask('fourth question please'), 'Be kind.');

  const script = new ConversationBench();
  script.conversation.start();
  t.throws(() => guide(script, { instructions: 'Offer a refund.' }), { code: 'conflict', publicMessage: /script/ });
});

void t.test('nobody is led before the start, during a goodbye and after the end', async (t) => {
  const bench = new ConversationBench({ dtmfRules: { '#': { say: 'So long.', endCall: true } } });
  const refused = { code: 'conflict' };
  t.throws(() => guide(bench, { muted: true }), refused);
  bench.conversation.start();
  bench.media.emit({ type: 'digit', digit: '#', durationMs: 100, atMs: bench.nowMs });
  t.throws(() => guide(bench, { muted: true }), refused);
  await bench.until(() => bench.hangups.length === 1);
  await bench.conversation.end();
  t.throws(() => guide(bench, { muted: true }), refused);
});
