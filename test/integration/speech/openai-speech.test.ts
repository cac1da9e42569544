// Speech and transcription against a server of our own (test/support/openai-server.ts): `@copilotkit/aimock` sends speech in
// one piece, never looks at the audio it is given, and cannot misbehave.
import { getEventListeners } from 'node:events';
import t, { type Test } from 'tap';
import type { AppError } from '../../../src/core/errors.js';
import type { RecognitionOptions } from '../../../src/domain/ports/speech.js';
import { OpenAiSpeechToText } from '../../../src/speech/openai/openai-speech-to-text.js';
import { OpenAiTextToSpeech } from '../../../src/speech/openai/openai-text-to-speech.js';
import { wavOf } from '../../../src/speech/wav.js';
import { OpenAiServer, type OpenAiServerOptions, type RawHandler } from '../../support/openai-server.js';
import { collect, joined, ramp, synthesisRequest } from '../../support/speech-requests.js';

const SPEECH = '/v1/audio/speech';
const TRANSCRIPTIONS = '/v1/audio/transcriptions';

async function start(t: Test, options: OpenAiServerOptions): Promise<OpenAiServer> {
  const server = await OpenAiServer.start(options);
  t.teardown(() => server.close());
  return server;
}
const speaker = (server: OpenAiServer, timeoutMs = 20_000): OpenAiTextToSpeech =>
  new OpenAiTextToSpeech({ baseUrl: server.url, model: 'tts', voice: 'alloy', timeoutMs });
const listener = (server: OpenAiServer, timeoutMs = 20_000): OpenAiSpeechToText =>
  new OpenAiSpeechToText({ baseUrl: server.url, model: 'stt', timeoutMs });
const failure = async (work: Promise<unknown>): Promise<AppError> =>
  await work.then(
    () => Promise.reject(new Error('no failure')),
    (error) => error as AppError,
  );
const recognition = (changes: Partial<RecognitionOptions> = {}): RecognitionOptions => ({
  language: 'en-US',
  vocabulary: { sentences: [] },
  band: 'narrow',
  signal: new AbortController().signal,
  ...changes,
});
const bytesOf = (pcm: Int16Array): Buffer => Buffer.from(pcm.buffer, pcm.byteOffset, pcm.byteLength);

/** Sends the bytes in pieces of these sizes, each in a packet of its own. */
function pieces(bytes: Buffer, sizes: readonly number[], contentType = 'audio/pcm'): RawHandler {
  return (response) => {
    response.writeHead(200, { 'content-type': contentType });
    let at = 0;
    let turn = 0;
    const next = (): void => {
      if (at >= bytes.length) {
        response.end();
        return;
      }
      const size = sizes[turn++ % sizes.length]!;
      response.write(bytes.subarray(at, at + size), () => setImmediate(next));
      at += size;
    };
    next();
  };
}

t.test('speech cut anywhere, also within a sample, is put together again', async (t) => {
  const pcm = ramp(5_000);
  for (const sizes of [[1], [3], [1, 2, 3, 999], [4_001]]) {
    const server = await start(t, { raw: { [SPEECH]: pieces(bytesOf(pcm), sizes) } });
    const chunks = await collect(speaker(server).synthesize(synthesisRequest('hello')));
    t.same(joined(chunks), pcm, `pieces of ${sizes.join()} bytes`);
  }
});

t.test('a byte too many at the end is dropped', async (t) => {
  const server = await start(t, { raw: { [SPEECH]: pieces(Buffer.concat([bytesOf(ramp(100)), Buffer.from([7])]), [64]) } });
  t.same(joined(await collect(speaker(server).synthesize(synthesisRequest('hello')))), ramp(100));
});

t.test('a WAV header that nobody asked for is taken off and its rate believed', async (t) => {
  const server = await start(t, { raw: { [SPEECH]: pieces(Buffer.from(wavOf([ramp(1_000)], 16_000)), [5], 'audio/wav') } });
  const chunks = await collect(speaker(server).synthesize(synthesisRequest('hello')));
  t.same(joined(chunks), ramp(1_000));
  t.ok(chunks.every((chunk) => chunk.rateHz === 16_000));
});

t.test('the first audio is delivered while the rest is still being made', async (t) => {
  let finish = (): void => {};
  const server = await start(t, {
    raw: {
      [SPEECH]: (response) => {
        response.writeHead(200, { 'content-type': 'audio/pcm' });
        response.write(bytesOf(ramp(480)));
        finish = () => response.end(bytesOf(ramp(10)));
      },
    },
  });
  let samples = 0;
  for await (const chunk of speaker(server).synthesize(synthesisRequest('hello'))) {
    samples += chunk.pcm.length;
    if (samples === 480) finish();
  }
  t.equal(samples, 490, 'the server only went on because the beginning had arrived');
});

t.test('voice, speed and style of the agent are sent; a voice of the embedded synthesiser is not', async (t) => {
  const server = await start(t, { raw: { [SPEECH]: pieces(bytesOf(ramp(10)), [20]) } });
  const tts = speaker(server);
  await collect(
    tts.synthesize(synthesisRequest('one', { voiceSettings: { voice: 'nova', speed: 1.2, instructions: 'cheerful' } })),
  );
  await collect(tts.synthesize(synthesisRequest('two', { voiceSettings: { voice: 'slt', speed: 'fast' } })));
  const bodies = server.requests.map((request) => JSON.parse(request.body.toString()) as object);
  t.match(bodies[0], { input: 'one', voice: 'nova', speed: 1.2, instructions: 'cheerful', response_format: 'pcm', model: 'tts' });
  t.match(bodies[1], { input: 'two', voice: 'alloy', speed: undefined });
});

t.test('text without a word is not sent', async (t) => {
  const server = await start(t, {});
  t.same(await collect(speaker(server).synthesize(synthesisRequest(' … ! '))), []);
  t.equal(server.requests.length, 0);
});

t.test('cancelling speech in mid-stream ends it quietly and closes the HTTP request', async (t) => {
  const server = await start(t, { raw: { [SPEECH]: (response) => response.writeHead(200).write(bytesOf(ramp(480))) } });
  const controller = new AbortController();
  const seen = server.nextRequest();
  let chunks = 0;
  for await (const _ of speaker(server).synthesize(synthesisRequest('hello', { signal: controller.signal }))) {
    chunks += 1;
    controller.abort();
  }
  t.equal(chunks, 1);
  t.equal(await (await seen).ended, 'aborted');
});

t.test('speech that is endless, late, empty, broken off or something else is a provider failure', async (t) => {
  const minutes: RawHandler = (response) => {
    response.writeHead(200, { 'content-type': 'audio/pcm' });
    const more = (): void => {
      while (!response.destroyed && response.write(Buffer.alloc(65_536))) {
        // Until the socket is full.
      }
      if (!response.destroyed) response.once('drain', more);
    };
    more();
  };
  const rows: [name: string, handler: RawHandler, timeoutMs: number, reason: string][] = [
    ['endless', minutes, 20_000, 'oversized'],
    ['late', () => {}, 150, 'timeout'],
    ['stalled', (response) => response.writeHead(200, { 'content-type': 'audio/pcm' }).write(bytesOf(ramp(10))), 150, 'timeout'],
    ['empty', (response) => response.writeHead(200, { 'content-type': 'audio/pcm' }).end(), 20_000, 'empty'],
    ['one byte', (response) => response.writeHead(200, { 'content-type': 'audio/pcm' }).end('x'), 20_000, 'empty'],
    [
      'JSON',
      (response) => response.writeHead(200, { 'content-type': 'application/json' }).end('{"audio":""}'),
      20_000,
      'malformed',
    ],
    ['MP3', (response) => response.writeHead(200, { 'content-type': 'audio/mpeg' }).end('ID3'), 20_000, 'malformed'],
    [
      'broken off',
      (response) => response.writeHead(200, { 'content-length': 1_000 }).write('xxxx', () => response.destroy()),
      20_000,
      'interrupted',
    ],
  ];
  for (const [name, handler, timeoutMs, reason] of rows) {
    const server = await start(t, { raw: { [SPEECH]: handler } });
    const error = await failure(collect(speaker(server, timeoutMs).synthesize(synthesisRequest('hello'))));
    t.match(error, { code: 'provider_failed', cause: { stage: 'tts', reason } }, name);
  }
});

t.test('the utterance arrives as WAV, sample by sample, with language and vocabulary', async (t) => {
  const server = await start(t, {
    transcription: async ({ pcm, rateHz, language, prompt, model }) =>
      JSON.stringify([[...pcm], rateHz, language, prompt, model]),
  });
  const vocabulary = { sentences: ['when are you open', 'goodbye', 'x'.repeat(2_000)] };
  const utterance = listener(server).open(recognition({ vocabulary }));
  const frame = ramp(1_600);
  utterance.write(frame.subarray(0, 320));
  utterance.write(frame.subarray(320));
  // The frame belongs to the caller again.
  const expected = [...frame];
  frame.fill(0);
  const { text } = await utterance.finish();
  t.same(JSON.parse(text), [expected, 16_000, 'en', 'when are you open. goodbye.', 'stt']);
});

t.test('less than a tenth of a second is not sent, more than a minute is cut', async (t) => {
  const server = await start(t, { transcription: async ({ pcm }) => String(pcm.length) });
  const short = listener(server).open(recognition());
  short.write(ramp(1_599));
  t.same(await short.finish(), { text: '', confidence: undefined });
  t.equal(server.requests.length, 0);
  const long = listener(server).open(recognition());
  for (let second = 0; second < 63; second++) long.write(new Int16Array(16_000));
  t.equal((await long.finish()).text, String(60 * 16_000));
});

t.test('an aborted utterance rejects with the reason and closes its request', async (t) => {
  const server = await start(t, { raw: { [TRANSCRIPTIONS]: () => {} } });
  const controller = new AbortController();
  const utterance = listener(server).open(recognition({ signal: controller.signal }));
  utterance.write(ramp(16_000));
  const seen = server.nextRequest();
  const finished = utterance.finish();
  const request = await seen;
  const reason = new Error('barge-in');
  controller.abort(reason);
  t.equal(await failure(finished), reason);
  t.equal(await request.ended, 'aborted');
  const late = listener(server).open(recognition({ signal: controller.signal }));
  t.equal(await failure(late.finish()), reason);
});

t.test('a transcription that is late, no JSON or of the wrong shape is a provider failure', async (t) => {
  const json =
    (body: string): RawHandler =>
    (response) =>
      response.writeHead(200, { 'content-type': 'application/json' }).end(body);
  const rows: [name: string, handler: RawHandler, timeoutMs: number, reason: string][] = [
    ['late', () => {}, 150, 'timeout'],
    [
      'late body',
      (response) => response.writeHead(200, { 'content-type': 'application/json' }).write('{"text":'),
      150,
      'timeout',
    ],
    ['HTML', (response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<html>'), 20_000, 'malformed'],
    ['half of it', json('{"text":"hel'), 20_000, 'malformed'],
    ['no text', json('{"transcript":"hello"}'), 20_000, 'malformed'],
    ['a number', json('{"text":5}'), 20_000, 'malformed'],
    ['null', json('null'), 20_000, 'malformed'],
    ['far too much', json(JSON.stringify({ text: 'x'.repeat(2_000_000) })), 20_000, 'oversized'],
    ['forbidden', (response) => response.writeHead(403).end('{}'), 20_000, 'refused'],
  ];
  for (const [name, handler, timeoutMs, reason] of rows) {
    const server = await start(t, { raw: { [TRANSCRIPTIONS]: handler } });
    const utterance = listener(server, timeoutMs).open(recognition());
    utterance.write(ramp(16_000));
    t.match(await failure(utterance.finish()), { code: 'provider_failed', cause: { stage: 'stt', reason } }, name);
  }
});

t.test('a request leaves nothing behind on the signal it was given', async (t) => {
  const server = await start(t, { transcription: async () => 'fine', raw: { [SPEECH]: pieces(bytesOf(ramp(10)), [20]) } });
  const { signal } = new AbortController();
  const utterance = listener(server).open(recognition({ signal }));
  utterance.write(ramp(1_600));
  t.equal((await utterance.finish()).text, 'fine');
  await collect(speaker(server).synthesize(synthesisRequest('hello', { signal })));
  t.equal(getEventListeners(signal, 'abort').length, 0);
});
