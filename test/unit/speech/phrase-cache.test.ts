import { mkdirSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { AppError } from '../../../src/core/errors.js';
import { silentLogger } from '../../../src/core/log.js';
import type { SpeechChunk, SynthesisRequest, TextToSpeech } from '../../../src/domain/ports/speech.js';
import { PhraseCache } from '../../../src/speech/phrase-cache.js';
import { collect, joined, ramp, synthesisRequest } from '../../support/speech-requests.js';

/** Speaks 100 samples per character in two chunks, and counts. */
class CountingSpeaker implements TextToSpeech {
  readonly name: string = 'counting';
  spoken: string[] = [];
  fails = false;

  async *synthesize({ text }: SynthesisRequest): AsyncGenerator<SpeechChunk> {
    this.spoken.push(text);
    const pcm = ramp(text.length * 100);
    yield { pcm: pcm.subarray(0, 50), rateHz: 16_000 };
    if (this.fails) throw new AppError('provider_failed', 'broken');
    yield { pcm: pcm.subarray(50), rateHz: 16_000 };
  }
}

const log = silentLogger;
const filesIn = (directory: string): string[] => readdirSync(directory).filter((name) => name.endsWith('.phrase'));

t.test('a phrase is synthesised once and sounds the same every time', async (t) => {
  const speaker = new CountingSpeaker();
  const cache = new PhraseCache(speaker, { log });
  t.equal(cache.name, 'counting', 'stands in for its synthesiser');
  const first = joined(await collect(cache.synthesize(synthesisRequest('hello'))));
  const again = await collect(cache.synthesize(synthesisRequest('hello')));
  t.same(first, ramp(500));
  t.same(joined(again), first);
  t.same(speaker.spoken, ['hello']);
  again[0]!.pcm.fill(0);
  t.same(
    joined(await collect(cache.synthesize(synthesisRequest('hello')))),
    first,
    'what a consumer does to its chunk stays with it',
  );
});

t.test('another text, language, voice or synthesiser is another phrase; the order of settings is not', async (t) => {
  const speaker = new CountingSpeaker();
  const cache = new PhraseCache(speaker, { log });
  const speak = async (changes: Partial<SynthesisRequest>, by = cache) =>
    await collect(by.synthesize(synthesisRequest('hello', changes)));
  await speak({ voiceSettings: { voice: 'a', speed: 1 } });
  await speak({ voiceSettings: { speed: 1, voice: 'a' } });
  t.equal(speaker.spoken.length, 1);
  await speak({ voiceSettings: { voice: 'b', speed: 1 } });
  await speak({ language: 'en-GB' });
  await speak({ text: 'hello!' });
  t.equal(speaker.spoken.length, 4);
  const directory = t.testdir();
  const one = new PhraseCache(speaker, { log, directory, variant: 'model one' });
  await one.prepare(synthesisRequest('hello'));
  await one.close();
  await speak({}, new PhraseCache(speaker, { log, directory, variant: 'model two' }));
  t.equal(speaker.spoken.length, 6, 'one directory serves two synthesisers');
});

t.test('what was aborted, broken off by the consumer or failed is not kept', async (t) => {
  const speaker = new CountingSpeaker();
  const cache = new PhraseCache(speaker, { log });
  const controller = new AbortController();
  for await (const _ of cache.synthesize(synthesisRequest('hello', { signal: controller.signal }))) controller.abort();
  for await (const _ of cache.synthesize(synthesisRequest('hello'))) break;
  speaker.fails = true;
  await t.rejects(collect(cache.synthesize(synthesisRequest('hello'))), { code: 'provider_failed' });
  speaker.fails = false;
  t.same(joined(await collect(cache.synthesize(synthesisRequest('hello')))), ramp(500));
  t.equal(speaker.spoken.length, 4);
  t.same(await collect(cache.synthesize(synthesisRequest('hello', { signal: AbortSignal.abort() }))), []);
});

t.test('memory is bounded: the least recently used phrase gives way', async (t) => {
  const speaker = new CountingSpeaker();
  // Each phrase has 200 bytes per character; ten of them fit.
  const cache = new PhraseCache(speaker, { log, memoryLimitBytes: 10_000 });
  const speak = async (text: string) => await collect(cache.synthesize(synthesisRequest(text)));
  for (let i = 0; i < 10; i++) await speak(`text${i}`);
  await speak('text0');
  await speak('text!');
  speaker.spoken = [];
  await speak('text0');
  t.same(speaker.spoken, [], 'used lately');
  await speak('text1');
  t.same(speaker.spoken, ['text1'], 'the oldest had gone');
  await speak('much too long');
  await speak('much too long');
  t.equal(speaker.spoken.filter((text) => text === 'much too long').length, 2, 'one phrase may not push out all others');
});

t.test('prepared phrases outlive the process, and so do those asked for twice; one said once does not', async (t) => {
  const directory = t.testdir();
  const speaker = new CountingSpeaker();
  const before = new PhraseCache(speaker, { log, directory });
  await before.prepare(synthesisRequest('greeting'));
  await collect(before.synthesize(synthesisRequest('often')));
  await collect(before.synthesize(synthesisRequest('often')));
  await collect(before.synthesize(synthesisRequest('Nice to meet you, Anna.')));
  await before.close();
  speaker.spoken = [];
  const after = new PhraseCache(speaker, { log, directory });
  t.same(joined(await collect(after.synthesize(synthesisRequest('greeting')))), ramp(800));
  await collect(after.synthesize(synthesisRequest('often')));
  t.same(speaker.spoken, []);
  await collect(after.synthesize(synthesisRequest('Nice to meet you, Anna.')));
  t.same(speaker.spoken, ['Nice to meet you, Anna.']);
  await after.close();
});

t.test('damaged files are synthesised anew, leftovers removed', async (t) => {
  const damages: [name: string, damage: (path: string) => void][] = [
    ['cut short', (path) => truncateSync(path, 100)],
    ['empty', (path) => writeFileSync(path, '')],
    ['another format', (path) => writeFileSync(path, 'RIFF'.repeat(200))],
    [
      'a flipped bit',
      (path) =>
        writeFileSync(
          path,
          readFileSync(path).map((byte, i) => (i === 60 ? byte ^ 1 : byte)),
        ),
    ],
    ['an absurd rate', (path) => writeFileSync(path, readFileSync(path).fill(0xff, 4, 8))],
  ];
  for (const [name, damage] of damages) {
    const directory = t.testdir({ 'left.tmp': 'half a phrase', 'other.txt': 'not ours' });
    const speaker = new CountingSpeaker();
    const before = new PhraseCache(speaker, { log, directory });
    await before.prepare(synthesisRequest('hello'));
    await before.close();
    damage(join(directory, filesIn(directory)[0]!));
    const after = new PhraseCache(speaker, { log, directory });
    t.same(joined(await collect(after.synthesize(synthesisRequest('hello')))), ramp(500), name);
    await after.close();
    t.equal(speaker.spoken.length, 2, name);
    t.same(
      readdirSync(directory).filter((file) => !file.endsWith('.phrase')),
      ['other.txt'],
      name,
    );
  }
});

t.test('the disk is bounded: the least recently used files go', async (t) => {
  const directory = t.testdir();
  const cache = new PhraseCache(new CountingSpeaker(), { log, directory, diskLimitBytes: 3_500 });
  for (const text of ['one..', 'two..', 'three', 'four.', 'five.']) await cache.prepare(synthesisRequest(text));
  await cache.close();
  t.equal(filesIn(directory).length, 3, 'three files of 1,016 bytes fit');
});

t.test('a directory that cannot be written costs no phrase', async (t) => {
  const directory = join(t.testdir({ file: 'in the way' }), 'file', 'below');
  const cache = new PhraseCache(new CountingSpeaker(), { log, directory });
  await cache.prepare(synthesisRequest('hello'));
  t.same(joined(await collect(cache.synthesize(synthesisRequest('hello')))), ramp(500));
  await cache.close();
});

t.test('a phrase file that is a directory costs no phrase either', async (t) => {
  const directory = t.testdir();
  const speaker = new CountingSpeaker();
  const before = new PhraseCache(speaker, { log, directory });
  await before.prepare(synthesisRequest('hello'));
  await before.close();
  const [file] = filesIn(directory);
  const other = t.testdir();
  mkdirSync(join(other, file!));
  const after = new PhraseCache(speaker, { log, directory: other });
  t.same(joined(await collect(after.synthesize(synthesisRequest('hello')))), ramp(500));
  await after.close();
});
