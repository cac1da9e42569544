import { systemClock } from '../../src/core/clock.js';
import { heardToTheEnd, yieldedAfter } from '../bench/line-analysis.js';
import { quantile } from '../bench/statistics.js';
import type { EchoPath } from '../support/echo-line.js';
import { type AgentLine, agentWords, type Judged, type Script } from './agent-line.js';
import { AT_ONCE, type Figure, percent, QUESTION, undisturbed, VOICES } from './suites.js';

/** From a loudspeaker on the table to the best of telephone hybrids; from next door to over a satellite. */
const RETURN_LOSSES_DB = [6, 15, 25, 35, 50];
const DELAYS_MS = [20, 120, 400];
const PATHS: readonly EchoPath[] = RETURN_LOSSES_DB.flatMap((returnLossDb) =>
  DELAYS_MS.map((delayMs) => ({ returnLossDb, delayMs, roomMs: 40 })),
);
const INTERRUPTIONS = ['stop', 'what are your opening hours'];
const PATIENT_MS = 2_500;
const RATE_HZ = 16_000;

/** Whether the agent hears itself as somebody who interrupts, and callers all the same, on lines that return its voice. */
export async function echo(line: AgentLine): Promise<Figure[]> {
  const answer = await undisturbed(line);
  const question = await line.say(QUESTION, 'rms');
  const beganMs: number[] = [];
  const alone = await line.call(
    'demo',
    PATHS.map(
      (_, index): Script =>
        async (caller) => {
          await caller.listen();
          await caller.say(question);
          beganMs[index] = systemClock.monotonicMs();
          await caller.listen();
        },
    ),
    AT_ONCE,
    pathOf,
  );
  const over = await line.call('demo', await interrupting(line, question), AT_ONCE, pathOf);
  return [...falseCuts(alone, beganMs, answer), ...doubleTalk(over, answer)];
}

const pathOf = (index: number): EchoPath => PATHS[index % PATHS.length] ?? { returnLossDb: 6, delayMs: 20, roomMs: 40 };

async function interrupting(line: AgentLine, question: Int16Array): Promise<Script[]> {
  const scripts: Script[] = [];
  for (const [turn, saying] of INTERRUPTIONS.entries()) {
    for (const index of PATHS.keys()) {
      const interruption = await line.say(saying, VOICES[(index + turn) % VOICES.length] ?? 'rms');
      scripts.push(async (caller) => {
        await caller.listen();
        await caller.say(question);
        await caller.interrupt(interruption);
        await caller.wait(PATIENT_MS);
      });
    }
  }
  return scripts;
}

function falseCuts(calls: readonly Judged[], beganMs: readonly number[], answer: Int16Array): Figure[] {
  // Who was heard wrongly was given another answer, which tells nothing.
  const judged = [...calls.entries()].filter(([, call]) => isLongAnswer(call));
  const cut = judged.filter(([index, call]) => !heardToTheEnd(beganMs[index] ?? 0, call.line, answer));
  const minutes = (judged.length * answer.length) / RATE_HZ / 60;
  const turns = judged.reduce(
    (sum, [, { record }]) => sum + record.turns.filter(({ cause }) => cause === 'speech').length - 1,
    0,
  );
  return [
    {
      eval: 'echo',
      figure: 'alone: agent cut by its own voice',
      n: judged.length,
      value: cut.length / minutes,
      unit: '/min',
      aim: '<= 0.5',
    },
    {
      eval: 'echo',
      figure: 'alone: turns begun by its own voice',
      n: judged.length,
      value: turns / minutes,
      unit: '/min',
      aim: '0',
    },
  ];
}

const isLongAnswer = (call: Judged): boolean => agentWords(call).some((words) => words.length > 150);

function doubleTalk(calls: readonly Judged[], answer: Int16Array): Figure[] {
  const said = calls.flatMap((call) =>
    call.utterances.filter(({ interrupts }) => interrupts).map((utterance) => ({ call, utterance })),
  );
  const judged = said.filter(({ call }) => isLongAnswer(call) || wasCut(call));
  const reactions = judged.flatMap(({ call, utterance }) => {
    const yielded = yieldedAfter(utterance.firstMs, call.line, answer);
    return yielded ? [yielded.lastFullLevelMs - utterance.firstMs] : [];
  });
  const figure = (name: string, n: number, value: number, unit: Figure['unit'], aim?: string): Figure => ({
    eval: 'echo',
    figure: `spoken over: ${name}`,
    n,
    value,
    unit,
    ...(aim !== undefined && { aim }),
  });
  return [
    figure('missed', judged.length, percent(judged.length - reactions.length, judged.length), '%', '<= 10'),
    figure('onset to last packet at full level, p50', reactions.length, quantile(reactions, 0.5), 'ms'),
    figure('onset to last packet at full level, p95', reactions.length, quantile(reactions, 0.95), 'ms', '<= 300'),
  ];
}

const wasCut = ({ record }: Judged): boolean => record.turns.some(({ interrupted }) => interrupted);
