import t, { type Test } from 'tap';
import { type Clock, FakeClock, systemClock } from '../../../src/core/clock.js';
import type { RecognitionOptions } from '../../../src/domain/ports/speech.js';
import { OpenAiRealtimeRecognizer } from '../../../src/speech/openai/openai-realtime-recognizer.js';
import { OpenAiSpeechToText } from '../../../src/speech/openai/openai-speech-to-text.js';
import { Upsampler } from '../../../src/speech/openai/upsampler.js';
import { completed, delta, failed, RealtimeServer, type RealtimeServerOptions } from '../../support/realtime-server.js';
import { toneShare } from '../../support/signal.js';
import { until } from '../../support/until.js';

const SECOND = 16_000;

async function start(t: Test, options: RealtimeServerOptions, clock: Clock = systemClock) {
  const server = await RealtimeServer.start(options);
  t.teardown(() => server.close());
  const service = { baseUrl: server.url, apiKey: 'sk-test', model: 'gpt-4o-transcribe', timeoutMs: 20_000 };
  const statuses: number[] = [];
  const upload = new OpenAiSpeechToText(service, clock);
  const onAnswer = (status: number): void => void statuses.push(status);
  return { server, statuses, stt: new OpenAiRealtimeRecognizer({ ...service, onAnswer }, upload, clock) };
}

const listening = (changes: Partial<RecognitionOptions> = {}): RecognitionOptions => ({
  language: 'de-DE',
  vocabulary: { sentences: ['opening hours'] },
  band: 'narrow',
  signal: new AbortController().signal,
  ...changes,
});

function tone(samples: number): Int16Array {
  return Int16Array.from({ length: samples }, (_, i) => Math.round(8_000 * Math.sin((2 * Math.PI * 440 * i) / SECOND)));
}

t.test('speech goes out while it is spoken, partial texts come back, and the final one; nothing is uploaded', async (t) => {
  const { server, stt } = await start(t, {
    committed: (session) => {
      for (const text of ['Guten', ' Tag']) session.send(delta(text));
      session.send(completed('Guten Tag. '));
    },
  });
  const partials: string[] = [];
  const utterance = stt.open(listening({ onPartial: (text) => void partials.push(text) }));
  const spoken = tone(SECOND);
  for (let at = 0; at < spoken.length; at += 480) utterance.write(spoken.subarray(at, at + 480));
  await until(() => (server.sessions[0]?.pcm.length ?? 0) > 20_000);
  t.same(await utterance.finish(), { text: 'Guten Tag.', confidence: undefined });
  t.same(partials, ['Guten', 'Guten Tag']);
  const [session] = server.sessions;
  t.equal(session?.authorization, 'Bearer sk-test');
  const transcription = { model: 'gpt-4o-transcribe', language: 'de', prompt: 'opening hours.' };
  const input = { format: { type: 'audio/pcm', rate: 24_000 }, transcription, turn_detection: null };
  t.same(session?.update, { type: 'transcription', audio: { input } });
  t.ok(Math.abs((session?.pcm.length ?? 0) - 24_000) <= 2, `${session?.pcm.length} samples at 24 kHz`);
  t.ok(toneShare(Int16Array.from(session?.pcm ?? []), 440, 24_000) > 0.99, 'the tone is the same');
  t.equal(server.uploads, 0);
  await session?.closed;
});

t.test('a server without the endpoint gets uploads, and is not asked again for a while', async (t) => {
  const clock = new FakeClock();
  const { server, stt, statuses } = await start(t, { committed: () => undefined, refuseWith: 404, uploaded: 'hello' }, clock);
  const say = async (): Promise<string> => {
    const utterance = stt.open(listening());
    utterance.write(tone(SECOND));
    return (await utterance.finish()).text;
  };
  t.equal(await say(), 'hello');
  t.same(statuses, [404]);
  t.equal(await say(), 'hello');
  t.equal(server.upgrades, 1);
  clock.advance(600_000);
  t.equal(await say(), 'hello');
  t.equal(server.upgrades, 2);
});

t.test('a session that fails, breaks off or talks rubbish costs no words: the utterance is uploaded', async (t) => {
  const rows: [what: string, committed: RealtimeServerOptions['committed']][] = [
    ['fails', (session) => session.send(failed)],
    ['an error', (session) => session.send({ type: 'error', error: { message: 'no' } })],
    ['breaks off', (session) => session.hangUp()],
    ['no JSON', (session) => session.send('{"type":')],
    ['no object', (session) => session.send('null')],
    ['no text', (session) => session.send(completed(42))],
    ['too much', (session) => session.send(delta('x'.repeat(20_001)))],
  ];
  for (const [what, committed] of rows) {
    const { server, stt } = await start(t, { committed, uploaded: 'hello' });
    const utterance = stt.open(listening());
    utterance.write(tone(SECOND));
    t.equal((await utterance.finish()).text, 'hello', what);
    t.equal(server.uploads, 1, what);
  }
});

t.test('a session that never answers is waited for two seconds', async (t) => {
  const clock = new FakeClock();
  let asked = false;
  const { stt, server } = await start(
    t,
    {
      committed: () => {
        asked = true;
      },
      uploaded: 'hello',
    },
    clock,
  );
  const utterance = stt.open(listening());
  utterance.write(tone(SECOND));
  const text = utterance.finish();
  await until(() => asked);
  clock.advance(1_999);
  t.equal(server.uploads, 0);
  clock.advance(1);
  t.match(await text, { text: 'hello' });
});

t.test('an utterance that nobody wants any more ends its session; a short one is not even asked about', async (t) => {
  const { server, stt } = await start(t, { committed: () => undefined });
  const turn = new AbortController();
  const utterance = stt.open(listening({ signal: turn.signal }));
  utterance.write(tone(SECOND));
  const text = utterance.finish();
  await until(() => server.sessions.length === 1);
  turn.abort();
  await t.rejects(text, { name: 'AbortError' });
  await server.sessions[0]?.closed;
  const cough = stt.open(listening());
  cough.write(tone(1_000));
  t.match(await cough.finish(), { text: '' });
  t.equal(server.uploads, 0);
});

t.test('where audio is cut makes no difference to what is sent', (t) => {
  const spoken = tone(3_000);
  const whole = new Upsampler().push(spoken);
  const cut = new Upsampler();
  const pieces: number[] = [];
  for (let at = 0, size = 1; at < spoken.length; at += size, size = (size * 7) % 97 || 1)
    pieces.push(...cut.push(spoken.subarray(at, at + size)));
  t.same(pieces.length, whole.length);
  t.ok(pieces.every((sample, index) => Math.abs(sample - (whole[index] ?? 0)) <= 1));
  t.end();
});
