import { mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t from 'tap';
import { type Clock, FakeClock } from '../../../src/core/clock.js';
import { silentLogger } from '../../../src/core/log.js';
import type { Recognition, RecognitionStream, SpeechToText, TextToSpeech } from '../../../src/domain/ports/speech.js';
import { startFliteSynthesizer } from '../../../src/speech/embedded/flite-synthesizer.js';
import { type PocketsphinxRecognizer, startPocketsphinx } from '../../../src/speech/embedded/pocketsphinx-recognizer.js';
import { recognizerPackages } from '../../../src/speech/embedded/system-packages.js';
import { concat, lineSilence, throughTelephone } from './telephone-line.js';
import { wordErrors } from './word-errors.js';

const FRAME_SAMPLES = 320;
const PHRASES = [
  'what are your opening hours',
  'when are you open on saturday',
  'can i make an appointment for tuesday please',
  'how much does a repair cost',
  'i would like to speak to a person',
  'where is your shop',
  'could you repeat that please',
  'yes please',
  'no thank you',
  'i need to cancel my appointment',
  'is there a discount for students',
  'that is all thank you goodbye',
];
const vocabulary = {
  sentences: [
    ...PHRASES,
    'can i make an appointment for {day} please',
    'when are you open on {day}',
    'do you sell bicycles',
    'i lost my key',
  ],
};

const packages = recognizerPackages();
if (!packages.installed && process.env['OFFHOOK_NO_APT']) {
  t.pass('SKIPPED: the embedded recogniser is not installed and OFFHOOK_NO_APT forbids it', { skip: packages.command });
} else {
  recognizerTests();
}

function temporaryFolder(t: { teardown(task: () => void): void }): string {
  const folder = mkdtempSync(join(tmpdir(), 'offhook-recognizer-'));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

async function start(
  t: { teardown(task: () => unknown): void },
  poolSize: number,
  dataDir = temporaryFolder(t),
  clock?: Clock,
): Promise<PocketsphinxRecognizer> {
  const recognizer = await startPocketsphinx({ dataDir, poolSize, log: silentLogger, ...(clock ? { clock } : {}) });
  if ('missing' in recognizer) throw new Error(recognizer.missing);
  t.teardown(() => recognizer.close());
  return recognizer;
}

function open(stt: SpeechToText, options: Partial<Parameters<SpeechToText['open']>[0]> = {}): RecognitionStream {
  return stt.open({ language: 'en-US', vocabulary, band: 'narrow', signal: new AbortController().signal, ...options });
}

function recognize(
  stt: SpeechToText,
  pcm: Int16Array,
  options: Partial<Parameters<SpeechToText['open']>[0]> = {},
): Promise<Recognition> {
  const stream = open(stt, options);
  for (let start = 0; start < pcm.length; start += FRAME_SAMPLES) stream.write(pcm.subarray(start, start + FRAME_SAMPLES));
  return stream.finish();
}

async function spoken(tts: TextToSpeech, text: string, voice: string): Promise<Int16Array> {
  const parts: Int16Array[] = [];
  const request = { text, language: 'en-US', voiceSettings: { voice }, signal: new AbortController().signal };
  for await (const chunk of tts.synthesize(request)) parts.push(chunk.pcm);
  return concat(lineSilence(250), ...parts, lineSilence(300));
}

function recognizerTests(): void {
  const tts = startFliteSynthesizer({ workers: 1, log: silentLogger });
  t.teardown(() => tts.close());
  const byTelephone = async (text: string, voice = 'slt'): Promise<Int16Array> =>
    throughTelephone(await spoken(tts, text, voice));

  for (const voice of ['slt', 'rms', 'awb']) {
    t.test(
      `understands a telephone caller (${voice}) within 15 % word errors over twelve phrases of its vocabulary`,
      async (t) => {
        const stt = await start(t, 1);
        await stt.prepare(vocabulary, 'narrow');
        let errors = 0;
        let words = 0;
        for (const phrase of PHRASES) {
          const { text, confidence } = await recognize(stt, await byTelephone(phrase, voice));
          t.comment(`${phrase} -> ${text}`);
          errors += wordErrors(phrase, text);
          words += phrase.split(' ').length;
          t.ok(confidence === undefined || (confidence >= 0 && confidence <= 1), `confidence ${confidence}`);
          t.match(text, /^[a-z' .]*$/, 'plain lower-case words');
        }
        t.ok(errors / words <= 0.15, `${errors} of ${words} words wrong`);
      },
    );
  }

  t.test('understands wide-band speech with the stock model', async (t) => {
    const stt = await start(t, 1);
    const pcm = await Promise.all(PHRASES.slice(0, 6).map((phrase) => spoken(tts, phrase, 'slt')));
    let errors = 0;
    for (const [i, audio] of pcm.entries())
      errors += wordErrors(PHRASES[i] ?? '', (await recognize(stt, audio, { band: 'wide' })).text);
    t.ok(errors <= 5, `${errors} of ${PHRASES.slice(0, 6).join(' ').split(' ').length} words wrong`);
  });

  t.test('tells what it understands so far while the caller speaks', async (t) => {
    const stt = await start(t, 1);
    const partials: string[] = [];
    const { text } = await recognize(stt, await byTelephone('can i make an appointment for tuesday please'), {
      onPartial: (partial) => partials.push(partial),
    });
    t.ok(partials.length >= 3, partials.join(' | '));
    t.ok(partials.every((partial) => /^[a-z' .]+$/.test(partial)));
    t.ok(text.startsWith(partials[1]?.split(' ')[0] ?? '?'), 'they grow into the final text');
  });

  t.test('four utterances at a time on two processes are all understood', async (t) => {
    const stt = await start(t, 2);
    await stt.prepare(vocabulary, 'narrow');
    const phrases = PHRASES.slice(0, 4);
    const audio = await Promise.all(phrases.map((phrase) => byTelephone(phrase)));
    const streams = phrases.map(() => open(stt));
    for (let start = 0; start < Math.max(...audio.map((pcm) => pcm.length)); start += FRAME_SAMPLES) {
      for (const [i, stream] of streams.entries())
        stream.write(audio[i]?.subarray(start, start + FRAME_SAMPLES) ?? new Int16Array(0));
    }
    const texts = (await Promise.all(streams.map((stream) => stream.finish()))).map(({ text }) => text);
    const errors = phrases.reduce((sum, phrase, i) => sum + wordErrors(phrase, texts[i] ?? ''), 0);
    t.ok(errors <= 3, texts.join(' | '));
    t.ok(stt.processIds().length > 2, 'the pool grew for them');
  });

  t.test('nothing said, or no speech, is an empty or short text, never a failure', async (t) => {
    const stt = await start(t, 1);
    t.same(await open(stt).finish(), { text: '', confidence: undefined }, 'no audio at all');
    t.equal((await recognize(stt, lineSilence(1500))).text, '', 'silence');
    t.equal((await recognize(stt, new Int16Array(1))).text, '', 'one sample');
    const noise = lineSilence(2000, 7).map((x) => (x % 2 === 0 ? 1 : -1) * x * 5000);
    t.type((await recognize(stt, noise)).text, 'string', 'full-scale noise');
    const square = new Int16Array(32_000).map((_, i) => (i % 40 < 20 ? 32_767 : -32_768));
    t.type((await recognize(stt, square)).text, 'string', 'a clipped tone');
    t.ok(
      wordErrors('yes please', (await recognize(stt, await byTelephone('yes please'))).text) <= 1,
      'and it still understands after that',
    );
  });

  t.test('an aborted utterance rejects at once and leaves its process usable', async (t) => {
    const stt = await start(t, 1);
    const controller = new AbortController();
    const stream = open(stt, { signal: controller.signal });
    stream.write(lineSilence(200));
    const finished = t.rejects(stream.finish(), { name: 'AbortError' });
    controller.abort();
    await finished;
    await t.rejects(open(stt, { signal: AbortSignal.abort() }).finish(), { name: 'AbortError' });
    t.ok(wordErrors('no thank you', (await recognize(stt, await byTelephone('no thank you'))).text) <= 1);
  });

  t.test('a recogniser process that is killed fails its utterance only, and is replaced', async (t) => {
    const stt = await start(t, 1);
    const [victim] = stt.processIds();
    const stream = open(stt);
    stream.write(lineSilence(200));
    const failed = t.rejects(stream.finish(), { code: 'provider_failed' });
    process.kill(victim ?? 0, 'SIGKILL');
    await failed;
    t.ok(
      wordErrors('yes please', (await recognize(stt, await byTelephone('yes please'))).text) <= 1,
      'the next caller is understood',
    );
    t.notOk(stt.processIds().includes(victim ?? 0));
  });

  t.test('a recogniser process that hangs is killed at its deadline and replaced', async (t) => {
    const clock = new FakeClock();
    const stt = await start(t, 1, temporaryFolder(t), clock);
    const [victim] = stt.processIds();
    process.kill(victim ?? 0, 'SIGSTOP');
    const stream = open(stt);
    stream.write(lineSilence(200));
    const failed = t.rejects(stream.finish(), { code: 'provider_failed' });
    clock.advance(8000);
    await failed;
    t.ok(
      wordErrors('yes please', (await recognize(stt, await byTelephone('yes please'))).text) <= 1,
      'the next caller is understood',
    );
    t.notOk(stt.processIds().includes(victim ?? 0));
  });

  t.test('old compiled vocabularies are removed at the start, new ones kept', async (t) => {
    const dataDir = temporaryFolder(t);
    const [old, young, draft] = ['vocabulary-old', 'vocabulary-young', 'draft-dead'].map((name) => join(dataDir, name));
    for (const folder of [old, young, draft]) mkdirSync(folder ?? '');
    const twoMonthsAgo = new Date(Date.now() - 60 * 86_400_000);
    for (const folder of [old, draft]) utimesSync(folder ?? '', twoMonthsAgo, twoMonthsAgo);
    await start(t, 1, dataDir);
    t.same(
      readdirSync(dataDir).filter((name) => /^(vocabulary|draft)-/.test(name)),
      ['vocabulary-young'],
    );
  });

  t.test('a damaged compiled vocabulary is compiled anew', async (t) => {
    const dataDir = temporaryFolder(t);
    const first = await start(t, 1, dataDir);
    await first.prepare(vocabulary, 'narrow');
    await first.close();
    const compiled = readdirSync(dataDir).filter((name) => name.startsWith('vocabulary-'));
    t.equal(compiled.length, 1, 'compiled once, under its hash');
    writeFileSync(join(dataDir, compiled[0] ?? '', 'model.lm'), 'rubbish');
    const second = await start(t, 1, dataDir);
    t.ok(wordErrors('yes please', (await recognize(second, await byTelephone('yes please'))).text) <= 1);
  });

  t.test('any vocabulary compiles: none, unknown words, rubbish, very long', async (t) => {
    const stt = await start(t, 1);
    const audio = await byTelephone('yes please');
    const vocabularies = [
      [],
      ['call zyxxgryph about the qwrtz'],
      [
        '',
        '   ',
        '{}',
        '{day}{time}{number}{name}{nothing}',
        '\u0000\uffff',
        '<s> </s> <sil> [NOISE]',
        '日本語',
        "'''",
        '123456789012',
      ],
      Array.from({ length: 6000 }, (_, i) => `sentence number ${i} ${'word '.repeat(50)}`),
    ];
    for (const sentences of vocabularies) {
      const { text } = await recognize(stt, audio, { vocabulary: { sentences } });
      t.type(text, 'string', `${sentences.length} sentences: ${text}`);
    }
  });

  t.test('a closed recogniser rejects, both what is open and what comes', async (t) => {
    const stt = await start(t, 1);
    const stream = open(stt);
    stream.write(lineSilence(100));
    const rejected = t.rejects(stream.finish(), { code: 'provider_failed' });
    await stt.close();
    await stt.close();
    await rejected;
    await t.rejects(open(stt).finish(), { code: 'provider_failed' });
  });
}

t.test('without the system packages it says in one line how to get them', async (t) => {
  const root = temporaryFolder(t);
  const result = await startPocketsphinx({ dataDir: join(root, 'data'), poolSize: 1, log: silentLogger, systemRoot: root });
  t.ok('missing' in result);
  t.match(
    'missing' in result ? result.missing : '',
    /apt-get install -y --no-install-recommends libpocketsphinx3 pocketsphinx-en-us$/,
  );
  t.notMatch('missing' in result ? result.missing : '', /\n/);
});
