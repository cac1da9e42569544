// Against `@copilotkit/aimock`, an OpenAI-compatible server that we did not write: chat streamed with and without tools,
// 503, a stream that breaks off, speech, transcription. What it cannot do is in openai-server.test.ts with a server of our own.
import { LLMock } from '@copilotkit/aimock';
import t from 'tap';
import type { AppError } from '../../../src/core/errors.js';
import { OpenAiLanguageModel } from '../../../src/speech/openai/openai-language-model.js';
import { OpenAiSpeechToText } from '../../../src/speech/openai/openai-speech-to-text.js';
import { OpenAiTextToSpeech } from '../../../src/speech/openai/openai-text-to-speech.js';
import { collect, joined, ramp, replyRequest, synthesisRequest } from '../../support/speech-requests.js';

const mock = new LLMock({ port: 0, host: '127.0.0.1', chunkSize: 8 });
t.before(async () => {
  await mock.start();
});
t.teardown(() => mock.stop());
t.beforeEach(() => {
  mock.clearFixtures();
  mock.clearRequests();
});

const options = () => ({ baseUrl: `${mock.url}/v1`, apiKey: 'sk-test', timeoutMs: 20_000 });
const brain = () => new OpenAiLanguageModel({ ...options(), model: 'gpt-4o-mini' });
const failure = async (work: Promise<unknown>): Promise<AppError> =>
  await work.then(
    () => Promise.reject(new Error('no failure')),
    (error) => error as AppError,
  );

t.test('a reply streams in pieces that add up', async (t) => {
  const content = 'We are open from nine to six, Monday to Saturday.';
  mock.onMessage('when are you open', { content });
  const events = await collect(brain().reply(replyRequest('when are you open')));
  t.ok(events.length > 2, `${events.length} pieces`);
  t.equal(events.map((event) => (event.type === 'text' ? event.text : '?')).join(''), content);
  const body = mock.getLastRequest()?.body as {
    messages: { role: string; content: string }[];
    tools: { function: { name: string } }[];
  };
  t.match(
    body.messages[0],
    { role: 'system', content: /You sell bicycles[^]*telephone[^]*en-US/u },
    'prompt of the agent and telephone style',
  );
  t.equal(body.tools[0]?.function.name, 'end_call', 'tools are offered');
});

t.test('text and a tool call of one reply arrive, the call whole and last', async (t) => {
  mock.onMessage('bye', {
    content: 'Goodbye!',
    toolCalls: [{ id: 'call_7', name: 'end_call', arguments: '{"reason":"caller said goodbye"}' }],
  });
  const events = await collect(brain().reply(replyRequest('bye')));
  t.same(events.at(-1), { type: 'tool', call: { id: 'call_7', name: 'end_call', arguments: { reason: 'caller said goodbye' } } });
  t.equal(
    events
      .slice(0, -1)
      .map((event) => (event.type === 'text' ? event.text : '?'))
      .join(''),
    'Goodbye!',
  );
});

t.test('a tool round: the call and its result are sent back together', async (t) => {
  mock.onToolResult('call_1', { content: 'It is booked.' });
  const messages = [
    { role: 'user', content: 'book it' },
    { role: 'assistant', content: '', toolCalls: [{ id: 'call_1', name: 'book', arguments: { day: 'friday' } }] },
    { role: 'tool', toolCallId: 'call_1', content: 'ok' },
  ] as const;
  const events = await collect(brain().reply(replyRequest('', { messages })));
  t.equal(events.map((event) => (event.type === 'text' ? event.text : '?')).join(''), 'It is booked.');
});

t.test('a server that stays at 503 is a retryable provider failure with its status', async (t) => {
  mock.on({ userMessage: 'hello' }, { error: { message: 'secret detail of the provider', type: 'server_error' }, status: 503 });
  const error = await failure(collect(brain().reply(replyRequest('hello'))));
  t.match(error, {
    code: 'provider_failed',
    cause: { provider: 'openai', stage: 'llm', reason: 'refused', statusCode: 503, retryable: true },
  });
  t.equal(mock.getRequests().length, 2, 'asked twice, not more');
  t.notMatch(JSON.stringify([error.message, error.cause]), /secret detail|sk-test/u, 'neither body nor key');
});

t.test('one 503 is survived', async (t) => {
  mock.onMessage('hello', { content: 'Hi.' });
  mock.nextRequestError(503, { message: 'overloaded' });
  t.same(await collect(brain().reply(replyRequest('hello'))), [{ type: 'text', text: 'Hi.' }]);
});

t.test('a stream that breaks off yields what came and then fails', async (t) => {
  mock.onMessage(
    'hello',
    { content: 'One sentence. Another sentence. A third sentence.' },
    { truncateAfterChunks: 3, latency: 30 },
  );
  const heard: unknown[] = [];
  const error = await failure(
    (async () => {
      for await (const event of brain().reply(replyRequest('hello'))) heard.push(event);
    })(),
  );
  t.match(error, { code: 'provider_failed', cause: { reason: 'interrupted', retryable: true } });
  t.ok(heard.length > 0, 'the beginning was delivered');
});

t.test('speech arrives sample by sample as it was sent', async (t) => {
  const pcm = ramp(24_001);
  mock.onSpeech('Good morning.', { audio: Buffer.from(pcm.buffer).toString('base64'), format: 'pcm' });
  const tts = new OpenAiTextToSpeech({ ...options(), model: 'tts-1', voice: 'alloy' });
  const chunks = await collect(tts.synthesize(synthesisRequest('Good morning.')));
  t.ok(chunks.every((chunk) => chunk.rateHz === 24_000));
  t.same(joined(chunks), pcm);
});

t.test('speech in a format that was not asked for is refused instead of played as noise', async (t) => {
  mock.onSpeech('Good morning.', { audio: Buffer.from('ID3 not samples').toString('base64'), format: 'mp3' });
  const tts = new OpenAiTextToSpeech({ ...options(), model: 'tts-1', voice: 'alloy' });
  t.match(await failure(collect(tts.synthesize(synthesisRequest('Good morning.')))), {
    code: 'provider_failed',
    cause: { reason: 'malformed' },
  });
});

t.test('an utterance is transcribed', async (t) => {
  mock.onTranscription({ transcription: { text: ' I would like an appointment. ' } });
  const stt = new OpenAiSpeechToText({ ...options(), model: 'whisper-1' });
  t.equal(stt.understands, true);
  const vocabulary = { sentences: ['an appointment on friday'] };
  const utterance = stt.open({ language: 'en-US', vocabulary, band: 'narrow', signal: new AbortController().signal });
  utterance.write(ramp(16_000));
  t.same(await utterance.finish(), { text: 'I would like an appointment.', confidence: undefined });
});
