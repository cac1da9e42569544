import t, { type Test } from 'tap';
import { newDocumentId } from '../../../src/core/ids.js';
import type { ChatMessage, RecognitionOptions, ReplyEvent, ReplyRequest, SpokenItem } from '../../../src/domain/ports/speech.js';
import type { Metered } from '../../../src/domain/provider-usage.js';
import { OpenAiRealtimeModel } from '../../../src/speech/openai/realtime/openai-realtime-model.js';
import { testAgent } from '../../support/conversation-bench.js';
import {
  type RealtimeModelOptions,
  RealtimeModelServer,
  type RealtimeModelSession,
  TONE_HZ,
} from '../../support/realtime-model-server.js';
import { toneShare } from '../../support/signal.js';
import { until } from '../../support/until.js';

const TOOLS = [{ name: 'look_up', description: 'Looks it up.', parameters: { type: 'object', properties: {} } }];

async function start(t: Test, options: RealtimeModelOptions) {
  const server = await RealtimeModelServer.start(options);
  t.teardown(() => server.close());
  const service = { baseUrl: server.url, apiKey: 'sk-test', model: 'gpt-realtime', timeoutMs: 20_000 };
  const model = new OpenAiRealtimeModel({ ...service, provider: 'openai/realtime', voice: 'alloy', transcription: 'whisper-1' });
  const session = model.open({ ...testAgent, language: 'de-DE', voiceSettings: { voice: 'marin', speed: 1.2 } });
  t.teardown(() => session.close());
  return { server, session, remote: (): RealtimeModelSession => server.sessions.at(-1)! };
}

function tone(ms: number): Int16Array {
  return Int16Array.from({ length: ms * 16 }, (_, i) => Math.round(8_000 * Math.sin((2 * Math.PI * 440 * i) / 16_000)));
}

const listening = (changes: Partial<RecognitionOptions> = {}): RecognitionOptions => ({
  language: 'de-DE',
  vocabulary: { sentences: [] },
  band: 'narrow',
  signal: new AbortController().signal,
  ...changes,
});

const asked = (messages: ChatMessage[], changes: Partial<ReplyRequest> = {}): ReplyRequest => ({
  agent: testAgent,
  messages,
  tools: TOOLS,
  signal: new AbortController().signal,
  ...changes,
});

type Said = { words: string; samples: number[]; items: SpokenItem[]; calls: string[] };

async function take(events: AsyncIterable<ReplyEvent>, onEvent?: (event: ReplyEvent) => void): Promise<Said> {
  const said: Said = { words: '', samples: [], items: [], calls: [] };
  for await (const event of events) {
    if (event.type === 'spoken') {
      said.words += event.piece.text ?? '';
      if (event.piece.audio) said.samples.push(...event.piece.audio.pcm);
      if (!said.items.includes(event.piece.item)) said.items.push(event.piece.item);
    } else if (event.type === 'tool') said.calls.push(event.call.id);
    onEvent?.(event);
  }
  return said;
}

void t.test('what was looked up, and what is known of the caller, is told for one answer and stays nowhere', async (t) => {
  const { session, remote } = await start(t, { answer: () => [{ say: 'Yes.' }] });
  const passage = {
    documentId: newDocumentId(),
    documentName: 'hours.md',
    sequence: 1,
    heading: '',
    text: 'Open on Sundays.',
    score: 1,
  };
  const question: ChatMessage = { role: 'user', content: 'Are you open on Sundays?' };
  await take(session.llm.reply(asked([question], { material: { passages: [passage], known: 'Her name is Ann.' } })));
  await take(session.llm.reply(asked([question])));
  const told = remote().received.flatMap(({ response }) => response?.instructions ?? []);
  t.match(told[0], /Her name is Ann\.[^]*\[hours\.md\]\nOpen on Sundays\./);
  t.notMatch(told[1], /Ann|hours\.md/);
  t.notMatch(remote().memory.join('\n'), /Ann|Open on/);
});

void t.test('what the caller says is heard there, what comes back is its voice with its words', async (t) => {
  const { server, session, remote } = await start(t, {
    heard: () => 'Guten Tag.',
    answer: () => [{ say: 'Hallo, wie geht es?' }],
  });
  const partials: string[] = [];
  const utterance = session.stt.open(listening({ onPartial: (text) => void partials.push(text) }));
  const spoken = tone(1000);
  for (let at = 0; at < spoken.length; at += 480) utterance.write(spoken.subarray(at, at + 480));
  const understood = await utterance.finish();
  t.equal(understood.text, 'Guten Tag.');
  t.equal(understood.heardAs, remote().items[0]?.id);
  t.same(partials, ['Guten Tag.']);
  t.ok(toneShare(Int16Array.from(remote().heardPcm), 440, 24_000) > 0.99, 'the very audio');
  t.ok(Math.abs(remote().heardPcm.length - 24_000) <= 2, `${remote().heardPcm.length} samples at 24 kHz`);

  const used: Metered[] = [];
  const heardAs = [understood.heardAs ?? ''];
  const said = await take(
    session.llm.reply(
      asked([{ role: 'user', content: 'Guten Tag.', heardAs }], { onUsage: (metered) => void used.push(metered) }),
    ),
  );
  t.equal(said.words, 'Hallo, wie geht es?');
  t.equal(said.samples.length, said.words.length * 50 * 24);
  t.ok(toneShare(Int16Array.from(said.samples), TONE_HZ, 24_000) > 0.99);
  await until(() => used.length > 0);
  t.same(used, [{ inputTokens: 100, outputTokens: 10, inputAudioTokens: 20, outputAudioTokens: 50 }]);

  t.same(server.paths, ['/v1/realtime?model=gpt-realtime'], 'over one connection');
  t.equal(remote().authorization, 'Bearer sk-test');
  t.match(remote().config, {
    type: 'realtime',
    output_modalities: ['audio'],
    instructions: /You are a test\.[^]*Speak the language de-DE/,
    audio: {
      input: {
        format: { type: 'audio/pcm', rate: 24_000 },
        transcription: { model: 'whisper-1', language: 'de' },
        turn_detection: null,
      },
      output: { format: { type: 'audio/pcm', rate: 24_000 }, voice: 'marin', speed: 1.2 },
    },
  });
  t.match(remote().received.at(-1)?.response, { instructions: /You are a test/, tools: [{ name: 'look_up' }] });
  t.same(remote().memory, ['user: Guten Tag.', `assistant: ${said.words} (950 ms)`]);
  t.same(remote().errors, []);
});

void t.test('the model remembers what was really heard, by whomever it was said', async (t) => {
  const { session, remote } = await start(t, { heard: () => 'Well.', answer: () => [{ say: 'A long answer to it.' }] });
  const first: ChatMessage = { role: 'assistant', content: 'Welcome.' };
  const question: ChatMessage = { role: 'user', content: '[digits 12]' };
  const cut = await take(session.llm.reply(asked([first, question])));
  cut.items[0]?.cutOff(420.7);
  const heard: ChatMessage = { role: 'assistant', content: 'A long', spokenAs: cut.items.map(({ id }) => id) };
  const next: ChatMessage = { role: 'user', content: 'Stop.' };
  await until(() => remote().memory.at(-1) === 'assistant:  (420 ms)');

  const unheard = await take(session.llm.reply(asked([first, question, heard, next])));
  t.same(remote().memory, [
    'assistant: Welcome.',
    'user: [digits 12]',
    'assistant:  (420 ms)',
    'user: Stop.',
    `assistant: ${unheard.words} (1000 ms)`,
  ]);

  const said: ChatMessage = { role: 'assistant', content: 'I am sorry.' };
  await take(session.llm.reply(asked([first, question, heard, next, said, { role: 'user', content: 'Again?' }])));
  t.same(
    remote().memory.slice(3, -1),
    ['user: Stop.', 'assistant: I am sorry.', 'user: Again?'],
    'what nobody heard is taken out, what another voice said is put in',
  );

  const noise = session.stt.open(listening());
  noise.write(tone(300));
  await noise.finish();
  await take(session.llm.reply(asked([first, question, heard, next])));
  t.same(remote().memory.slice(0, 4), ['assistant: Welcome.', 'user: [digits 12]', 'assistant:  (420 ms)', 'user: Stop.']);
  t.equal(remote().memory.length, 5, 'what was heard but said nothing is taken out too');
  t.same(remote().errors, []);
});

void t.test('a tool is called, what it came to is told, and none that was not offered is called', async (t) => {
  const { session, remote } = await start(t, {
    answer: ({ answers }) =>
      answers === 1
        ? [{ say: 'One moment.' }, { tool: 'look_up', arguments: { what: 'x' } }, { tool: 'unheard_of' }]
        : [{ say: 'Found.' }],
  });
  const question: ChatMessage = { role: 'user', content: 'Look it up.' };
  const tools: ReplyEvent[] = [];
  const first = await take(session.llm.reply(asked([question])), (event) => void (event.type === 'tool' && tools.push(event)));
  t.match(tools, [{ call: { name: 'look_up', arguments: { what: 'x' } } }]);
  const [callId = ''] = first.calls;
  const toolCalls = [{ id: callId, name: 'look_up', arguments: { what: 'x' } }];
  const result: ChatMessage = { role: 'tool', toolCallId: callId, content: '{"found":true}' };
  const announced = { role: 'assistant', content: 'One moment.', toolCalls, spokenAs: [first.items[0]?.id ?? ''] } as const;
  await take(session.llm.reply(asked([question, announced, result])));
  t.same(remote().memory, [
    'user: Look it up.',
    'assistant: One moment. (550 ms)',
    'function_call: look_up',
    'function_call_output: {"found":true}',
    'assistant: Found. (300 ms)',
  ]);
  t.same(remote().errors, []);
});

void t.test('a call of a tool that another model made is told too', async (t) => {
  const { session, remote } = await start(t, { answer: () => [{ say: 'Yes.' }] });
  const toolCalls = [{ id: 'call_elsewhere', name: 'look_up', arguments: {} }];
  const messages: ChatMessage[] = [
    { role: 'user', content: 'Is it there?' },
    { role: 'assistant', content: '', toolCalls },
    { role: 'tool', toolCallId: 'call_elsewhere', content: '{}' },
  ];
  await take(session.llm.reply(asked(messages)));
  t.same(remote().memory.slice(0, 3), ['user: Is it there?', 'function_call: ', 'function_call_output: {}']);
  t.same(remote().errors, []);
});

void t.test('whoever is asked again while it answers stops first; an answer that nobody wants is broken off', async (t) => {
  const { session, remote } = await start(t, {
    answer: ({ answers }) => (answers === 1 ? [{ say: 'I go on' }, { hang: true }] : [{ say: 'Then this.' }]),
  });
  const unwanted = new AbortController();
  const question: ChatMessage = { role: 'user', content: 'Hm?' };
  await take(session.llm.reply(asked([question], { signal: unwanted.signal })), (event) => {
    if (event.type === 'spoken' && event.piece.done) unwanted.abort();
  });
  const { words } = await take(session.llm.reply(asked([question])));
  t.equal(words, 'Then this.');
  t.same(
    remote()
      .received.filter(({ type }) => type.startsWith('response.'))
      .map(({ type }) => type),
    ['response.create', 'response.cancel', 'response.create'],
  );
  t.same(remote().errors, []);
});

const FAULTS: readonly [what: string, options: RealtimeModelOptions, reason: string][] = [
  ['is refused', { answer: () => [], refuseWith: () => 401 }, 'refused'],
  ['breaks off', { answer: () => [{ say: 'I am' }, { hangUp: true }] }, 'interrupted'],
  ['sends rubbish', { answer: () => [{ send: '{"type"' }] }, 'malformed'],
  ['sends no object', { answer: () => [{ send: '[1]' }] }, 'malformed'],
  ['sends audio that is none', { answer: () => [{ send: { type: 'response.output_audio.delta', item_id: 1 } }] }, 'malformed'],
  ['says nothing', { answer: () => [] }, 'empty'],
  [
    'says that it failed',
    { answer: () => [{ send: { type: 'response.done', response: { status: 'failed' } } }, { hang: true }] },
    'refused',
  ],
];
for (const [what, options, reason] of FAULTS) {
  void t.test(`a session that ${what} is a failure of its provider`, async (t) => {
    const { session } = await start(t, options);
    const failure = await take(session.llm.reply(asked([{ role: 'user', content: 'Hello?' }]))).catch((error: unknown) => error);
    t.match(failure, { code: 'provider_failed', cause: { provider: 'openai/realtime', reason } });
  });
}

void t.test('an answer that the server will not begin is refused', async (t) => {
  const { session, remote } = await start(t, { answer: () => [{ hang: true }] });
  const answer = take(session.llm.reply(asked([{ role: 'user', content: 'Hello?' }])));
  await until(() => remote()?.answers === 1);
  const { event_id } = remote().received.at(-1) ?? {};
  remote().send({ type: 'error', error: { message: 'another', event_id: 'none_of_ours' } });
  remote().send({ type: 'error', error: { message: 'no', event_id } });
  await t.rejects(answer, { code: 'provider_failed', cause: { reason: 'refused' } });
});

void t.test('after an answer of which too much was said, another can be had', async (t) => {
  const { session, remote } = await start(t, {
    answer: ({ answers }) =>
      answers === 1
        ? [...Array.from({ length: 301 }, () => ({ say: 'some twenty characters' })), { hang: true }]
        : [{ say: 'Yes.' }],
  });
  const question: ChatMessage = { role: 'user', content: 'Hello?' };
  await t.rejects(take(session.llm.reply(asked([question]))), { cause: { reason: 'oversized' } });
  t.equal((await take(session.llm.reply(asked([question])))).words, 'Yes.');
  t.same(remote().errors, []);
});

void t.test('words that cannot be had are a failure, and so is a session that broke while somebody spoke', async (t) => {
  const { session, remote } = await start(t, { heard: () => undefined, answer: () => [] });
  const utterance = session.stt.open(listening());
  utterance.write(tone(500));
  await t.rejects(utterance.finish(), { code: 'provider_failed', cause: { reason: 'refused' } });
  const second = session.stt.open(listening());
  second.write(tone(500));
  remote().hangUp();
  await remote().closed;
  await t.rejects(second.finish(), { code: 'provider_failed', cause: { reason: 'interrupted' } });
});

void t.test('after it broke it is opened again, and told what was said before', async (t) => {
  const { server, session, remote } = await start(t, { heard: () => 'Good morning.', answer: () => [{ say: 'Hello.' }] });
  const utterance = session.stt.open(listening());
  utterance.write(tone(500));
  const { heardAs } = await utterance.finish();
  const said = await take(session.llm.reply(asked([{ role: 'user', content: 'Good morning.', heardAs: [heardAs ?? ''] }])));
  remote().hangUp();
  await remote().closed;
  const messages: ChatMessage[] = [
    { role: 'user', content: 'Good morning.', heardAs: [heardAs ?? ''] },
    { role: 'assistant', content: 'Hello.', spokenAs: said.items.map(({ id }) => id) },
    { role: 'user', content: 'Once more.' },
  ];
  await until(async () => {
    await take(session.llm.reply(asked(messages))).catch(() => undefined);
    return server.sessions.length === 2;
  });
  t.same(remote().memory.slice(0, 3), ['user: Good morning.', 'assistant: Hello.', 'user: Once more.']);
});

void t.test('what was abandoned is cleared; half a word is not sent for; the end of the call ends the connection', async (t) => {
  const { session, remote } = await start(t, { heard: () => 'No.', answer: () => [{ hang: true }] });
  const abort = new AbortController();
  session.stt.open(listening({ signal: abort.signal })).write(tone(500));
  await until(() => (remote()?.pcm.length ?? 0) > 0);
  abort.abort();
  await until(() => remote().pcm.length === 0);
  const short = session.stt.open(listening());
  short.write(tone(50));
  t.equal((await short.finish()).text, '');
  const answer = take(session.llm.reply(asked([{ role: 'user', content: 'Hello?' }])));
  await until(() => remote().answers === 1);
  session.close();
  await t.rejects(answer, { code: 'provider_failed' });
  await remote().closed;
  t.throws(() => session.stt.open(listening()), { code: 'provider_failed' });
  t.notOk(remote().received.some(({ type }) => type === 'input_audio_buffer.commit'));
});
