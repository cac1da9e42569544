import t from 'tap';
import { COUNTRIES_WITH_TONES, PROGRESS_TONES, progressTone } from '../../../src/domain/progress-tones.js';
import { type HeardTone, ToneRecognizer } from '../../../src/domain/tone-recognizer.js';

type Step = { hz: readonly number[]; ms: number };

/** What is told of `steps`, heard as the engine hears them: near frequencies as one, times a little off. */
function told(country: string | undefined, steps: readonly Step[], turns = 1): { tones: HeardTone[]; afterMs: number[] } {
  const tones: HeardTone[] = [];
  const afterMs: number[] = [];
  let atMs = 1_000;
  const recognizer = new ToneRecognizer(country, (tone) => {
    tones.push(tone);
    afterMs.push(atMs - 1_000);
  });
  for (let turn = 0; turn < turns; turn += 1) {
    for (const [i, { hz, ms }] of steps.entries()) {
      const [low, high] = hz;
      const startMs = atMs + (i % 2 === 0 ? 15 : -10);
      atMs += ms;
      if (low === undefined) continue;
      const merged = high !== undefined && high - low < 60;
      recognizer.heard({
        lowHz: (merged ? (low + high) / 2 : low) + 4,
        highHz: merged || high === undefined ? undefined : high - 4,
        startMs,
        endMs: atMs - 12,
      });
    }
  }
  return { tones, afterMs };
}

const alone = (hz: number, ms: number, pauseMs = 500): Step[] => [
  { hz: [hz], ms },
  { hz: [], ms: pauseMs },
];

void t.test('every tone of every country is told once, and is no other there, within two turns or three sounds', async (t) => {
  for (const country of COUNTRIES_WITH_TONES) {
    for (const tone of PROGRESS_TONES) {
      const steps = progressTone(tone, country);
      const same = PROGRESS_TONES.find((other) => JSON.stringify(progressTone(other, country)) === JSON.stringify(steps));
      t.same(told(country, steps, 6).tones, [same], `${country} ${tone}`);
    }
  }
});

void t.test('ringing is told when the telephone has rung once, wherever it is; later on the line it takes two', async (t) => {
  for (const country of [...COUNTRIES_WITH_TONES, undefined]) {
    const steps = progressTone('ringback', country);
    const ringMs = steps.slice(0, -1).reduce((sum, { ms }) => sum + ms, 0);
    t.same(told(country, steps), { tones: ['ringback'], afterMs: [ringMs] }, `${country}`);
    // Two short ones may be a busy line's, somewhere.
    t.same(told(undefined, steps).tones, steps.length === 2 ? ['ringback'] : [], `${country}, not known`);
    const late = [{ hz: [], ms: 8_000 }, { hz: [], ms: 0 }, ...steps];
    t.same(told(country, late).tones, [], 'it may be a beep');
    t.same(told(country, [...late, ...steps]).tones, ['ringback']);
  }
});

void t.test('a rhythm that may be part of a longer one is not told before that is known', async (t) => {
  const congestion = progressTone('congestion', 'ES');
  t.same(told('ES', congestion, 2), { tones: ['congestion'], afterMs: [200 * 5 + 600 + 200] });
  for (const begin of [2, 4])
    t.same(told('ES', [...congestion.slice(begin), ...congestion, ...congestion]).tones, ['congestion'], `from ${begin} on`);
  t.same(told('ES', progressTone('busy', 'ES'), 8), { tones: ['busy'], afterMs: [200 * 7] });
});

void t.test('where the country is not known, ringing is ringing and busy is not', async (t) => {
  for (const country of COUNTRIES_WITH_TONES) {
    t.same(told(undefined, progressTone('ringback', country), 5).tones, ['ringback'], country);
    t.notSame(told('XX', progressTone('busy', country), 8).tones, ['ringback'], country);
  }
  t.same(told(undefined, progressTone('busy', 'US'), 4).tones, ['busy']);
});

void t.test('the three tones before an announcement, a fax that calls and one that answers', async (t) => {
  const rising = [950, 1400, 1800].map((hz) => ({ hz: [hz], ms: 330 }));
  t.same(told('US', [...rising, { hz: [], ms: 1000 }]).tones, ['information']);
  t.same(told('US', rising.toReversed()).tones, [], 'not the other way round');
  t.same(told('DE', alone(1100, 500, 3000), 3).tones, ['fax']);
  t.same(told('DE', alone(2100, 3000)).tones, ['fax']);
  t.same(
    told(
      'DE',
      [...Array(6)].map(() => ({ hz: [2100], ms: 450 })),
    ).tones,
    ['fax'],
    'with its phase turned',
  );
});

void t.test('a beep is a tone that means nothing else, every time', async (t) => {
  t.same(told('DE', [...alone(1000, 400), ...alone(1000, 400)]).tones, ['beep', 'beep']);
  t.same(told('US', alone(800, 200)).tones, ['beep']);
  for (const nothing of [
    alone(425, 400),
    alone(1000, 60),
    alone(1000, 5000),
    alone(200, 400),
    alone(1100, 500),
    alone(950, 330),
  ]) {
    t.same(told('DE', nothing).tones, [], JSON.stringify(nothing[0]));
  }
});

void t.test('tones without the rhythm are none', async (t) => {
  const uneven = [480, 300, 900, 480, 200, 700, 480, 1500, 300, 480].map((ms, i) => ({ hz: i % 2 === 0 ? [425] : [], ms }));
  t.same(told('DE', uneven).tones, []);
});
