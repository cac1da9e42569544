import t from 'tap';
import { FakeClock } from '../../../src/core/clock.js';
import { silentLogger } from '../../../src/core/log.js';
import type { SpeechChunk, SynthesisRequest } from '../../../src/domain/ports/speech.js';
import { FallbackSynthesizer } from '../../../src/speech/fallback-synthesizer.js';

/** Speaks chunks of one value; a step may be a failure or silence that only an abort ends. */
class Voice {
  readonly name: string;
  readonly spoken: string[] = [];
  readonly prepared: string[] = [];
  steps: (number | 'fail' | 'hang')[];
  aborted = 0;

  constructor(name: string, steps: (number | 'fail' | 'hang')[]) {
    this.name = name;
    this.steps = steps;
  }

  async *synthesize({ text, signal }: SynthesisRequest): AsyncGenerator<SpeechChunk> {
    this.spoken.push(text);
    for (const step of this.steps) {
      if (step === 'fail') throw new Error('down');
      if (step === 'hang') {
        await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
        this.aborted += 1;
        return;
      }
      yield { pcm: Int16Array.of(step), rateHz: 16_000 };
    }
  }

  async prepare({ text }: SynthesisRequest): Promise<void> {
    this.prepared.push(text);
  }
}

const request = (text: string, signal = new AbortController().signal): SynthesisRequest => ({
  text,
  language: 'en-US',
  voiceSettings: {},
  signal,
});

function setUp(steps: (number | 'fail' | 'hang')[]) {
  const clock = new FakeClock();
  const primary = new Voice('first', steps);
  const fallback = new Voice('second', [7]);
  return { clock, primary, fallback, voice: new FallbackSynthesizer({ primary, fallback, clock, log: silentLogger }) };
}

async function heard(chunks: AsyncIterable<SpeechChunk>, into: number[] = []): Promise<number[]> {
  for await (const { pcm } of chunks) into.push(...pcm);
  return into;
}

/** Lets everything that is not waiting for time happen. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

void t.test('the first voice speaks while it works', async (t) => {
  const { voice, fallback } = setUp([1, 2]);
  t.same(await heard(voice.synthesize(request('hello'))), [1, 2]);
  t.same(fallback.spoken, []);
});

void t.test('when it fails the other voice says the phrase, and the next ones without trying again', async (t) => {
  const { voice, primary, clock } = setUp(['fail']);
  t.same(await heard(voice.synthesize(request('one'))), [7]);
  clock.advance(29_999);
  t.same(await heard(voice.synthesize(request('two'))), [7]);
  t.same(primary.spoken, ['one'], 'nobody waited for it again');
  primary.steps = [1];
  clock.advance(1);
  t.same(await heard(voice.synthesize(request('three'))), [1], 'half a minute later it is tried again');
});

void t.test('when it keeps silent the other voice begins after three seconds, and its request is ended', async (t) => {
  const { voice, primary, clock } = setUp(['hang']);
  const all = heard(voice.synthesize(request('hello')));
  await settled();
  clock.advance(2_999);
  await settled();
  t.equal(primary.aborted, 0);
  clock.advance(1);
  t.same(await all, [7]);
  t.equal(primary.aborted, 1);
});

void t.test('a phrase that breaks off is not begun again; what follows has the other voice', async (t) => {
  const { voice } = setUp([1, 'fail']);
  const begun: number[] = [];
  await t.rejects(heard(voice.synthesize(request('hello')), begun), /down/);
  t.same(begun, [1]);
  t.same(await heard(voice.synthesize(request('sorry'))), [7]);
});

void t.test('who no longer wants the phrase gets none, and the voice is not held to have failed', async (t) => {
  const { voice, primary, fallback } = setUp(['hang']);
  const turn = new AbortController();
  const all = heard(voice.synthesize(request('hello', turn.signal)));
  await settled();
  turn.abort();
  t.same(await all, []);
  t.same(fallback.spoken, []);
  primary.steps = [1];
  t.same(await heard(voice.synthesize(request('again'))), [1]);
});

void t.test('a phrase is prepared by whoever can speak it', async (t) => {
  const { voice, primary, fallback } = setUp([1]);
  await voice.prepare(request('greeting'));
  t.same([primary.prepared, fallback.prepared], [['greeting'], []]);
  primary.steps = ['fail'];
  await voice.prepare(request('another'));
  t.same([primary.prepared, fallback.prepared], [['greeting'], ['another']]);
});
