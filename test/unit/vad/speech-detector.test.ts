import t from 'tap';
import { levelDbfs, SpeechDetector, WINDOW_SAMPLES } from '../../../src/vad/speech-detector.js';

/** `type@window`, where `sample` is the begin of that window (its end for `ended`). */
function decisions(probabilities: readonly number[], level: number | readonly number[] = -20): string[] {
  const detector = new SpeechDetector();
  return probabilities.flatMap((probability, i) => {
    const db = typeof level === 'number' ? level : (level[i] ?? -20);
    return detector
      .push(probability, db, (i + 1) * WINDOW_SAMPLES)
      .map(({ type, sample }) => `${i}: ${type}@${sample / WINDOW_SAMPLES}`);
  });
}

void t.test('speech is suspected when two of three windows are at 0.8 or more', async (t) => {
  for (const [probabilities, expected] of [
    [[0.8, 0.8], ['1: onset@0']],
    [[0.9, 0.1, 0.9], ['2: onset@0']],
    [[0.9, 0.1, 0.1, 0.9], []],
    [[0.79, 0.79, 0.79, 0.79], []],
    [[0.1, 0.6, 0.7, 0.9, 0.9], ['4: onset@1']],
    [[0.6, 0.1, 0.1, 0.9, 0.9], ['4: onset@3']],
  ] as const) {
    t.same(decisions(probabilities), expected, probabilities.join(' '));
  }
});

void t.test('it is speech when five of six windows are at 0.5 or more, and not before an onset', async (t) => {
  t.same(decisions([0.9, 0.9, 0.5, 0.5, 0.5]), ['1: onset@0', '4: confirmed@0']);
  t.same(decisions([0.9, 0.9, 0.1, 0.5, 0.5, 0.5]), ['1: onset@0', '5: confirmed@0']);
  t.same(decisions([0.9, 0.9, 0.1, 0.1, 0.5, 0.5, 0.5]), ['1: onset@0']);
  t.same(decisions([0.6, 0.6, 0.6, 0.6, 0.6, 0.9, 0.9]), ['6: onset@1', '6: confirmed@1'], 'both at once');
});

void t.test('speech ends after five windows below 0.35, at the end of the last at 0.5 or more', async (t) => {
  const speech = [0.9, 0.9, 0.9, 0.9, 0.9];
  t.same(decisions([...speech, 0.34, 0.34, 0.34, 0.34]), ['1: onset@0', '4: confirmed@0']);
  t.same(decisions([...speech, 0.34, 0.34, 0.34, 0.34, 0.34]).at(-1), '9: ended@5');
  t.same(
    decisions([...speech, 0.45, 0.1, 0.1, 0.1, 0.1, 0.1]).at(-1),
    '10: ended@5',
    'an uncertain window prolongs, but is not speech',
  );
  t.same(decisions([...speech, 0.1, 0.1, 0.1, 0.1, 0.4, 0.1, 0.1, 0.1, 0.1, 0.1]).at(-1), '14: ended@5', 'the count begins anew');
});

void t.test('a suspicion ends too, and the next speech is told anew', async (t) => {
  const silence = [0, 0, 0, 0, 0];
  t.same(decisions([0.9, 0.9, ...silence, 0.9, 0.9, ...silence]), ['1: onset@0', '6: ended@2', '8: onset@7', '13: ended@9']);
});

void t.test('windows too faint for a caller begin nothing, but go on with speech that has begun', async (t) => {
  t.same(decisions([0.9, 0.9, 0.9, 0.9, 0.9, 0.9, 0.9], -61), []);
  t.same(decisions([0.9, 0.9, 0.9, 0.9, 0.9, 0.9, 0.9], -60), ['1: onset@0', '4: confirmed@0']);
  const faintTail = [-20, -20, -20, -20, -20, -70, -70];
  t.same(decisions([0.9, 0.9, 0.9, 0.9, 0.9, 0.9, 0.9, 0, 0, 0, 0, 0], faintTail).at(-1), '11: ended@7');
});

void t.test('the level of full scale is 0 dB, of silence minus infinity', async (t) => {
  t.equal(Math.round(levelDbfs(new Int16Array(100).fill(-32_768))), 0);
  t.equal(Math.round(levelDbfs(new Int16Array(100).fill(3_277))), -20);
  t.equal(levelDbfs(new Int16Array(100)), Number.NEGATIVE_INFINITY);
});
