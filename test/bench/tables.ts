import type { ConversationResult } from './conversation-trial.js';
import type { SchedulerResult } from './scheduler-trial.js';
import type { SetupResult } from './setup-trial.js';
import type { Spread } from './statistics.js';

export function setupTable(result: SetupResult): string {
  const rows: [string, Spread][] = [
    ['INVITE -> 200, echo, one at a time', result.aloneMs],
    [`INVITE -> 200, echo, ${result.callsPerSecond} calls/s`, result.loadedMs],
    ['INVITE -> 180, demo', result.ringingMs],
    ['INVITE -> 200, demo', result.answeredMs],
    ['200 -> first RTP packet, demo', result.firstPacketMs],
    ['200 -> first packet of the greeting, demo', result.greetingMs],
  ];
  return `Call set-up in milliseconds (${result.failed} failed)\n${spreadTable(rows)}`;
}

export function conversationTable(results: readonly ConversationResult[]): string {
  const rows = results.flatMap((trial): [string, Spread][] => [
    [`${trial.providers}: barge-in to last full-level packet, on the wire`, trial.bargeInMs],
    [`${trial.providers}: barge-in to last audible packet, on the wire`, trial.silentMs],
    [`${trial.providers}: barge-in by the server's record`, trial.recordedBargeInMs],
    [`${trial.providers}: end of caller's speech to first packet, on the wire`, trial.responseMs],
    [`${trial.providers}: the same by the server's record`, trial.recordedResponseMs],
  ]);
  return `Conversation in milliseconds\n${spreadTable(rows)}`;
}

export function schedulerTable(results: readonly SchedulerResult[]): string {
  const head = ['pace', 'drift p50 ms', 'p99', 'max', 'first dial ms', 'dialled/s', 'gap p50 ms', 'p99', 'CPU', 'main thread'];
  const rows = results.map((trial) => [
    `${trial.callsPerSecond}/s`,
    ...[trial.driftMs.p50Ms, trial.driftMs.p99Ms, trial.driftMs.maxMs, trial.firstDialMs, trial.dialledPerSecond].map((value) =>
      value.toFixed(1),
    ),
    trial.gapP50Ms.toFixed(1),
    trial.gapP99Ms.toFixed(1),
    `${(trial.serverCores * 100).toFixed(1)} %`,
    `${(trial.mainCores * 100).toFixed(1)} %`,
  ]);
  const missed = results.reduce((sum, { notDialled }) => sum + notDialled, 0);
  const [first] = results;
  const title =
    `${first?.tasks ?? 0} due tasks, all calls busy. Drift: scheduled time to INVITE of ${first?.driftMs.n ?? 0} tasks 100 ms apart, while the ` +
    `others wait for their time (${missed} not dialled); first dial: after all fall due at once; CPU in per cent of one core`;
  return `${title}\n${markdown(head, rows)}`;
}

function spreadTable(rows: readonly [string, Spread][]): string {
  return markdown(
    ['', 'n', 'p50', 'p95', 'p99', 'max'],
    rows.map(([name, { n, p50Ms, p95Ms, p99Ms, maxMs }]) => [
      name,
      String(n),
      ...[p50Ms, p95Ms, p99Ms, maxMs].map((ms) => ms.toFixed(1)),
    ]),
  );
}

/** Markdown, with columns aligned for reading as plain text. */
export function markdown(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0))).join(' | ')} |`;
  const rule = `|${widths.map((width, column) => (column === 0 ? '-'.repeat(width + 2) : `${'-'.repeat(width + 1)}:`)).join('|')}|`;
  return [line(head), rule, ...rows.map(line)].join('\n');
}
