import type { DialogMemoryResult } from './dialog-memory-trial.js';
import type { SignallingResult } from './signalling-trial.js';
import { markdown } from './tables.js';

export type SignallingResults = { trials: readonly SignallingResult[]; memory: DialogMemoryResult };

export function signallingTable({ trials, memory }: SignallingResults): string {
  const head = ['calls/s', 'server', 'failed', 'sent again', '100 p50 ms', 'p99', '200 p50 ms', 'p99', 'CPU', 'of SIPp'];
  const rows = trials.map((trial) => [
    String(trial.callsPerSecond),
    trial.server,
    String(trial.failed),
    String(trial.retransmissions),
    ...[trial.tryingMs, trial.answeredMs].flatMap(({ n, p50Ms, p99Ms }) =>
      n === 0 ? ['-', '-'] : [String(p50Ms), String(p99Ms)],
    ),
    `${(trial.serverCores * 100).toFixed(1)} %`,
    ratioOf(trial, trials),
  ]);
  const title =
    'Calls set up and torn down at a steady rate by SIPp over UDP, each recorded, with a media session and its rows; ' +
    "beside SIPp's own server, which sends no 100 and does nothing else. CPU in per cent of one core";
  const { dialogs, signallingKilobytes, wholeKilobytes } = memory;
  const standing =
    `${dialogs} dialogs that stand still: ${signallingKilobytes} kB each in signalling and SIP adapter, ` +
    `${wholeKilobytes} kB in the whole server`;
  return `${title}\n${markdown(head, rows)}\n\n${standing}`;
}

/** How many times the CPU of SIPp's own server at that rate. */
function ratioOf({ server, callsPerSecond, serverCores }: SignallingResult, trials: readonly SignallingResult[]): string {
  const other = trials.find((trial) => trial.server === 'sipp' && trial.callsPerSecond === callsPerSecond);
  return server === 'sipp' || !other || other.serverCores === 0 ? '-' : `${(serverCores / other.serverCores).toFixed(1)} x`;
}
