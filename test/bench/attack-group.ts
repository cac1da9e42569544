import { withSpeech } from './caller-speech.js';
import type { FloodParameters, FloodResult } from './flood-trial.js';
import type { GuessingParameters, GuessingResult } from './guessing-trial.js';
import { markdown } from './tables.js';
import { trial } from './trial.js';

/** Calls a second that are set up without a failure, by `npm run bench -- signalling`. */
const CAPACITY = 200;
const FLOODS = [0, 1, 2, 5];

export async function benchAttack(guesses: number) {
  const guessing = await trial<GuessingResult>('guessing', { guesses } satisfies GuessingParameters);
  return await withSpeech(async (speechFile) => {
    const floods: FloodResult[] = [];
    for (const times of FLOODS) {
      const parameters: FloodParameters = { calls: 50, invitesPerSecond: times * CAPACITY, seconds: 10, speechFile };
      floods.push(await trial<FloodResult>('flood', parameters));
    }
    return { result: { guessing, floods }, table: `${guessingTable(guessing)}\n\n${floodTable(floods)}` };
  });
}

function guessingTable({ guesses, rows }: GuessingResult): string {
  const head = ['', 'known p50 ms', 'p99', 'unknown p50 ms', 'p99', 'unknown / known', 'noise', 'other answers'];
  const cells = rows.map(({ method, knownMs, unknownMs, ratio, noise, otherAnswers }) => [
    method,
    ...[knownMs.p50Ms, knownMs.p99Ms, unknownMs.p50Ms, unknownMs.p99Ms].map((ms) => ms.toFixed(2)),
    ratio.toFixed(3),
    noise.toFixed(3),
    String(otherAnswers),
  ]);
  const title =
    `Wrong passwords for a user that there is and for one that there is not, ${guesses} of each in turn. Ratio of the medians; noise: the ` +
    "same ratio of the known user's second half and first";
  return `${title}\n${markdown(head, cells)}`;
}

function floodTable(floods: readonly FloodResult[]): string {
  const head = [
    'INVITEs/s',
    'taken',
    '503',
    'no answer',
    'RTP lost',
    'not sent',
    'pacing p99 ms',
    'max',
    'CPU',
    'RSS MiB',
    'flooded',
    'after',
  ];
  const rows = floods.map(({ flooded, generated, serverCores, residentMiB }) => [
    String(flooded.sentPerSecond),
    ...[flooded.accepted, flooded.busy, flooded.unanswered, generated.missing, generated.unsent].map(String),
    generated.pacingP99Ms.toFixed(2),
    generated.pacingMaxMs.toFixed(1),
    `${(serverCores * 100).toFixed(1)} %`,
    ...[residentMiB.before, residentMiB.flooded, residentMiB.afterwards].map((value) => value.toFixed(0)),
  ]);
  const title =
    `${floods[0]?.calls ?? 0} echo calls with speech while a stranger sends INVITEs: what comes of these, what the calls lose (packets of ours ` +
    'that did not arrive, and that never left), CPU in per cent of one core, and resident memory before, at the end, and 35 s later';
  return `${title}\n${markdown(head, rows)}`;
}
