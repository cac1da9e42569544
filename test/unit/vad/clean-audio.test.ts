import t, { type Test } from 'tap';
import { SlotReader } from '../../../src/media/audio-memory.js';
import { CleanAudio } from '../../../src/vad/clean-audio.js';
import { type NoiseSuppressor, SUPPRESSOR_DELAY_SAMPLES, SUPPRESSOR_FRAME_SAMPLES } from '../../../src/vad/noise-suppressor.js';
import { FakeAudioMemory } from '../../support/fake-audio-memory.js';

const GENERATION = 7;
/** What the clean audio may lag behind: the suppressor's delay, and a frame that is not whole yet. */
const LAG = SUPPRESSOR_DELAY_SAMPLES + SUPPRESSOR_FRAME_SAMPLES;

/** Delays as the real one does, and negates, so that it shows what went through it. */
class Negation implements NoiseSuppressor {
  closed = false;
  #waiting = new Int16Array(SUPPRESSOR_DELAY_SAMPLES);

  process(frame: Int16Array, into: Int16Array): void {
    const all = Int16Array.of(...this.#waiting, ...frame);
    into.set(all.subarray(0, frame.length).map((sample) => -sample));
    this.#waiting = all.slice(frame.length);
  }

  close(): void {
    this.closed = true;
  }
}

/** Sample `n` is heard as `n + 1`, in packets of these lengths. */
function open(_t: Test, ringSamples = 16_384) {
  const memory = new FakeAudioMemory(2, ringSamples);
  memory.claim(1, GENERATION);
  let written = 0;
  const hear = (samples: number): void => {
    memory.write(
      1,
      Int16Array.from({ length: samples }, (_, i) => written + i + 1),
    );
    written += samples;
  };
  const reader = new SlotReader(memory, 1, GENERATION);
  const suppressor = new Negation();
  const clean = (nowMs = 0): CleanAudio => new CleanAudio(memory, 1, GENERATION, suppressor, nowMs);
  return { memory, hear, reader, suppressor, clean };
}

void t.test('every sample comes out in its place, whatever the packets', async (t) => {
  const { hear, reader, clean } = open(t);
  const audio = clean();
  let heard = 0;
  for (let i = 0; i < 40; i += 1) {
    const packet = [80, 160, 320, 40, 480][i % 5] ?? 0;
    hear(packet);
    heard += packet;
    audio.advance(i * 10);
    t.ok(reader.written() <= heard && reader.written() > heard - LAG, `${reader.written()} of ${heard}`);
  }
  const all = reader.read(0, heard);
  t.equal(all.length, reader.written());
  t.ok(
    all.every((sample, i) => sample === -(i + 1)),
    'all of it through the suppressor',
  );
});

void t.test('what was heard before it began is there as it was, and another session’s is not', async (t) => {
  const { memory, hear, reader, clean } = open(t);
  hear(1_000);
  t.equal(reader.written(), 0, 'nobody has begun');
  clean();
  t.same(
    reader.read(0, 2_000),
    Int16Array.from({ length: 1_000 }, (_, i) => i + 1),
  );
  t.equal(new SlotReader(memory, 1, GENERATION + 1).written(), 0);
});

void t.test('when nothing more comes, the last samples are not kept back, and the next ones follow on', async (t) => {
  const { hear, reader, clean } = open(t);
  const audio = clean();
  hear(1_000);
  audio.advance(0);
  t.ok(reader.written() < 1_000);
  audio.advance(40);
  t.ok(reader.written() < 1_000, 'that may be jitter');
  audio.advance(61);
  t.equal(reader.written(), 1_000);
  t.equal(reader.read(999, 1_000)[0], 1_000, 'as it was heard');
  audio.advance(70);
  hear(1_000);
  audio.advance(80);
  const after = reader.read(1_000, 2_000);
  t.ok(after.length > 1_000 - LAG);
  t.ok(
    after.every((sample, i) => sample === -(1_001 + i)),
    'in their places, through the suppressor again',
  );
});

void t.test('what is too late for it goes on with its noise', async (t) => {
  const { hear, reader, clean } = open(t);
  const audio = clean();
  hear(320);
  t.equal(audio.advance(0), 0);
  hear(8_000);
  t.equal(audio.advance(500), 8_000);
  t.equal(reader.written(), 8_320, 'at once');
  t.same([...reader.read(8_000, 8_003)], [8_001, 8_002, 8_003]);
  hear(320);
  t.equal(audio.advance(520), 0);
  t.equal(reader.read(8_320, 8_321)[0], -8_321);
});

void t.test('what the engine has overwritten is silence, never somebody’s other words', async (t) => {
  const { hear, reader, clean } = open(t, 1_024);
  const audio = clean();
  hear(5_000);
  audio.advance(0);
  t.equal(reader.written(), 5_000);
  t.ok(reader.read(4_500, 5_000).every((sample) => sample === 0));
  audio.close();
});
