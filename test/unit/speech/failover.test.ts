import t from 'tap';
import { FakeClock } from '../../../src/core/clock.js';
import { AppError } from '../../../src/core/errors.js';
import type {
  LanguageModel,
  RecognitionOptions,
  RecognitionStream,
  ReplyEvent,
  ReplyRequest,
  SpeechChunk,
  SpeechToText,
  SynthesisRequest,
  WritingRequest,
} from '../../../src/domain/ports/speech.js';
import type { ProviderFailure } from '../../../src/domain/provider-failure.js';
import { candidateOf, type StageDeadlines } from '../../../src/speech/failover/failover.js';
import { FailoverLanguageModel } from '../../../src/speech/failover/failover-language-model.js';
import { FailoverRecognizer } from '../../../src/speech/failover/failover-recognizer.js';
import { FailoverSynthesizer, restOf } from '../../../src/speech/failover/failover-synthesizer.js';
import type { PreparableSynthesizer } from '../../../src/speech/preparable.js';
import { providerFailed } from '../../../src/speech/provider-error.js';
import { FAILOVER } from '../../support/failover-settings.js';
import { collect, replyRequest, synthesisRequest } from '../../support/speech-requests.js';

/** A number is that many samples or words, `fail` an error, `hang` never ends of itself. */
type Step = number | string;

const DEADLINES: StageDeadlines = { firstMs: 3_000, nextMs: 2_000, totalMs: 10_000 };

class Scripted {
  readonly name: string;
  steps: Step[];
  asked = 0;
  aborted = 0;

  constructor(name: string, steps: Step[]) {
    this.name = name;
    this.steps = steps;
  }

  async *play(signal: AbortSignal): AsyncGenerator<Step> {
    this.asked += 1;
    for (const step of this.steps) {
      if (step === 'fail') throw refused(this.name);
      if (step === 'hang') {
        await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
        this.aborted += 1;
        return;
      }
      yield step;
    }
  }
}

const refused = (provider: string): AppError =>
  providerFailed({ provider, stage: 'llm', reason: 'refused', retryable: true, statusCode: 503, requestId: undefined });

class Model extends Scripted implements LanguageModel {
  async *reply({ signal }: ReplyRequest): AsyncGenerator<ReplyEvent> {
    for await (const step of this.play(signal)) yield { type: 'text', text: String(step) };
  }
}

class Writer extends Model {
  async write({ signal }: WritingRequest): Promise<string> {
    for await (const step of this.play(signal)) return String(step);
    throw new Error('aborted');
  }
}

class Voice extends Scripted implements PreparableSynthesizer {
  readonly spoken: string[] = [];
  readonly prepared: string[] = [];

  async *synthesize({ text, signal }: SynthesisRequest): AsyncGenerator<SpeechChunk> {
    this.spoken.push(text);
    for await (const step of this.play(signal)) yield { pcm: new Int16Array(Number(step)), rateHz: 16_000 };
  }

  async prepare({ text }: SynthesisRequest): Promise<void> {
    this.prepared.push(text);
  }
}

class Ear extends Scripted implements SpeechToText {
  readonly understands = true;
  readonly heard: number[] = [];
  readonly options: RecognitionOptions[] = [];
  brittle = false;

  open(options: RecognitionOptions): RecognitionStream {
    this.options.push(options);
    return {
      write: (pcm) => {
        if (this.brittle) throw new TypeError('broken');
        this.heard.push(...pcm);
      },
      finish: async () => {
        for await (const step of this.play(options.signal)) return { text: String(step), confidence: undefined };
        throw new Error('aborted');
      },
    };
  }
}

function common<P extends { name: string }>(providers: readonly P[], deadlines: StageDeadlines | undefined = DEADLINES) {
  const clock = new FakeClock();
  const failures: ProviderFailure[] = [];
  const candidates = providers.map((provider) => candidateOf(provider.name, provider, clock, FAILOVER.breaker));
  return { clock, failures, candidates, deadlines, onFailure: (failure: ProviderFailure) => void failures.push(failure) };
}

function models(first: Step[], second: Step[], deadlines?: StageDeadlines) {
  const one = new Model('one', first);
  const two = new Model('two', second);
  const parts = common([one, two], deadlines);
  return { ...parts, one, two, llm: new FailoverLanguageModel(parts) };
}

const said = async (llm: LanguageModel, signal?: AbortSignal): Promise<string> =>
  (await collect(llm.reply(replyRequest('hello', signal ? { signal } : {}))))
    .map((event) => (event.type === 'text' ? event.text : ''))
    .join('');
const story = (failures: readonly ProviderFailure[]) =>
  failures.map(({ provider, reason, instead }) => `${provider} ${reason} -> ${instead ?? 'nobody'}`);
/** Lets everything that is not waiting for time happen. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

void t.test('the first provider answers while it works, and nobody else is asked', async (t) => {
  const { llm, two, failures } = models(['Good ', 'morning.'], ['never']);
  t.equal(await said(llm), 'Good morning.');
  t.equal(two.asked, 0);
  t.same(failures, []);
});

void t.test('when it fails the next one answers the same request, and who failed is told with what served instead', async (t) => {
  const { llm, failures, clock } = models(['fail'], ['Hello.']);
  t.equal(await said(llm), 'Hello.');
  t.same(failures, [{ atMs: clock.nowMs(), stage: 'llm', provider: 'one', reason: 'refused', statusCode: 503, instead: 'two' }]);
});

void t.test('when its first word is late the next one is asked, and its request is ended', async (t) => {
  const { llm, one, clock, failures } = models(['hang'], ['Hello.']);
  const answer = said(llm);
  await settled();
  clock.advance(2_999);
  await settled();
  t.equal(one.aborted, 0);
  clock.advance(1);
  t.equal(await answer, 'Hello.');
  await settled();
  t.equal(one.aborted, 1);
  t.same(story(failures), ['one timeout -> two']);
});

void t.test('the last provider has what time it is given: nobody could take over', async (t) => {
  const { llm, two, clock } = models(['fail'], ['hang']);
  const turn = new AbortController();
  const answer = said(llm, turn.signal);
  await settled();
  clock.advance(9_999);
  await settled();
  t.equal(two.aborted, 0);
  turn.abort();
  t.equal(await answer, '');
});

void t.test('an answer that stalls, breaks off or does not end is not begun again by somebody else', async (t) => {
  const stalls = models(['So', 'hang'], ['never']);
  const answer = t.rejects(said(stalls.llm), { code: 'provider_failed' });
  await settled();
  stalls.clock.advance(2_000);
  await answer;
  t.same(story(stalls.failures), ['one timeout -> nobody']);

  const breaks = models(['So', 'fail'], ['never']);
  await t.rejects(said(breaks.llm), { code: 'provider_failed' });
  t.same(story(breaks.failures), ['one refused -> nobody']);
  t.equal(breaks.two.asked, 0);

  const { clock, failures, candidates, onFailure, deadlines } = common([
    { name: 'endless', reply: () => endless(), model: 'm' } as LanguageModel,
  ]);
  async function* endless(): AsyncGenerator<ReplyEvent> {
    for (;;) {
      await new Promise<void>((resolve) => clock.schedule(1_000, resolve));
      yield { type: 'text', text: 'and ' };
    }
  }
  const rambling = new FailoverLanguageModel({ clock, candidates, onFailure, deadlines });
  let over = false;
  const words = t.rejects(said(rambling), { code: 'provider_failed' }).then(() => {
    over = true;
  });
  for (let s = 0; s < 9; s++) {
    await settled();
    clock.advance(1_000);
  }
  await settled();
  t.notOk(over, 'nine seconds of words are let pass');
  clock.advance(1_000);
  await words;
  t.same(story(failures), ['endless timeout -> nobody'], 'the tenth is the last');
});

void t.test('when all fail the last error is thrown, and the story says that nobody served', async (t) => {
  const { llm, failures } = models(['fail'], ['fail']);
  await t.rejects(said(llm), { code: 'provider_failed', message: /two llm: refused/ });
  t.same(story(failures), ['one refused -> nobody', 'two refused -> nobody']);
});

void t.test('who fails again and again is asked last for half a minute, then tried again', async (t) => {
  const { llm, one, clock } = models(['fail'], ['Hello.']);
  await said(llm);
  await said(llm);
  t.equal(one.asked, 2);
  clock.advance(29_999);
  t.equal(await said(llm), 'Hello.');
  t.equal(one.asked, 2, 'nobody waited for it');
  one.steps = ['I am back.'];
  clock.advance(1);
  t.equal(await said(llm), 'I am back.');
});

void t.test('when everybody has failed lately somebody is asked all the same', async (t) => {
  const { llm, one, two } = models(['fail'], ['fail']);
  for (let times = 0; times < 3; times++) await t.rejects(said(llm));
  t.same([one.asked, two.asked], [3, 3]);
});

void t.test('who no longer wants the answer gets none, and nobody is held to have failed', async (t) => {
  const { llm, one, two, failures } = models(['hang'], ['never']);
  const turn = new AbortController();
  const answer = said(llm, turn.signal);
  await settled();
  turn.abort();
  t.equal(await answer, '');
  await settled();
  t.equal(one.aborted, 1);
  t.equal(two.asked, 0);
  t.same(failures, []);
  t.equal(await said(llm, AbortSignal.abort()), '');
  t.equal(one.asked, 1, 'aborted beforehand, nobody is asked');
});

void t.test(
  'a second request is sent when the first is late, only where that is wanted; the faster answer is taken',
  async (t) => {
    const hedged = { ...DEADLINES, hedgeAfterMs: 500 };
    const { llm, one, clock, failures } = models(['hang'], ['I was faster.'], hedged);
    const answer = said(llm);
    await settled();
    clock.advance(500);
    t.equal(await answer, 'I was faster.');
    await settled();
    t.equal(one.aborted, 1, 'the slower one is ended');
    t.same(failures, [], 'and has not failed');

    const alone = new Model('alone', ['hang']);
    const parts = common([alone], hedged);
    const again = said(new FailoverLanguageModel(parts));
    await settled();
    alone.steps = ['Second time lucky.'];
    parts.clock.advance(500);
    t.equal(await again, 'Second time lucky.', 'with nobody else the same one is asked twice');
    t.equal(alone.asked, 2);

    const plain = models(['hang'], ['never']);
    void said(plain.llm);
    await settled();
    plain.clock.advance(2_999);
    await settled();
    t.equal(plain.two.asked, 0, 'off by default');
  },
);

void t.test('documents are written by whoever can write, and take their time', async (t) => {
  const [talker, broken, writer] = [new Model('talker', []), new Writer('broken', ['fail']), new Writer('writer', ['{}'])];
  const parts = common([talker, broken, writer]);
  const llm = new FailoverLanguageModel(parts);
  const { signal } = new AbortController();
  t.equal(await llm.write?.({ instructions: '', material: '', signal }), '{}');
  t.same(story(parts.failures), ['broken refused -> writer']);
  t.equal(new FailoverLanguageModel(common([talker])).write, undefined);
});

function voices(first: Step[], second: Step[]) {
  const one = new Voice('one', first);
  const two = new Voice('two', second);
  const parts = common([one, two]);
  return { ...parts, one, two, tts: new FailoverSynthesizer(parts) };
}
const samples = (chunks: readonly SpeechChunk[]): number[] => chunks.map(({ pcm }) => pcm.length);

void t.test('a phrase that breaks off is gone on with by the next voice, from the word that was being said', async (t) => {
  const { tts, two, failures } = voices([16_000, 'fail'], [7]);
  t.same(samples(await collect(tts.synthesize(synthesisRequest('We are open from nine to six.')))), [16_000, 7]);
  t.same(two.spoken, ['from nine to six.'], 'a second is about fifteen characters');
  t.same(story(failures), ['one refused -> two']);
});

void t.test('a phrase that broke off twice, or with nobody to go on, fails', async (t) => {
  const twice = voices([1_600, 'fail'], [1_600, 'fail']);
  await t.rejects(collect(twice.tts.synthesize(synthesisRequest('We are open.'))), { code: 'provider_failed' });
  t.same(story(twice.failures), ['one refused -> two', 'two refused -> nobody']);
  const parts = common([new Voice('only', [1_600, 'fail'])]);
  await t.rejects(collect(new FailoverSynthesizer(parts).synthesize(synthesisRequest('We are open.'))));
  t.same(story(parts.failures), ['only refused -> nobody']);
});

void t.test('a phrase is prepared by whoever can speak it', async (t) => {
  const { tts, one, two } = voices([1], [1]);
  await tts.prepare(synthesisRequest('greeting'));
  t.same([one.prepared, two.prepared], [['greeting'], []]);
  one.steps = ['fail'];
  await tts.prepare(synthesisRequest('another'));
  t.same([one.prepared, two.prepared], [['greeting'], ['another']]);
});

void t.test('what is left of a phrase begins with a whole word', (t) => {
  t.equal(restOf('one two three', 0), 'one two three');
  t.equal(restOf('one two three', 200), 'two three');
  t.equal(restOf('one two three', 10_000), '');
  t.end();
});

function ears(first: Step[], second: Step[]) {
  const one = new Ear('one', first);
  const two = new Ear('two', second);
  const parts = common([one, two]);
  return { ...parts, one, two, stt: new FailoverRecognizer(parts) };
}
const listening = (signal = new AbortController().signal): RecognitionOptions => ({
  language: 'en-US',
  vocabulary: { sentences: [] },
  band: 'narrow',
  signal,
});

void t.test('the whole utterance is given to the next recogniser when the first one fails or is late', async (t) => {
  const { stt, two, failures } = ears(['fail'], ['hello']);
  const utterance = stt.open(listening());
  const pcm = Int16Array.of(1, 2);
  utterance.write(pcm);
  pcm.fill(9);
  utterance.write(Int16Array.of(3));
  t.match(await utterance.finish(), { text: 'hello' });
  t.same(two.heard, [1, 2, 3], 'as it was when it was heard');
  t.same(story(failures), ['one refused -> two']);

  const late = ears(['hang'], ['hello']);
  const slow = late.stt.open(listening());
  const text = slow.finish();
  await settled();
  late.clock.advance(3_000);
  t.match(await text, { text: 'hello' });
  t.ok(late.one.options[0]?.signal.aborted, 'the late one is ended');
});

void t.test('a recogniser that breaks while it listens is stood in for at the end', async (t) => {
  const { stt, one, failures } = ears(['never'], ['hello']);
  one.brittle = true;
  const utterance = stt.open(listening());
  utterance.write(Int16Array.of(1));
  t.match(await utterance.finish(), { text: 'hello' });
  t.same(story(failures), ['one interrupted -> two']);
});

void t.test('an utterance that nobody wants any more ends for the recogniser too', async (t) => {
  const { stt, one, failures } = ears(['hang'], ['never']);
  const turn = new AbortController();
  const text = stt.open(listening(turn.signal)).finish();
  await settled();
  turn.abort();
  await t.rejects(text, { name: 'AbortError' });
  t.equal(one.aborted, 1);
  t.same(failures, []);
});
