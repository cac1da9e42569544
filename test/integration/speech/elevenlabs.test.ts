import type { ServerResponse } from 'node:http';
import { inspect } from 'node:util';
import t, { type Test } from 'tap';
import { type Clock, FakeClock, systemClock } from '../../../src/core/clock.js';
import type { AppError } from '../../../src/core/errors.js';
import type { SpeechChunk } from '../../../src/domain/ports/speech.js';
import { type ElevenLabsOptions, ElevenLabsTextToSpeech } from '../../../src/speech/elevenlabs/elevenlabs-text-to-speech.js';
import { type ElevenLabsJob, ElevenLabsServer } from '../../support/elevenlabs-server.js';
import { collect, ramp, synthesisRequest } from '../../support/speech-requests.js';

const pcm = { 'content-type': 'audio/pcm' };
const bytesOf = (samples: Int16Array): Buffer => Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength);

async function start(
  t: Test,
  speak: (response: ServerResponse, job: ElevenLabsJob) => void,
  changes: Partial<ElevenLabsOptions> = {},
  clock: Clock = systemClock,
) {
  const server = await ElevenLabsServer.start(speak);
  t.teardown(() => server.close());
  const common = { provider: 'eleven', apiKey: server.key, model: 'eleven_flash_v2_5', voice: 'JBFqnCBsd6RMkjVDRZzb' };
  const tts = new ElevenLabsTextToSpeech({ ...common, baseUrl: server.url, timeoutMs: 20_000, ...changes }, clock);
  return { server, tts };
}

const samplesOf = (chunks: readonly SpeechChunk[]): number[] => chunks.flatMap(({ pcm: samples }) => [...samples]);
const failure = async (work: Promise<unknown>): Promise<AppError> =>
  await work.then(
    () => Promise.reject(new Error('no failure')),
    (error) => error as AppError,
  );

t.test('a phrase is asked for as the interface has it, and its samples come as they arrive, wherever they are cut', async (t) => {
  const spoken = ramp(1_000);
  const { tts, server } = await start(t, (response) => {
    response.writeHead(200, pcm).write(bytesOf(spoken).subarray(0, 777));
    response.end(bytesOf(spoken).subarray(777));
  });
  const voiceSettings = {
    stability: 0.4,
    similarity_boost: 0.8,
    style: 0,
    speed: 1.1,
    use_speaker_boost: true,
    voice: 'slt',
    x: 1,
  };
  const request = synthesisRequest('Good morning.', { language: 'de-DE', voiceSettings });
  const chunks = await collect(tts.synthesize(request));
  t.same(samplesOf(chunks), [...spoken]);
  t.ok(chunks.every(({ rateHz }) => rateHz === 16_000));
  t.match(server.jobs, [
    {
      voice: 'JBFqnCBsd6RMkjVDRZzb',
      outputFormat: 'pcm_16000',
      body: { text: 'Good morning.', model_id: 'eleven_flash_v2_5', language_code: 'de' },
    },
  ]);
  const { voice: _embedded, x: _unknown, ...known } = voiceSettings;
  t.same(server.jobs[0]?.body['voice_settings'], known, 'what the interface does not know is left out');
});

t.test("the agent's own voice goes before the configured one; a model that finds the language itself is not told", async (t) => {
  const { tts, server } = await start(t, (response) => response.writeHead(200, pcm).end(bytesOf(ramp(10))), {
    model: 'eleven_multilingual_v2',
  });
  await collect(tts.synthesize(synthesisRequest('Hello.', { voiceSettings: { voice: 'a/b', apply_text_normalization: 'off' } })));
  t.equal(server.jobs[0]?.voice, 'a/b');
  t.same(server.jobs[0]?.body, { text: 'Hello.', model_id: 'eleven_multilingual_v2', apply_text_normalization: 'off' });
});

t.test('whatever goes wrong is a provider failure that says what, and repeats neither key nor body', async (t) => {
  const rows: [what: string, speak: (response: ServerResponse) => void, changes: Partial<ElevenLabsOptions>, fault: object][] = [
    [
      'a wrong key',
      () => undefined,
      { apiKey: 'xi-wrong' },
      { reason: 'refused', statusCode: 401, retryable: false, requestId: 'req-1' },
    ],
    ['too many requests', (r) => void r.writeHead(429).end(), {}, { reason: 'refused', statusCode: 429, retryable: true }],
    ['no server', () => undefined, { baseUrl: 'http://127.0.0.1:1' }, { reason: 'unreachable', retryable: true }],
    ['something else', (r) => void r.writeHead(200, { 'content-type': 'audio/mpeg' }).end('ID3'), {}, { reason: 'malformed' }],
    ['nothing', (r) => void r.writeHead(200, pcm).end(), {}, { reason: 'empty' }],
    ['breaks off', (r) => void r.writeHead(200, pcm).write('abcd', () => r.destroy()), {}, { reason: 'interrupted' }],
    ['does not end', (r) => void r.writeHead(200, pcm).end(Buffer.alloc(61 * 32_000, 1)), {}, { reason: 'oversized' }],
  ];
  for (const [what, speak, changes, fault] of rows) {
    const { tts, server } = await start(t, speak, changes);
    const error = await failure(collect(tts.synthesize(synthesisRequest('A secret text.'))));
    t.match(error, { code: 'provider_failed', cause: { provider: 'eleven', stage: 'tts', ...fault } }, what);
    t.notMatch(
      inspect(error, { depth: 9 }),
      new RegExp(`${server.key}|xi-wrong|secret text|said with`),
      `${what}: nothing leaks`,
    );
  }
});

t.test('an answer that never begins is a timeout', async (t) => {
  const clock = new FakeClock();
  let arrived = (): void => undefined;
  const asked = new Promise<void>((resolve) => {
    arrived = resolve;
  });
  const { tts, server } = await start(t, () => arrived(), {}, clock);
  const failed = failure(collect(tts.synthesize(synthesisRequest('Hello.'))));
  await asked;
  clock.advance(20_000);
  t.match(await failed, { cause: { reason: 'timeout', retryable: true } });
  t.ok(await server.jobs[0]?.aborted, 'the request is given up');
});

t.test('a cut phrase ends quietly and its request is given up; without words nothing is asked', async (t) => {
  const { tts, server } = await start(t, (response) => void response.writeHead(200, pcm).write(bytesOf(ramp(1_600))));
  const turn = new AbortController();
  let heard = 0;
  for await (const { pcm: samples } of tts.synthesize(synthesisRequest('Hello.', { signal: turn.signal }))) {
    heard += samples.length;
    turn.abort();
  }
  t.ok(heard > 0);
  t.ok(await server.jobs[0]?.aborted);
  t.same(await collect(tts.synthesize(synthesisRequest('…'))), []);
  t.equal(server.jobs.length, 1);
});
