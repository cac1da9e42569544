import t from 'tap';
import { COUNTRIES_WITH_TONES, PROGRESS_TONES, progressTone } from '../../../src/domain/progress-tones.js';

void t.test('each country has its own tones, and where none are known those of E.180', async (t) => {
  t.same(progressTone('ringback', 'US'), [
    { hz: [440, 480], ms: 2000 },
    { hz: [], ms: 4000 },
  ]);
  t.same(progressTone('ringback', 'GB'), [
    { hz: [400, 450], ms: 400 },
    { hz: [], ms: 200 },
    { hz: [400, 450], ms: 400 },
    { hz: [], ms: 2000 },
  ]);
  t.same(progressTone('busy', 'DE'), [
    { hz: [425], ms: 480 },
    { hz: [], ms: 480 },
  ]);
  t.same(progressTone('busy', 'VA'), progressTone('busy', undefined));
  t.same(progressTone('congestion', 'constructor'), progressTone('congestion', undefined));
});

void t.test('every tone is one that the engine can play, and begins with sound', async (t) => {
  for (const country of COUNTRIES_WITH_TONES) {
    for (const tone of PROGRESS_TONES) {
      const steps = progressTone(tone, country);
      t.ok(steps.length >= 2 && steps.length <= 8, `${country} ${tone}`);
      for (const [i, { hz, ms }] of steps.entries()) {
        t.equal(hz.length === 0, i % 2 === 1);
        t.ok(hz.length <= 2 && hz.every((each) => each >= 380 && each <= 640) && ms >= 150);
      }
    }
  }
});
