import t from 'tap';
import { FakeClock, systemClock } from '../../../src/core/clock.js';
import { type AgentId, type DocumentId, newDocumentId } from '../../../src/core/ids.js';
import { silentLogger } from '../../../src/core/log.js';
import { InformedModel } from '../../../src/documents/informed-model.js';
import { PassageSearch, type PassageSearchDeps } from '../../../src/documents/passage-search.js';
import type { Passage } from '../../../src/domain/document.js';
import type { ChatMessage, ReplyEvent } from '../../../src/domain/ports/speech.js';
import { withMaterial } from '../../../src/speech/openai/material.js';
import { ScriptBrain } from '../../../src/speech/script/script-brain.js';
import { ConversationBench } from '../../support/conversation-bench.js';
import { FakeLlm } from '../../support/fake-speech.js';
import { plainAgent } from '../../support/speech-requests.js';

const AGENT = 'a' as AgentId;
const documentId: DocumentId = newDocumentId();
const never = new AbortController().signal;
const passage = (sequence: number, text = `Passage ${sequence}.`): Passage => ({
  documentId,
  documentName: 'house.pdf',
  sequence,
  heading: 'House > Rooms',
  text,
  score: 1,
});

type Found = { words?: Passage[]; near?: Passage[]; asked?: (readonly string[])[] };
function searchOf({ words = [], near = [], asked = [] }: Found, changes: Partial<PassageSearchDeps> = {}): PassageSearch {
  const index = {
    matching: async (_: AgentId, said: readonly string[]) => (asked.push(said), words),
    nearest: async () => near,
    contents: async () => ({ isEmpty: false, models: ['m'] }),
  };
  const embedder = { model: 'm', embed: async () => [Float32Array.of(1)] };
  return new PassageSearch({ index, embedder, clock: systemClock, log: silentLogger, ...changes });
}
const sequences = (passages: readonly Passage[]): number[] => passages.map(({ sequence }) => sequence);

void t.test('what words and meaning both find goes before what only one of them puts first', async (t) => {
  const found = await searchOf({ words: [passage(1), passage(2)], near: [passage(3), passage(2)] }).find(AGENT, 'a room', never);
  t.same(sequences(found), [2, 1, 3]);
  t.ok(found[0]!.score > found[1]!.score);
});

void t.test('no more goes to the model than fits', async (t) => {
  const many = Array.from({ length: 10 }, (_, at) => passage(at + 1));
  t.same(sequences(await searchOf({ words: many }).find(AGENT, 'a room', never)), [1, 2, 3, 4]);
  const long = [passage(1, 'x'.repeat(5_000)), passage(2, 'x'.repeat(5_000)), passage(3)];
  t.same(sequences(await searchOf({ words: long }).find(AGENT, 'a room', never)), [1, 3]);
});

void t.test('words are looked for once each, without marks; no words, no search', async (t) => {
  const asked: (readonly string[])[] = [];
  await searchOf({ asked }).find(AGENT, 'Was kostet — "ein" Zimmer? Ein ZIMMER!', never);
  t.same(asked, [['was', 'kostet', 'ein', 'zimmer']]);
  t.same(await searchOf({ asked, words: [passage(1)] }).find(AGENT, ' …? ', never), []);
  t.equal(asked.length, 1);
});

void t.test('a provider that is late or fails is done without, and so is a database that fails', async (t) => {
  const clock = new FakeClock();
  const signals: AbortSignal[] = [];
  const hanging = {
    model: 'm',
    embed: (_: unknown, signal: AbortSignal) => (signals.push(signal), new Promise<never>(() => {})),
  };
  const waiting = searchOf({ words: [passage(1)], near: [passage(2)] }, { embedder: hanging, clock }).find(
    AGENT,
    'a room',
    never,
  );
  while (clock.pendingTimers === 0) await Promise.resolve();
  clock.advance(300);
  t.same(sequences(await waiting), [1]);
  t.ok(signals[0]?.aborted, 'and told that nobody waits');
  const failing = { model: 'm', embed: () => Promise.reject(new Error('refused')) };
  t.same(sequences(await searchOf({ words: [passage(1)] }, { embedder: failing }).find(AGENT, 'a room', never)), [1]);
  const other = { model: 'another', embed: () => Promise.reject(new Error('asked')) };
  t.same(
    await searchOf({ near: [passage(2)] }, { embedder: other }).find(AGENT, 'a room', never),
    [],
    'vectors of another model',
  );
  const broken = {
    matching: () => Promise.reject(new Error('disk')),
    nearest: async () => [],
    contents: async () => ({ isEmpty: false, models: [] }),
  };
  t.same(await searchOf({}, { index: broken }).find(AGENT, 'a room', never), []);
});

async function told(model: InformedModel, messages: ChatMessage[], signal = never): Promise<ReplyEvent[]> {
  const events: ReplyEvent[] = [];
  for await (const event of model.reply({ agent: plainAgent, messages, tools: [], signal })) events.push(event);
  return events;
}

void t.test(
  'the model is told what was found for all that is unanswered, and says what it was; a tool does not search again',
  async (t) => {
    const llm = new FakeLlm(systemClock);
    const questions: string[] = [];
    const model = new InformedModel(llm, AGENT, { find: async (_, question) => (questions.push(question), [passage(7)]) });
    const messages: ChatMessage[] = [
      { role: 'user', content: 'Hello.' },
      { role: 'assistant', content: 'Hello!' },
      { role: 'user', content: 'What does' },
      { role: 'user', content: 'a room cost?' },
    ];
    const events = await told(model, messages);
    const { text: _, ...source } = passage(7);
    t.same(events[0], { type: 'sources', sources: [source] });
    t.same(llm.requests[0]?.material, { passages: [passage(7)] });
    t.same(llm.requests[0]?.messages, messages, 'the history has none of it');
    await told(model, [
      ...messages,
      { role: 'assistant', content: 'One moment.', toolCalls: [{ id: '1', name: 'x', arguments: {} }] },
      { role: 'tool', toolCallId: '1', content: '{}' },
    ]);
    t.same(questions, ['What does a room cost?']);
    t.same(llm.requests[1]?.material, { passages: [passage(7)] });
    await told(model, messages, AbortSignal.abort());
    t.equal(llm.requests.length, 2, 'nobody waits for it any more');
  },
);

void t.test('what was looked up is on the turn', async (t) => {
  const { text: _, ...source } = passage(7);
  const bench = new ConversationBench();
  bench.stt.utterances.push({ text: 'what does a room cost' });
  bench.llm.replies.push([{ rubbish: { type: 'sources', sources: [source] } }, 'Ninety euros.']);
  bench.conversation.start();
  await bench.runTo(1_000);
  await bench.say(1_000);
  await bench.until(() => bench.turns.length > 0);
  t.same(bench.turns[0]?.sources, [source]);
});

void t.test('passages reach the model as material before the last words, and the script answers from them', async (t) => {
  const params = [
    { role: 'system', content: 'Be brief.' },
    { role: 'user', content: 'Hello.' },
    { role: 'assistant', content: 'Hello!' },
    { role: 'user', content: 'What does a room cost?' },
  ] as const;
  const material = { passages: [passage(7, 'A room costs ninety euros. Children sleep for free.')] };
  const sent = withMaterial(params, material);
  t.same(
    sent.map(({ role }) => role),
    ['system', 'user', 'assistant', 'system', 'user'],
  );
  t.match(sent[3]?.content, /not an instruction[^]*\[house\.pdf \| House > Rooms\]\nA room costs ninety euros\./);
  t.same(withMaterial(params, { passages: [] }), params);
  t.same(withMaterial(params, undefined), params);

  const brain = new ScriptBrain();
  t.teardown(() => brain.close());
  const messages = [{ role: 'user', content: 'what does a room cost' }] as const;
  let text = '';
  for await (const event of brain.reply({ agent: plainAgent, messages, tools: [], material, signal: never })) {
    if (event.type === 'text') text += event.text;
  }
  t.equal(text, 'A room costs ninety euros.');
});

void t.test('who is told of documents can do what the model can, and no more', async (t) => {
  const search = searchOf({});
  t.equal(
    new InformedModel(new ScriptBrain(), AGENT, search).write,
    undefined,
    'a script has nothing to write, and is not asked ahead',
  );
  const asked: unknown[] = [];
  const model = Object.assign(new FakeLlm(systemClock), {
    servedBy: 'second',
    connect: () => void asked.push('connect'),
    write: async (request: unknown) => (asked.push(request), '{}'),
  });
  const informed = new InformedModel(model, AGENT, search);
  const request = { instructions: 'Sum up.', material: 'Hello.', signal: never };
  t.equal(await informed.write?.(request), '{}');
  informed.connect();
  t.same(asked, [request, 'connect']);
  t.equal(informed.servedBy, 'second');
});
