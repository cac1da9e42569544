import { once } from 'node:events';
import t from 'tap';
import { FakeClock } from '../../../src/core/clock.js';
import { AppError } from '../../../src/core/errors.js';
import { silentLogger } from '../../../src/core/log.js';
import type { SpeechChunk, TextToSpeech } from '../../../src/domain/ports/speech.js';
import { startFliteSynthesizer } from '../../../src/speech/embedded/flite-synthesizer.js';

const request = (text: string, voiceSettings = {}, signal = new AbortController().signal) => ({
  text,
  language: 'en-US',
  voiceSettings,
  signal,
});

async function speak(tts: TextToSpeech, text: string, voiceSettings = {}): Promise<{ chunks: SpeechChunk[]; pcm: Int16Array }> {
  const chunks: SpeechChunk[] = [];
  for await (const chunk of tts.synthesize(request(text, voiceSettings))) chunks.push(chunk);
  return { chunks, pcm: Int16Array.from(chunks.flatMap((chunk) => [...chunk.pcm])) };
}

const levelOf = (pcm: Int16Array): number => Math.sqrt(pcm.reduce((sum, x) => sum + x * x, 0) / pcm.length);

t.test('a synthesiser', async (t) => {
  const tts = startFliteSynthesizer({ workers: 2, log: silentLogger });
  t.teardown(() => tts.close());

  t.test('speaks at 16 kHz, in chunks of at most 200 ms, without padding', async (t) => {
    const { chunks, pcm } = await speak(tts, 'Thank you for calling, how can I help you today?');
    t.ok(chunks.length > 5);
    t.ok(chunks.every((chunk) => chunk.rateHz === 16_000 && chunk.pcm.length <= 3200 && chunk.pcm.length > 0));
    t.ok(pcm.length > 16_000 * 1.5 && pcm.length < 16_000 * 4, `${pcm.length} samples`);
    t.ok(levelOf(pcm) > 500, 'it is audible');
    t.ok(levelOf(pcm.subarray(0, 1600)) > 50, 'the first 100 ms sound');
    t.ok(levelOf(pcm.subarray(-1280)) < 50, 'a pause of 80 ms ends it');
    t.ok(levelOf(pcm.subarray(-3200)) > 50, 'and no longer one than 200 ms');
  });

  t.test('has four voices, and the default one for a name it does not know', async (t) => {
    const text = 'One moment please.';
    const [slt, rms, awb, kal, unknown, none] = await Promise.all(
      [{ voice: 'slt' }, { voice: 'rms' }, { voice: 'awb' }, { voice: 'kal16' }, { voice: '../etc' }, {}].map((v) =>
        speak(tts, text, v),
      ),
    );
    const lengths = [slt, rms, awb, kal].map((spoken) => spoken?.pcm.length);
    t.equal(new Set(lengths).size, 4, 'each voice takes its own time');
    t.same(unknown?.pcm, slt?.pcm);
    t.same(none?.pcm, slt?.pcm);
  });

  t.test('speaks faster or slower on request, and ignores a speed that is no number', async (t) => {
    const text = 'I will check that for you.';
    const [normal, fast, slow, rubbish] = await Promise.all([1, 1.5, 0.7, 'quick'].map((speed) => speak(tts, text, { speed })));
    const ms = (spoken: { pcm: Int16Array } | undefined): number => (spoken?.pcm.length ?? 0) / 16;
    t.ok(ms(fast) < ms(normal) * 0.8, `${ms(fast)} ms against ${ms(normal)} ms`);
    t.ok(ms(slow) > ms(normal) * 1.25, `${ms(slow)} ms against ${ms(normal)} ms`);
    t.equal(ms(rubbish), ms(normal));
  });

  t.test('says nothing when there is nothing to say', async (t) => {
    for (const text of ['', '   ', '...', '!?', '\u0000\u0007', '<br/>', '***', '👋'])
      t.same((await speak(tts, text)).chunks, [], text);
  });

  t.test('survives any text', async (t) => {
    const texts = [
      '-o /etc/passwd',
      '$(reboot) `ls` %s %n',
      'a'.repeat(5000),
      '1'.repeat(400),
      'naïve café — 3 € “quoted”',
      '中文 and English',
    ];
    for (const text of texts) t.ok((await speak(tts, text)).pcm.length > 1600, text.slice(0, 20));
  });

  t.test('several sentences come in order with a pause between them', async (t) => {
    const first = await speak(tts, 'We are open until six today.');
    const second = await speak(tts, 'Is there anything else?');
    const both = await speak(tts, 'We are open until six today. Is there anything else?');
    t.equal(both.pcm.length, first.pcm.length + second.pcm.length);
    t.same(both.pcm.subarray(0, first.pcm.length), first.pcm);
  });

  t.test('an abort in mid-sentence ends the stream quietly and at once', async (t) => {
    const controller = new AbortController();
    let chunks = 0;
    for await (const _ of tts.synthesize(request('This is a long sentence that will be interrupted.', {}, controller.signal))) {
      chunks += 1;
      controller.abort();
    }
    t.equal(chunks, 1);
  });

  t.test('an abort before or while it is made yields nothing', async (t) => {
    const controller = new AbortController();
    const stream = tts.synthesize(request('Never to be heard.', {}, controller.signal))[Symbol.asyncIterator]();
    const first = stream.next();
    controller.abort();
    t.same(await first, { done: true, value: undefined });
    const { chunks } = { chunks: [] as SpeechChunk[] };
    for await (const chunk of tts.synthesize(request('Never to be heard.', {}, AbortSignal.abort()))) chunks.push(chunk);
    t.same(chunks, []);
  });

  t.test('more sentences than workers are all spoken', async (t) => {
    const spoken = await Promise.all(
      Array.from({ length: 12 }, (_, i) => speak(tts, `This is sentence number ${i}.`, { voice: 'kal16' })),
    );
    t.ok(spoken.every(({ pcm }) => pcm.length > 8000));
  });
});

t.test('a sentence that misses its deadline fails, and the next one is spoken by a new worker', async (t) => {
  const clock = new FakeClock();
  const warned = new EventTarget();
  const log = { ...silentLogger, warn: () => void warned.dispatchEvent(new Event('warn')) };
  const tts = startFliteSynthesizer({ workers: 1, log, clock, deadlineMs: 1000 });
  t.teardown(() => tts.close());
  await speak(tts, 'Warm up.');
  const replaced = once(warned, 'warn');
  const late = t.rejects(speak(tts, 'This one hangs.'), { code: 'provider_failed' });
  await Promise.resolve();
  // The deadline is set once the sentence is with the worker; its reply cannot arrive before this turn of the loop ends.
  await new Promise<void>((resolve) => setImmediate(resolve)).then(() => clock.advance(1000));
  await Promise.all([late, replaced]);
  t.ok((await speak(tts, 'This one does not.')).pcm.length > 8000);
});

t.test('a closed synthesiser refuses to speak', async (t) => {
  const tts = startFliteSynthesizer({ workers: 1, log: silentLogger });
  await tts.close();
  await tts.close();
  const error = await speak(tts, 'Too late.').catch((thrown: unknown) => thrown);
  t.ok(error instanceof AppError && error.code === 'provider_failed');
});
