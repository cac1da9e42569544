import t from 'tap';
import { FakeClock } from '../../../src/core/clock.js';
import { type Ending, Utterance } from '../../../src/speech/embedded/sphinx/utterance.js';

function opened(signal = new AbortController().signal) {
  const clock = new FakeClock();
  const endings: Ending[] = [];
  const partials: string[] = [];
  const utterance = new Utterance(
    { id: 1, model: { key: 'k', band: 'narrow', sentences: [] }, clock, signal, onPartial: (text) => partials.push(text) },
    (ending) => endings.push(ending),
  );
  utterance.open();
  return { clock, endings, partials, utterance };
}

function recordingSink() {
  const events: string[] = [];
  return { events, sink: { audio: (pcm: Int16Array) => events.push(`audio ${pcm[0]}`), finish: () => events.push('finish') } };
}

t.test('audio that waits for a recogniser is copied and passed on in order, then the end', async (t) => {
  const { utterance, clock } = opened();
  const reused = new Int16Array(2);
  for (const value of [1, 2, 3]) {
    reused.fill(value);
    utterance.write(reused);
  }
  const result = utterance.finish();
  utterance.write(new Int16Array([9]));
  const { events, sink } = recordingSink();
  utterance.attach(sink);
  t.same(events, ['audio 1', 'audio 2', 'audio 3', 'finish'], 'and nothing that came after the end');
  utterance.answer({ text: 'yes', confidence: 0.5 });
  t.same(await result, { text: 'yes', confidence: 0.5 });
  t.same(await utterance.finish(), { text: 'yes', confidence: 0.5 }, 'asking twice gives the same answer');
  t.equal(clock.pendingTimers, 0);
});

t.test('a result that does not come in time is a failure of the provider', async (t) => {
  const { utterance, clock, endings } = opened();
  const failed = t.rejects(utterance.finish(), { code: 'provider_failed' });
  clock.advance(7999);
  t.same(endings, []);
  clock.advance(1);
  await failed;
  t.same(endings, ['late']);
  utterance.answer({ text: 'too late', confidence: 1 });
  t.same(endings, ['late'], 'it ends once');
});

t.test('a stream that nobody writes to any more gives its recogniser back', async (t) => {
  const { utterance, clock, endings } = opened();
  for (let minute = 0; minute < 4; minute++) {
    utterance.write(new Int16Array([1]));
    clock.advance(30_000);
    t.same(endings, []);
  }
  clock.advance(30_000);
  t.same(endings, ['cancelled']);
  await t.rejects(utterance.finish(), { code: 'provider_failed' });
  t.equal(clock.pendingTimers, 0);
});

t.test('an abort rejects with its reason and silences partial results', async (t) => {
  const controller = new AbortController();
  const { utterance, endings, partials } = opened(controller.signal);
  utterance.partial('one');
  controller.abort(new Error('hung up'));
  utterance.partial('two');
  utterance.answer({ text: 'three', confidence: 1 });
  t.same(partials, ['one']);
  t.same(endings, ['cancelled']);
  await t.rejects(utterance.finish(), { message: 'hung up' });
});

t.test('a failure before the end is told at the end', async (t) => {
  const { utterance } = opened();
  utterance.fail('crashed');
  await t.rejects(utterance.finish(), { code: 'provider_failed', message: 'crashed' });
});
