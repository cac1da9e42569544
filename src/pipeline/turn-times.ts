import type { SpeculationCount, Turn, TurnCause, TurnLatency } from '../domain/call.js';
import type { Source } from '../domain/document.js';
import type { CallerTurn } from './caller-floor.js';

/** The waterfall of one turn while it is being filled; all times are monotonic milliseconds. */
export class TurnTimes {
  readonly cause: TurnCause;
  /** The zero: when the caller's last speech packet arrived, the key was pressed, or the agent decided to speak by itself. */
  readonly originMs: number;
  /** What was looked up for the answer. */
  sources: readonly Source[] = [];
  /** Who did which part of it. */
  providers: NonNullable<Turn['providers']> = {};
  /** Of the answers that were begun ahead of it, counted when it is over. */
  speculation: (() => SpeculationCount) | undefined;
  /** That the caller was done, as far as a model could tell by the sound. */
  doneProbability: number | undefined;
  readonly #latency: TurnLatency = {};

  constructor(cause: TurnCause, originMs: number) {
    this.cause = cause;
    this.originMs = originMs;
  }

  /** Of what the caller said, as far as its own stages. */
  static ofSpeech(
    turn: Pick<CallerTurn, 'lastPacketMs' | 'vadEndMs' | 'sttFinalMs' | 'endpointMs' | 'doneProbability'>,
  ): TurnTimes {
    const times = new TurnTimes('speech', turn.lastPacketMs);
    times.stamp('vadEndMs', turn.vadEndMs);
    times.stamp('sttFinalMs', turn.sttFinalMs);
    times.stamp('endpointMs', turn.endpointMs);
    times.doneProbability = turn.doneProbability;
    return times;
  }

  /** The first time a stage is reached counts. */
  stamp(stage: keyof TurnLatency, atMs: number): void {
    this.#latency[stage] ??= Math.round(atMs - this.originMs);
  }

  latency(): TurnLatency {
    return { ...this.#latency };
  }
}
