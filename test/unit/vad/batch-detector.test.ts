import t from 'tap';
import {
  BatchDetector,
  CONTEXT_SAMPLES,
  INPUT_SAMPLES,
  type Model,
  type SessionEvent,
  STATE_SIZE,
} from '../../../src/vad/batch-detector.js';
import { WINDOW_SAMPLES } from '../../../src/vad/speech-detector.js';
import { FakeAudioMemory } from '../../support/fake-audio-memory.js';

/** The probability of a window is its first sample in percent; the state counts the windows of its call. */
function fakeModel(batches: number[] = []): Model {
  return async (inputs, states, batch) => {
    batches.push(batch);
    const probabilities = Float32Array.from({ length: batch }, (_, row) => {
      const first = inputs[row * INPUT_SAMPLES + CONTEXT_SAMPLES] ?? 0;
      return Math.round(first * 32_768 - 10_000) / 100;
    });
    return { probabilities, states: states.map((value) => value + 1) };
  };
}

/** Audio of this probability, loud enough to be run. */
const windows = (percent: number, count = 1): Int16Array => new Int16Array(WINDOW_SAMPLES * count).fill(10_000 + percent);
const never = (): boolean => false;

void t.test('every window that is ready is run, those of many calls in batches of at most 64', async (t) => {
  const memory = new FakeAudioMemory(150, 2_048);
  const batches: number[] = [];
  const detector = new BatchDetector(memory, fakeModel(batches));
  for (let slot = 0; slot < 150; slot += 1) {
    memory.claim(slot, 1);
    detector.watch(slot, slot, 1, 0);
    memory.write(slot, windows(0, slot < 10 ? 2 : 1));
  }
  await detector.tick(() => 0, never);
  t.same(batches, [64, 64, 22, 10]);
  t.equal(detector.counters.windows, 160);
  t.equal(detector.counters.runs, 4);
  await detector.tick(() => 5, never);
  t.equal(batches.length, 4, 'nothing new, nothing run');
});

void t.test('a window is told once it is whole, with the samples before it', async (t) => {
  const memory = new FakeAudioMemory(1);
  memory.claim(0, 1);
  const seen: number[][] = [];
  const detector = new BatchDetector(memory, async (inputs, states) => {
    seen.push([inputs[0] ?? 0, inputs[CONTEXT_SAMPLES] ?? 0].map((value) => value * 32_768));
    return { probabilities: Float32Array.of(0), states };
  });
  detector.watch(1, 0, 1, 0);
  memory.write(0, new Int16Array(511).fill(10_000));
  await detector.tick(() => 0, never);
  t.same(seen, []);
  memory.write(0, new Int16Array(513).fill(10_000));
  await detector.tick(() => 20, never);
  t.same(
    seen,
    [
      [0, 10_000],
      [10_000, 10_000],
    ],
    'silence comes before the first',
  );
});

void t.test('each call keeps its own state, for as long as it is watched', async (t) => {
  const memory = new FakeAudioMemory(2);
  const states: number[][] = [];
  const detector = new BatchDetector(memory, async (_inputs, given, batch) => {
    states.push(
      Array.from({ length: batch }, (_, row) => (given[row * STATE_SIZE] ?? 0) + (given[(batch + row) * STATE_SIZE] ?? 0)),
    );
    return { probabilities: new Float32Array(batch), states: given.map((value) => value + 1) };
  });
  for (const slot of [0, 1]) {
    memory.claim(slot, 1);
    detector.watch(slot, slot, 1, 0);
  }
  memory.write(0, windows(0));
  await detector.tick(() => 0, never);
  memory.write(0, windows(0));
  memory.write(1, windows(0));
  await detector.tick(() => 0, never);
  t.same(states[0], [0]);
  t.same(states[1]?.toSorted(), [0, 2], 'in whatever row it comes');
  detector.unwatch(0);
  detector.watch(2, 0, 1, 0);
  memory.write(0, windows(0));
  await detector.tick(() => 0, never);
  t.same(states[2], [0], 'a call begins with an empty state');
});

void t.test('transitions come with the position and the time', async (t) => {
  const memory = new FakeAudioMemory(1);
  memory.claim(0, 1);
  const detector = new BatchDetector(memory, fakeModel());
  detector.watch(7, 0, 1, 0);
  memory.write(0, windows(0, 2));
  memory.write(0, windows(90, 5));
  memory.write(0, windows(0, 5));
  t.same(await detector.tick(() => 1_234, never), [
    { id: 7, event: { type: 'onset', sample: 2 * WINDOW_SAMPLES, atMs: 1_234 } },
    { id: 7, event: { type: 'confirmed', sample: 2 * WINDOW_SAMPLES, atMs: 1_234 } },
    { id: 7, event: { type: 'ended', sample: 7 * WINDOW_SAMPLES, atMs: 1_234 } },
  ]);
});

void t.test('digital silence is not run, and counts as silence', async (t) => {
  const memory = new FakeAudioMemory(1);
  memory.claim(0, 1);
  const batches: number[] = [];
  const detector = new BatchDetector(memory, fakeModel(batches));
  detector.watch(0, 0, 1, 0);
  memory.write(0, windows(90, 5));
  memory.write(0, new Int16Array(5 * WINDOW_SAMPLES).fill(5));
  const events = await detector.tick(() => 0, never);
  t.equal(batches.length, 5);
  t.equal(events.at(-1)?.event.type, 'ended');
});

void t.test('speech ends when packets stop, and only then', async (t) => {
  const memory = new FakeAudioMemory(1);
  memory.claim(0, 1);
  const detector = new BatchDetector(memory, fakeModel());
  detector.watch(0, 0, 1, 0);
  memory.write(0, windows(90, 5));
  await detector.tick(() => 100, never);
  const events: SessionEvent[] = [];
  let nowMs = 105;
  for (; events.length === 0 && nowMs < 1_000; nowMs += 5) events.push(...(await detector.tick(() => nowMs, never)));
  t.same(events, [{ id: 0, event: { type: 'ended', sample: 5 * WINDOW_SAMPLES, atMs: nowMs - 5 } }]);
  t.ok(
    nowMs - 5 > 100 + 60 + 4 * 32 && nowMs - 5 <= 100 + 60 + 5 * 32 + 5,
    `60 ms of patience and 160 ms of silence: ${nowMs - 5}`,
  );
});

void t.test('who cannot keep up drops old audio and counts it; a burst alone is worked off', async (t) => {
  const memory = new FakeAudioMemory(1, 65_536);
  memory.claim(0, 1);
  const batches: number[] = [];
  const detector = new BatchDetector(memory, fakeModel(batches));
  detector.watch(0, 0, 1, 0);
  memory.write(0, windows(0, 40));
  await detector.tick(() => 0, never);
  t.equal(batches.length, 40);
  t.equal(detector.counters.lagMs, 39 * 32);
  t.equal(detector.counters.droppedWindows, 0);

  memory.write(0, windows(0, 40));
  let nowMs = 0;
  const slowly = (): number => (nowMs += 60);
  do await detector.tick(slowly, never);
  while (detector.behind);
  t.ok(detector.counters.droppedWindows > 20, `dropped ${detector.counters.droppedWindows}`);
  t.equal(batches.length + detector.counters.droppedWindows, 80);
});

void t.test('verdicts are told although calls never stop to have another window ready', async (t) => {
  const memory = new FakeAudioMemory(2, 65_536);
  const batches: number[] = [];
  const model = fakeModel(batches);
  const detector: BatchDetector = new BatchDetector(memory, async (inputs, states, batch) => {
    // While one call's window is run, the other's fills.
    memory.write(batches.length % 2, windows(90));
    return await model(inputs, states, batch);
  });
  for (const slot of [0, 1]) {
    memory.claim(slot, 1);
    detector.watch(slot, slot, 1, 0);
  }
  memory.write(1, windows(90));
  const events: SessionEvent[] = [];
  for (let ticks = 0; ticks < 12; ticks += 1) {
    events.push(...(await detector.tick(() => ticks, never)));
    t.notOk(detector.behind);
  }
  t.same(
    batches,
    Array.from({ length: 12 }, () => 1),
  );
  t.same(
    events
      .filter(({ event }) => event.type === 'confirmed')
      .map(({ id }) => id)
      .toSorted((a, b) => a - b),
    [0, 1],
  );
});

void t.test('asked to stop, it begins no further run', async (t) => {
  const memory = new FakeAudioMemory(200, 2_048);
  const batches: number[] = [];
  const detector = new BatchDetector(memory, fakeModel(batches));
  for (let slot = 0; slot < 200; slot += 1) {
    memory.claim(slot, 1);
    detector.watch(slot, slot, 1, 0);
    memory.write(slot, windows(0));
  }
  await detector.tick(
    () => 0,
    () => batches.length >= 2,
  );
  t.same(batches, [64, 64]);
});

void t.test('a call that ends during a run is told nothing, and a slot that changed hands is forgotten', async (t) => {
  const memory = new FakeAudioMemory(2);
  const detector: BatchDetector = new BatchDetector(memory, async (inputs, states, batch) => {
    detector.unwatch(0);
    return fakeModel()(inputs, states, batch);
  });
  for (const slot of [0, 1]) {
    memory.claim(slot, 1);
    detector.watch(slot, slot, 1, 0);
  }
  memory.write(0, windows(90, 3));
  t.same(await detector.tick(() => 0, never), []);
  t.equal(detector.watched, 1);
  memory.claim(1, 2);
  await detector.tick(() => 0, never);
  t.equal(detector.watched, 0);
});
