import { AUDIO_RATE_HZ, type EchoCancellation } from '../../src/domain/ports/media.js';
import type { VoiceEvent } from '../../src/domain/ports/voice-activity.js';
import { type CallAudio, detectedIn } from '../support/echo-hearing.js';
import { atLevel, doubled, type EchoPath, heardFrom, LINE_RATE_HZ } from '../support/echo-line.js';
import { recordedVoices } from './recorded-voices.js';
import { quantile, rounded } from './statistics.js';

export type EchoParameters = {
  mode: EchoCancellation;
  delaysMs: readonly number[];
  returnLossesDb: readonly number[];
  /** Of the agent's speech, for each delay and loss: once alone, once with callers speaking over it. */
  seconds: number;
  path: Omit<EchoPath, 'delayMs' | 'returnLossDb'>;
};

/** Of one return loss, over all delays. */
export type EchoFigures = {
  returnLossDb: number;
  onsetsPerMinute: number;
  pausesPerMinute: number;
  /** Speech of 600 ms and more, which stops the agent whatever it is. */
  cutsPerMinute: number;
  doubleTalks: number;
  missedPercent: number;
  reactionP50Ms: number;
  reactionP95Ms: number;
};

/** `cpuPercent`: of a core, while the agent speaks. */
export type EchoResult = { figures: EchoFigures[]; cpuPercent: number };

const AGENT_DBFS = -20;
const CALLER_DBFS = -26;
const CALLER_EVERY_S = 5;
const CALLER_S = 2;
const NOTICED_WITHIN_MS = 1_000;
const LONG_SPEECH_SAMPLES = 0.6 * AUDIO_RATE_HZ;

/** `beganMs`: when callers begin to speak; of none at all the call tells the false alarms. */
type Call = CallAudio & { returnLossDb: number; beganMs: readonly number[] };
type Overlap = { caller: Int16Array; beganMs: number[] };

async function trial({ mode, delaysMs, returnLossesDb, seconds, path }: EchoParameters): Promise<EchoResult> {
  const voices = recordedVoices(seconds);
  const agent = atLevel(voices.agent, AGENT_DBFS);
  const sent = doubled(agent);
  const nobody: Overlap = { caller: new Int16Array(agent.length), beganMs: [] };
  const calls = returnLossesDb.flatMap((returnLossDb) =>
    delaysMs.flatMap((delayMs) =>
      [nobody, speakingOver(agent.length, voices.callers)].map(({ caller, beganMs }): Call => {
        const heard = doubled(heardFrom(agent, caller, { ...path, delayMs, returnLossDb }));
        return { sent, heard, returnLossDb, beganMs };
      }),
    ),
  );
  const { events, cancelMs } = await detectedIn(calls, mode);
  const heardMs = (calls.length * sent.length * 1_000) / AUDIO_RATE_HZ;
  const figures = returnLossesDb.map((returnLossDb) => {
    const own = [...calls.keys()].filter((i) => calls[i]?.returnLossDb === returnLossDb);
    return { returnLossDb, ...figuresOf(own.map((i) => [calls[i], events[i]] as [Call, VoiceEvent[]])) };
  });
  return { figures, cpuPercent: rounded((100 * cancelMs) / heardMs, 3) };
}

/** One caller after the other, each at a moment of their own. */
function speakingOver(samples: number, callers: readonly Int16Array[]): Overlap {
  const caller = new Int16Array(samples);
  const beganMs: number[] = [];
  for (let i = 0; ; i += 1) {
    const at = Math.round((2 + i * CALLER_EVERY_S + ((i * 0.377) % 1)) * LINE_RATE_HZ);
    const voice = callers[i % callers.length];
    if (!voice || at + CALLER_S * LINE_RATE_HZ > samples) return { caller, beganMs };
    caller.set(atLevel(voice.subarray(0, CALLER_S * LINE_RATE_HZ), CALLER_DBFS), at);
    beganMs.push((at * 1_000) / LINE_RATE_HZ);
  }
}

function figuresOf(calls: readonly [Call, readonly VoiceEvent[]][]): Omit<EchoFigures, 'returnLossDb'> {
  const alone = calls.filter(([{ beganMs }]) => beganMs.length === 0);
  const minutes = alone.reduce((sum, [{ sent }]) => sum + sent.length / AUDIO_RATE_HZ / 60, 0);
  const perMinute = (count: (events: readonly VoiceEvent[]) => number): number =>
    rounded(alone.reduce((sum, [, events]) => sum + count(events), 0) / minutes);
  const reactions = calls.flatMap(([{ beganMs }, events]) => beganMs.map((began) => reactionMs(began, events)));
  const noticed = reactions.filter((ms) => ms !== undefined);
  return {
    onsetsPerMinute: perMinute((events) => events.filter(({ type }) => type === 'onset').length),
    pausesPerMinute: perMinute((events) => events.filter(({ type }) => type === 'confirmed').length),
    cutsPerMinute: perMinute((events) => events.filter((_, i) => isLong(events, i)).length),
    doubleTalks: reactions.length,
    missedPercent: rounded((100 * (reactions.length - noticed.length)) / reactions.length, 1),
    reactionP50Ms: rounded(quantile(noticed, 0.5), 0),
    reactionP95Ms: rounded(quantile(noticed, 0.95), 0),
  };
}

/** From the first sound to the suspicion that ducks the agent; undefined when nothing is noticed, or the detector was stuck before. */
function reactionMs(beganMs: number, events: readonly VoiceEvent[]): number | undefined {
  const onset = events.find(({ type, atMs }) => type === 'onset' && atMs > beganMs && atMs <= beganMs + NOTICED_WITHIN_MS);
  return onset && onset.atMs - beganMs;
}

function isLong(events: readonly VoiceEvent[], index: number): boolean {
  const [onset, ...later] = events.slice(index);
  if (onset?.type !== 'onset') return false;
  const end = later.find(({ type }) => type === 'ended')?.sample ?? Number.POSITIVE_INFINITY;
  return end - onset.sample >= LONG_SPEECH_SAMPLES;
}

const [parameters = ''] = process.argv.slice(2);
process.stdout.write(JSON.stringify(await trial(JSON.parse(parameters) as EchoParameters)));
