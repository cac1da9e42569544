import t from 'tap';
import { firstAudibleAfter, type Line, speechFrames, yieldedAfter } from '../../bench/line-analysis.js';
import { FRAME_SAMPLES } from '../../bench/line-record.js';

const FRAME_MS = 20;
/** Noise that resembles itself nowhere else; the same at every run. */
function noise(frames: number, peak = 8_000): Int16Array {
  let state = 7;
  return Int16Array.from({ length: frames * FRAME_SAMPLES }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.round((state / 2 ** 31 - 1) * peak);
  });
}

/** A line on which frame `f` arrives at 1000 + 20 f. */
function lineOf(samples: Int16Array): Line {
  const frames = samples.length / FRAME_SAMPLES;
  return { samples, arrivalsMs: Array.from({ length: frames }, (_, frame) => 1000 + FRAME_MS * frame) };
}
const arrivalOf = (frame: number): number => 1000 + FRAME_MS * frame;

/** `undisturbed` after 30 frames of silence, each of its frames at the level `gainOf` gives it. */
function answered(undisturbed: Int16Array, gainOf: (frame: number) => number): Line {
  const samples = new Int16Array(undisturbed.length + 30 * FRAME_SAMPLES);
  samples.set(
    undisturbed.map((sample, index) => Math.round(sample * gainOf(Math.floor(index / FRAME_SAMPLES)))),
    30 * FRAME_SAMPLES,
  );
  return lineOf(samples);
}

void t.test('an agent that ducks, then falls silent is caught at its last full and its last audible packet', (t) => {
  const undisturbed = noise(300);
  const line = answered(undisturbed, (frame) => (frame < 104 ? 1 : frame < 109 ? 0.25 : 0));
  t.same(yieldedAfter(arrivalOf(130) - 5, line, undisturbed), {
    lastFullLevelMs: arrivalOf(30 + 103),
    lastAudibleMs: arrivalOf(30 + 108),
  });
  t.end();
});

void t.test('a duck that is taken back is no end of full level', (t) => {
  const undisturbed = noise(300);
  const line = answered(undisturbed, (frame) => (frame >= 102 && frame < 106 ? 0.25 : frame < 120 ? 1 : 0));
  t.equal(yieldedAfter(arrivalOf(130), line, undisturbed)?.lastFullLevelMs, arrivalOf(30 + 119));
  t.end();
});

void t.test('a pause of the answer itself does not pass for giving way', (t) => {
  const undisturbed = noise(300);
  undisturbed.fill(0, 100 * FRAME_SAMPLES, 125 * FRAME_SAMPLES);
  const line = answered(undisturbed, (frame) => (frame < 130 ? 1 : 0));
  t.equal(yieldedAfter(arrivalOf(130), line, undisturbed)?.lastFullLevelMs, arrivalOf(30 + 129));
  t.end();
});

void t.test('an agent that goes on, or says something else, is not judged', (t) => {
  const undisturbed = noise(300);
  t.equal(
    yieldedAfter(
      arrivalOf(130),
      answered(undisturbed, () => 1),
      undisturbed,
    ),
    undefined,
  );
  const other = answered(
    noise(400)
      .subarray(100 * FRAME_SAMPLES)
      .toReversed(),
    (frame) => (frame < 104 ? 1 : 0),
  );
  t.equal(yieldedAfter(arrivalOf(130), other, undisturbed), undefined);
  t.end();
});

void t.test('an answer begins with the first packet that is heard, if the line was quiet before', (t) => {
  const line = answered(noise(50), () => 1);
  t.same(firstAudibleAfter(arrivalOf(20), line), { frame: 30, atMs: arrivalOf(30) });
  t.equal(firstAudibleAfter(arrivalOf(35), line), undefined);
  t.end();
});

void t.test('a caller’s breath before and after does not count as speech', (t) => {
  const utterance = noise(20, 100);
  utterance.set(noise(10), 4 * FRAME_SAMPLES);
  t.same(speechFrames(utterance), { first: 4, last: 13 });
  t.equal(speechFrames(noise(20, 100)), undefined);
  t.end();
});
