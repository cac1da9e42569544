import t from 'tap';
import { directionQuality, mosOf } from '../../../src/domain/call-quality.js';
import { rate } from '../../../src/domain/e-model.js';

const G711 = { ie: 0, bpl: 25.1, burstRatio: 1 };
const near = (actual: number, expected: number, within: number): boolean => Math.abs(actual - expected) <= within;

void t.test('a perfect line has the rating that G.107 gives for all defaults', async (t) => {
  const { rFactor, mos } = rate({ ...G711, lossPercent: 0, delayMs: 0 });
  t.equal(rFactor, 93.2);
  t.ok(near(mos, 4.41, 0.005));
});

void t.test('delay costs as figure 1 of ITU-T G.114 shows', async (t) => {
  const at = (delayMs: number): number => rate({ ...G711, lossPercent: 0, delayMs }).rFactor;
  t.equal(at(100), 93.2);
  t.ok(at(150) > 89 && at(150) < 93.2);
  t.ok(near(at(300), 93.2 - 14.5, 1.5), String(at(300)));
  t.ok(near(at(400), 93.2 - 23, 1.5), String(at(400)));
  for (let ms = 100; ms < 2000; ms += 20) t.ok(at(ms + 20) < at(ms));
});

void t.test('loss costs by the robustness of the codec, in bursts more', async (t) => {
  const at = (changes: object): number => rate({ ...G711, lossPercent: 5, delayMs: 0, ...changes }).rFactor;
  t.ok(near(at({}), 93.2 - (95 * 5) / 30.1, 1e-9));
  t.ok(near(at({ bpl: 4.3 }), 93.2 - (95 * 5) / 9.3, 1e-9), 'without concealment');
  t.ok(at({ burstRatio: 2 }) < at({}));
  t.ok(near(at({ ie: 11, bpl: 19, lossPercent: 0 }), 82.2, 1e-9), 'G.729A');
});

void t.test('a score stays between 1 and 4.5, whatever comes in', async (t) => {
  for (const lossPercent of [0, 1, 50, 100]) {
    for (const delayMs of [0, 500, 5000, 1e6]) {
      const { rFactor, mos } = rate({ ...G711, bpl: 4.3, lossPercent, delayMs });
      t.ok(rFactor >= 0 && rFactor <= 100 && mos >= 1 && mos <= 4.5);
    }
  }
});

void t.test('a call is as good as its worse direction; of what nothing is known there is no score', async (t) => {
  const audio = { codec: 'PCMA', ptimeMs: 20 } as const;
  const call = { codec: 'PCMA', roundTripMs: 200, roundTripMaxMs: 300 } as const;
  const good = directionQuality({ packets: 1000, lost: 0, jitterMs: 5 }, audio, 200);
  const bad = directionQuality({ packets: 1000, lost: 100, jitterMs: 5 }, audio, 200);
  t.match(good, { lossPercent: 0, delayMs: 130, ie: 0, bpl: 25.1, burstRatio: 1 });
  t.equal(bad?.lossPercent, 10);
  t.equal(mosOf({ ...call, inbound: good, outbound: bad }), bad?.mos);
  t.equal(mosOf({ ...call, inbound: good, outbound: undefined }), good?.mos);
  t.equal(mosOf({ ...call, inbound: undefined, outbound: undefined }), undefined);
  t.equal(directionQuality({ packets: 0, lost: 0, jitterMs: 0 }, audio, 200), undefined);
});
