import t from 'tap';
import { FRAME_MS, speechSegments } from '../../../src/reports/speech-segments.js';

/** Levels of one channel, from `[dBFS, milliseconds]`. */
const levels = (...parts: [number, number][]): Float32Array =>
  Float32Array.from(parts.flatMap(([dbfs, ms]) => Array.from({ length: ms / FRAME_MS }, () => dbfs)));

/** Segments in milliseconds. */
const segments = (channel: Float32Array, other?: Float32Array): [number, number][] =>
  speechSegments(channel, other).map(({ from, to }) => [from * FRAME_MS, to * FRAME_MS]);

const SILENCE = Number.NEGATIVE_INFINITY;

t.test('speech is found with a margin; pauses within it do not cut it', async (t) => {
  t.same(segments(levels([-70, 1000], [-20, 1000], [-70, 500], [-25, 500], [-70, 2000])), [[800, 3200]]);
  t.same(segments(levels([-70, 1000], [-20, 1000], [-70, 1000], [-25, 500], [-70, 2000])), [
    [800, 2200],
    [2800, 3700],
  ]);
});

t.test('noise of the line is no speech, be it loud', async (t) => {
  t.same(segments(levels([-45, 3000], [-40, 1000], [-45, 3000])), []);
  t.same(segments(levels([-45, 3000], [-20, 1000], [-45, 3000])), [[2800, 4200]]);
});

t.test('clicks are no speech, nor is an empty recording', async (t) => {
  t.same(segments(levels([-70, 1000], [-10, 60], [-70, 1000], [-10, 20], [-70, 1000])), []);
  t.same(segments(levels([SILENCE, 1000])), []);
  t.same(segments(levels()), []);
});

t.test('digital silence does not count as noise, nor speech at the ends as anything else', async (t) => {
  t.same(segments(levels([-20, 600], [SILENCE, 5000], [-30, 600])), [
    [0, 800],
    [5400, 6200],
  ]);
});

t.test("the agent's echo is not the caller; the caller speaking over it is", async (t) => {
  const agent = levels([SILENCE, 1000], [-18, 2000], [SILENCE, 2000]);
  t.same(segments(levels([-70, 1200], [-45, 2000], [-70, 1800]), agent), []);
  t.same(segments(levels([-70, 1200], [-45, 600], [-24, 800], [-45, 600], [-70, 1800]), agent), [[1600, 2800]]);
});

t.test('a long monologue is cut where it is quietest, and nothing of it is lost', async (t) => {
  const found = segments(levels([-70, 1000], [-20, 12_000], [-30, 200], [-20, 12_000], [-70, 1000]));
  t.equal(found.length, 2);
  t.equal(found[0]?.[0], 800);
  t.equal(found[0]?.[1], found[1]?.[0]);
  t.ok((found[0]?.[1] ?? 0) >= 13_000 && (found[0]?.[1] ?? 0) < 13_200, `cut at ${found[0]?.[1]}`);
  t.equal(found[1]?.[1], 25_400);
});
