import t from 'tap';
import { FakeClock } from '../../../../src/core/clock.js';
import type { AnsweredBy } from '../../../../src/domain/answered-by.js';
import type { HeardTone } from '../../../../src/domain/tone-recognizer.js';
import { AnswerDetector } from '../../../../src/pipeline/answering/answer-detector.js';

/** How late the detector of speech tells what it hears. */
const ONSET_LATE_MS = 90;
const CONFIRMED_LATE_MS = 180;
const END_LATE_MS = 180;
const TIMEOUT_MS = 20_000;

type Step =
  | { speech: readonly [fromMs: number, toMs: number] }
  | { words: string; atMs: number }
  | { tone: HeardTone; atMs: number };

/** What is told of a far end that does this after the answer, in order. */
function verdictsOn(steps: readonly Step[], { early = false, endMs = 25_000 } = {}): AnsweredBy[] {
  const clock = new FakeClock();
  const told: AnsweredBy[] = [];
  const detector = new AnswerDetector({ clock, timeoutMs: TIMEOUT_MS }, (answeredBy) => told.push(answeredBy));
  for (const step of steps) {
    if ('speech' in step) {
      const [fromMs, toMs] = step.speech;
      clock.schedule(fromMs + ONSET_LATE_MS, () => detector.speechBegan(fromMs));
      if (toMs - fromMs > 150) clock.schedule(fromMs + CONFIRMED_LATE_MS, () => detector.speechConfirmed());
      clock.schedule(toMs + END_LATE_MS, () => detector.speechEnded(toMs));
    } else if ('words' in step) clock.schedule(step.atMs, () => detector.understood(step.words));
    else clock.schedule(step.atMs, () => detector.tone(step.tone));
  }
  detector.answered(early);
  clock.advance(endMs);
  detector.close();
  return told;
}

const speech = (fromMs: number, toMs: number): Step => ({ speech: [fromMs, toMs] });

void t.test('who has answered is told by the last verdict, within three and a half seconds of a usual greeting', async (t) => {
  const labelled: { what: string; steps: Step[]; verdict: string; reason: string; withinMs?: number }[] = [
    { what: 'hello', steps: [speech(500, 900)], verdict: 'human', reason: 'short_greeting' },
    { what: 'yes? hello?', steps: [speech(300, 600), speech(1000, 1500)], verdict: 'human', reason: 'short_greeting' },
    { what: 'a name and a hello', steps: [speech(400, 2300)], verdict: 'human', reason: 'short_greeting' },
    { what: 'a company and a name', steps: [speech(400, 2900)], verdict: 'human', reason: 'short_greeting' },
    { what: 'two sentences', steps: [speech(400, 1700), speech(2300, 2900)], verdict: 'human', reason: 'short_greeting' },
    {
      what: 'a cough before the hello',
      steps: [speech(200, 300), speech(700, 1200)],
      verdict: 'human',
      reason: 'short_greeting',
    },
    { what: 'a long greeting', steps: [speech(600, 6000)], verdict: 'machine', reason: 'long_greeting' },
    {
      what: 'one in short sentences',
      steps: [speech(500, 1500), speech(1900, 2600), speech(3000, 6000)],
      verdict: 'machine',
      reason: 'long_greeting',
    },
    {
      what: 'told by its first words',
      steps: [speech(300, 6000), { words: "You've reached", atMs: 1400 }],
      verdict: 'machine',
      reason: 'words',
      withinMs: 1400,
    },
    {
      what: 'a menu',
      steps: [speech(300, 9000), { words: 'For sales, press 1', atMs: 2200 }],
      verdict: 'ivr',
      reason: 'words',
      withinMs: 2200,
    },
    {
      what: 'somebody who takes calls for a company and says so',
      steps: [speech(300, 3500), { words: 'Smith and Sons, how can I help', atMs: 2600 }],
      verdict: 'human',
      reason: 'words',
    },
    { what: 'a beep alone', steps: [{ tone: 'beep', atMs: 1500 }], verdict: 'machine', reason: 'beep', withinMs: 1500 },
    { what: 'a fax', steps: [{ tone: 'fax', atMs: 3200 }], verdict: 'fax', reason: 'fax_tone' },
  ];
  for (const { what, steps, verdict, reason, withinMs = 3500 } of labelled) {
    const told = verdictsOn(steps);
    t.match(told, [{ verdict, reason }], what);
    t.ok((told[0]?.afterMs ?? Number.NaN) <= withinMs, `${what}: after ${told[0]?.afterMs} ms`);
  }
});

void t.test('a machine that was taken for a human is told by its words, or by a beep right after them', async (t) => {
  const greeting = [speech(400, 900), speech(2500, 9000)];
  t.match(verdictsOn([...greeting, { words: 'please leave a message after the tone', atMs: 6000 }]), [
    { verdict: 'human', reason: 'short_greeting' },
    { verdict: 'machine', reason: 'words', afterMs: 6000 },
  ]);
  t.match(verdictsOn([...greeting, { tone: 'beep', atMs: 9600 }]), [
    { verdict: 'human' },
    { verdict: 'machine', reason: 'beep', afterMs: 9600 },
  ]);
  t.match(verdictsOn([speech(400, 900), { tone: 'beep', atMs: 3000 }]), [{ verdict: 'human' }], 'not by any beep');
  t.match(
    verdictsOn([speech(400, 900), { words: 'after the tone', atMs: 21_000 }]),
    [{ verdict: 'human' }],
    'nor when it is late',
  );
});

void t.test('whoever speaks for longer, but soon waits, is a human after all where no beep comes', async (t) => {
  const told = [
    { verdict: 'machine', reason: 'long_greeting' },
    { verdict: 'human', reason: 'short_greeting' },
  ];
  t.match(verdictsOn([speech(500, 3900)]), told);
  t.match(verdictsOn([speech(500, 3900), speech(7000, 9900)]), told, 'who later answers at length is none either');
  for (const [why, steps] of [
    ['a beep ends it', [speech(500, 3900), { tone: 'beep', atMs: 5000 }]],
    ['it goes on', [speech(500, 3900), speech(4900, 9000)]],
    ['it was longer than any human’s', [speech(500, 5000)]],
    ['it says what it is', [speech(500, 3900), { words: 'leave a message', atMs: 3800 }]],
  ] as const) {
    t.match(verdictsOn(steps).at(-1), { verdict: 'machine' }, why);
  }
});

void t.test('whoever goes on after a pause that a human would have waited in is a machine', async (t) => {
  t.match(verdictsOn([speech(500, 1300), speech(2100, 9000)]), [
    { verdict: 'human', reason: 'short_greeting', afterMs: 2000 },
    { verdict: 'machine', reason: 'long_greeting' },
  ]);
  t.match(verdictsOn([speech(500, 900), speech(1900, 2300), speech(3300, 4000)]), [{ verdict: 'human' }], 'hello? hello?');
  t.match(verdictsOn([speech(500, 1300), speech(3000, 9000)]), [{ verdict: 'human' }], 'who answers what the agent said');
});

void t.test('a machine whose length alone had told turns out to be a menu, or somebody, by words', async (t) => {
  const long = speech(300, 12_000);
  t.match(verdictsOn([long, { words: 'to speak to somebody press two', atMs: 7000 }]), [
    { verdict: 'machine' },
    { verdict: 'ivr' },
  ]);
  t.match(verdictsOn([long, { words: 'how may I help you', atMs: 4000 }]), [{ verdict: 'machine' }, { verdict: 'human' }]);
  t.match(
    verdictsOn([long, { words: 'leave a message', atMs: 4000 }, { words: 'leave a message or press two', atMs: 6000 }]),
    [{ reason: 'long_greeting' }, { verdict: 'machine', reason: 'words' }],
    'and stays one where it says so itself',
  );
  const [first, second] = verdictsOn([long, { words: 'leave a message', atMs: 9000 }]);
  t.equal(second?.afterMs, first?.afterMs, 'clear since the first of both');
});

void t.test('nobody who says anything in time is silence; words that do not tell, a human', async (t) => {
  t.same(verdictsOn([]), [{ verdict: 'silence', reason: 'time_over', afterMs: TIMEOUT_MS }]);
  t.match(verdictsOn([speech(100, 200)]), [{ verdict: 'silence' }], 'a cough is nobody');
  t.match(verdictsOn([speech(19_700, 25_000)]), [{ verdict: 'human', reason: 'time_over', afterMs: TIMEOUT_MS }]);
});

void t.test('what was heard before the answer counts, and a call that ends early leaves it open', async (t) => {
  t.same(verdictsOn([speech(300, 9000)], { early: true }), [{ verdict: 'machine', reason: 'early_words', afterMs: 0 }]);
  t.same(verdictsOn([speech(300, 900)], { endMs: 1000 }), [{ verdict: 'unknown', reason: 'call_over', afterMs: 1000 }]);
});
