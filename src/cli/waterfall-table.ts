import type { Turn, TurnLatency } from '../domain/call.js';

/** The stages in the order in which they are passed, with the column's heading. */
const STAGES: readonly { key: keyof TurnLatency; heading: string }[] = [
  { key: 'vadEndMs', heading: 'VAD end' },
  { key: 'endpointMs', heading: 'endpoint' },
  { key: 'sttFinalMs', heading: 'STT final' },
  { key: 'firstTextMs', heading: 'first text' },
  { key: 'firstClauseMs', heading: 'clause' },
  { key: 'firstAudioMs', heading: 'first audio' },
  { key: 'firstPacketMs', heading: 'on the wire' },
];

/**
 * One line per turn: milliseconds from the arrival of the caller's last speech packet to each stage. A dash is a stage that
 * the turn did not have.
 */
export function waterfallTable(turns: readonly Turn[]): string {
  const rows = turns.map((turn) => [
    String(turn.sequence),
    turn.interrupted ? `${turn.cause}, cut off` : turn.cause,
    ...STAGES.map(({ key }) => milliseconds(turn.latency[key])),
    milliseconds(turn.bargeInMs),
  ]);
  const table = [['turn', 'cause', ...STAGES.map((stage) => stage.heading), 'barge-in'], ...rows];
  const widths = table[0]?.map((_, column) => Math.max(...table.map((row) => row[column]?.length ?? 0))) ?? [];
  return table
    .map((row) =>
      row.map((cell, column) => (column < 2 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0))).join('  '),
    )
    .join('\n');
}

const milliseconds = (value: number | undefined): string => (value === undefined ? '-' : `${Math.round(value)} ms`);
