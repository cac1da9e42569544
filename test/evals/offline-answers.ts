import { FakeClock } from '../../src/core/clock.js';
import { silentLogger } from '../../src/core/log.js';
import type { AnsweredBy } from '../../src/domain/answered-by.js';
import { AnswerDetector } from '../../src/pipeline/answering/answer-detector.js';
import { startFliteSynthesizer } from '../../src/speech/embedded/flite-synthesizer.js';
import { CONTEXT_SAMPLES, INPUT_SAMPLES, type Model, STATE_SIZE } from '../../src/vad/batch-detector.js';
import { findModel } from '../../src/vad/model-file.js';
import { loadSilero } from '../../src/vad/silero.js';
import { levelDbfs, SpeechDetector, WINDOW_SAMPLES } from '../../src/vad/speech-detector.js';
import { quantile } from '../bench/statistics.js';
import { g711Decode, g711Encode } from '../support/g711.js';
import { type Answerer, type Half, labelledAnswerers } from './answerers.js';
import type { Figure } from './suites.js';

/** As long as an agent looks for machines that says nothing else. */
const TIMEOUT_MS = 20_000;
/** A packet, and the detector's wait for its next turn. */
const ON_THE_WAY_MS = 30;
/** From the end of a beep until the engine is sure of it. */
const BEEP_LATE_MS = 100;
const SAMPLES_PER_MS = 16;

type Outcome = { answerer: Answerer; told: readonly AnsweredBy[] };

/**
 * Who is told for what by sound alone, where no recogniser understands a word: the detectors of speech and of machines as in a call, but at
 * the pace of the machine instead of the clock's. Each recording's verdicts go to standard error.
 */
export async function answering(): Promise<Figure[]> {
  const tts = startFliteSynthesizer({ workers: 1, log: silentLogger });
  try {
    const model = await loadSilero(await findModel(undefined));
    const outcomes: Outcome[] = [];
    for (const answerer of await labelledAnswerers(tts)) {
      const told = await verdictsOn(model, answerer);
      const mark = isRight({ answerer, told }) ? '  ' : '!!';
      const story = told.map(({ verdict, reason, afterMs }) => `${verdict} (${reason}) ${afterMs}`).join(', ');
      process.stderr.write(`${mark} ${answerer.half} ${answerer.verdict} | ${answerer.what} | ${story}\n`);
      outcomes.push({ answerer, told });
    }
    return (['tuned', 'held out'] as const).flatMap((half) => figuresOf(half, outcomes));
  } finally {
    await tts.close();
  }
}

async function verdictsOn(model: Model, { sound, beepEndSample }: Answerer): Promise<AnsweredBy[]> {
  const clock = new FakeClock();
  const told: AnsweredBy[] = [];
  const detector = new AnswerDetector({ clock, timeoutMs: TIMEOUT_MS }, (answeredBy) => told.push(answeredBy));
  await scheduleSpeech(model, overTheLine(sound), clock, detector);
  if (beepEndSample !== undefined) {
    clock.schedule(beepEndSample / SAMPLES_PER_MS + BEEP_LATE_MS, () => detector.tone('beep'));
  }
  detector.answered(false);
  clock.advance(TIMEOUT_MS + 1000);
  detector.close();
  return told;
}

async function scheduleSpeech(model: Model, pcm: Int16Array, clock: FakeClock, detector: AnswerDetector): Promise<void> {
  const speech = new SpeechDetector();
  const input = new Float32Array(INPUT_SAMPLES);
  let states = new Float32Array(2 * STATE_SIZE);
  const listened = new Int16Array(pcm.length + SAMPLES_PER_MS * 2000);
  listened.set(pcm);
  for (let end = WINDOW_SAMPLES; end <= listened.length; end += WINDOW_SAMPLES) {
    for (let i = 0; i < INPUT_SAMPLES; i += 1) input[i] = (listened[end - WINDOW_SAMPLES - CONTEXT_SAMPLES + i] ?? 0) / 32_768;
    const result = await model(input, states, 1);
    states = Float32Array.from(result.states);
    const level = levelDbfs(listened.subarray(end - WINDOW_SAMPLES, end));
    for (const { type, sample } of speech.push(result.probabilities[0] ?? 0, level, end)) {
      const arrivedMs = sample / SAMPLES_PER_MS + ON_THE_WAY_MS;
      clock.schedule(end / SAMPLES_PER_MS + ON_THE_WAY_MS, () => {
        if (type === 'onset') detector.speechBegan(arrivedMs);
        else if (type === 'confirmed') detector.speechConfirmed();
        else detector.speechEnded(arrivedMs);
      });
    }
  }
}

/** As a telephone line of G.711 leaves it. */
function overTheLine(pcm: Int16Array): Int16Array {
  const narrow = Int16Array.from({ length: pcm.length >> 1 }, (_, i) => ((pcm[2 * i] ?? 0) + (pcm[2 * i + 1] ?? 0)) >> 1);
  const heard = g711Decode(g711Encode(narrow, 'PCMU'), 'PCMU');
  return Int16Array.from({ length: heard.length * 2 }, (_, i) => ((heard[i >> 1] ?? 0) + (heard[(i + 1) >> 1] ?? 0)) >> 1);
}

/** A menu is no person; only words tell it from other machines. */
const isRight = ({ answerer, told }: Outcome): boolean => (told.at(-1)?.verdict === 'human') === (answerer.verdict === 'human');

function figuresOf(half: Half, outcomes: readonly Outcome[]): Figure[] {
  const ofHalf = outcomes.filter(({ answerer }) => answerer.half === half);
  const share = (figure: string, isHuman: boolean, aim: string): Figure => {
    const all = ofHalf.filter(({ answerer }) => (answerer.verdict === 'human') === isHuman);
    const value = (100 * all.filter(isRight).length) / all.length;
    return { eval: 'answering', figure: `${half}: ${figure}`, n: all.length, value, unit: '%', aim };
  };
  const times = (which: string, of: (told: readonly AnsweredBy[]) => AnsweredBy | undefined): Figure[] => {
    const values = ofHalf.filter(isRight).map(({ told }) => of(told)?.afterMs ?? Number.NaN);
    const about = { eval: 'answering', n: values.length, unit: 'ms' } as const;
    return [
      { ...about, figure: `${half}: answer to ${which} verdict, p50`, value: quantile(values, 0.5) },
      { ...about, figure: `${half}: answer to ${which} verdict, p95`, value: quantile(values, 0.95), aim: '<= 3500' },
    ];
  };
  return [
    share('people told for people', true, '100'),
    share('machines told for machines', false, '>= 95'),
    ...times('first', (told) => told[0]),
    ...times('last', (told) => told.at(-1)),
  ];
}
