import t from 'tap';
import { FakeClock } from '../../../src/core/clock.js';
import type { SpeechChunk } from '../../../src/domain/ports/speech.js';
import { GreetingAhead } from '../../../src/pipeline/greeting-ahead.js';
import { FakeTts } from '../../support/fake-speech.js';

const REQUEST = { text: 'Hello, Green Valley Dental.', language: 'en-US', voiceSettings: {} };
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

async function heard(chunks: AsyncIterable<SpeechChunk>): Promise<number> {
  let samples = 0;
  for await (const { pcm } of chunks) samples += pcm.length;
  return samples;
}

void t.test('the first words are made before anybody asks, once, and heard from their first sample', async (t) => {
  const tts = new FakeTts(new FakeClock());
  const greeting = new GreetingAhead(tts, REQUEST);
  await greeting.audible;
  const { signal } = new AbortController();
  const whole = await heard(tts.synthesize({ ...REQUEST, signal }));
  t.equal(await heard(greeting.synthesize({ ...REQUEST, signal })), whole);
  t.equal(tts.requests.length, 2, 'ours above, and the one made ahead');
  await heard(greeting.synthesize({ ...REQUEST, signal }));
  await heard(greeting.synthesize({ ...REQUEST, text: 'Other words.', signal }));
  t.same(
    tts.requests.map(({ text }) => text),
    [REQUEST.text, REQUEST.text, REQUEST.text, 'Other words.'],
    'what is said later is made then',
  );
});

void t.test('who asks before it is made waits for it, and hears it as it comes', async (t) => {
  const clock = new FakeClock();
  const tts = new FakeTts(clock);
  tts.delayMs = 500;
  const greeting = new GreetingAhead(tts, REQUEST);
  let audible = false;
  void greeting.audible.then(() => {
    audible = true;
  });
  const listening = heard(greeting.synthesize({ ...REQUEST, signal: new AbortController().signal }));
  await settle();
  t.notOk(audible);
  clock.advance(500);
  t.ok((await listening) > 0);
  t.ok(audible);
  t.equal(tts.requests.length, 1);
});

void t.test('a synthesiser that fails keeps nobody waiting, and is asked again when it is needed', async (t) => {
  const tts = new FakeTts(new FakeClock());
  tts.failing.add('*');
  const greeting = new GreetingAhead(tts, REQUEST);
  await greeting.audible;
  tts.failing.clear();
  t.ok((await heard(greeting.synthesize({ ...REQUEST, signal: new AbortController().signal }))) > 0);
});

void t.test('an interrupted greeting ends, and a cancelled one is not made to its end', async (t) => {
  const clock = new FakeClock();
  const tts = new FakeTts(clock);
  tts.delayMs = 500;
  const greeting = new GreetingAhead(tts, REQUEST);
  const abort = new AbortController();
  const listening = heard(greeting.synthesize({ ...REQUEST, signal: abort.signal }));
  await settle();
  abort.abort();
  t.equal(await listening, 0);
  t.notOk(tts.requests[0]?.signal.aborted, 'what was begun is made, for the next call');
  greeting.cancel();
  t.ok(tts.requests[0]?.signal.aborted);
});
