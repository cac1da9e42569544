import t from 'tap';
import { resample } from '../../../src/core/resample.js';
import { toneShare } from '../../support/signal.js';

const tone = (hz: number, rateHz: number, seconds = 0.5): Int16Array =>
  Int16Array.from({ length: rateHz * seconds }, (_, i) => Math.round(10_000 * Math.sin((2 * Math.PI * hz * i) / rateHz)));

void t.test('a tone is the same tone at another rate, as long and as loud', (t) => {
  for (const [fromHz, toHz] of [
    [8000, 16_000],
    [44_100, 16_000],
    [48_000, 16_000],
    [16_000, 24_000],
    [11_025, 16_000],
  ] as const) {
    const out = resample(tone(1000, fromHz), fromHz, toHz);
    t.ok(Math.abs(out.length - toHz / 2) <= 1, `${fromHz} -> ${toHz}: ${out.length} samples`);
    const middle = out.subarray(1000, -1000);
    t.ok(toneShare(middle, 1000, toHz) > 0.999, `${fromHz} -> ${toHz}: 1000 Hz`);
    t.ok(Math.abs(peak(middle) - 10_000) < 100, `${fromHz} -> ${toHz}: peak ${peak(middle)}`);
  }
  t.end();
});

void t.test('what the lower rate cannot hold is left out instead of being heard as something else', (t) => {
  t.ok(peak(resample(tone(10_000, 48_000), 48_000, 16_000).subarray(200, -200)) < 20);
  t.end();
});

void t.test('what is too loud is clipped; nothing stays nothing; the same rate is the same samples', (t) => {
  const loud = Float32Array.from({ length: 100 }, () => 60_000);
  t.equal(peak(resample(loud, 48_000, 16_000)), 32_767);
  t.equal(resample(new Int16Array(0), 48_000, 16_000).length, 0);
  const same = tone(440, 16_000);
  t.equal(resample(same, 16_000, 16_000), same);
  t.end();
});

function peak(samples: Int16Array): number {
  return samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
}
