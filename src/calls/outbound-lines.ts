import { type BreakerOptions, type BreakerState, type Carried, CircuitBreaker } from '../core/circuit-breaker.js';
import type { Clock } from '../core/clock.js';
import { AppError } from '../core/errors.js';
import type { Logger } from '../core/log.js';
import type { Line, Way } from '../domain/ports/outbound-route.js';
import { Pacer } from './pacer.js';

/** A call's place on its line. */
export type LinePlace = {
  pacer: Pacer;
  /** Tells once what came of the attempt. */
  settle(result: Carried | undefined): void;
  /** Gives the place back. Idempotent. */
  leave(): void;
};

/** The end of a call wakes those who wait for its place; the time is for safety. */
const FULL_POLL_MS = 5_000;

/** Pace, places and breaker of every line that was called over. */
export class OutboundLines {
  readonly #deps: { clock: Clock; log: Logger; callsPerSecond: number; breaker: BreakerOptions };
  readonly #lines = new Map<string, LiveLine>();

  constructor(deps: { clock: Clock; log: Logger; callsPerSecond: number; breaker: BreakerOptions }) {
    this.#deps = deps;
  }

  /** How long a call that may go one of these ways would wait; 0 when it can go now. */
  waitMs(ways: readonly Way[]): number {
    const lines = ways.map(({ line }) => this.#live(line));
    const usable = lines.find((line) => line.blockedMs() === 0);
    return usable ? usable.pacer.waitMs() : Math.min(...lines.map((line) => line.blockedMs()));
  }

  /**
   * Takes a place on the line of the first way that is usable. A line that only has to keep its pace is usable.
   *
   * @throws AppError `capacity_exhausted` when all are full, `signalling_unavailable` when calls keep failing on all that are not.
   */
  take(ways: readonly Way[]): Seat {
    const first = this.#takeFirst(ways);
    if (first) return new Seat(first, (rest) => this.#takeFirst(rest));
    if (ways.every(({ line }) => this.#live(line).full)) {
      throw new AppError('capacity_exhausted', 'every line is full', {
        publicMessage: 'The gateway or trunk has as many calls as it may have',
      });
    }
    const waitS = Math.ceil(this.waitMs(ways) / 1000);
    throw new AppError('signalling_unavailable', 'calls keep failing on every line', {
      publicMessage: `Calls through the gateway or trunk keep failing; the next is tried in ${waitS} s`,
    });
  }

  #takeFirst(ways: readonly Way[]): Taken | undefined {
    for (const [index, way] of ways.entries()) {
      const line = this.#live(way.line);
      if (line.blockedMs() === 0) return { way, place: line.take(), rest: ways.slice(index + 1) };
    }
    return undefined;
  }

  /** How many lines are in each state. */
  states(): Record<BreakerState, number> {
    const states = { closed: 0, open: 0, half_open: 0 };
    for (const { breaker } of this.#lines.values()) states[breaker.state] += 1;
    return states;
  }

  #live(line: Line): LiveLine {
    const { clock, log, callsPerSecond, breaker } = this.#deps;
    let live = this.#lines.get(line.key);
    if (!live) {
      const onState = (state: BreakerState): void => log.warn({ line: line.key, state }, 'outbound line changed its state');
      live = new LiveLine(new Pacer(clock, callsPerSecond), new CircuitBreaker(clock, breaker, onState));
      this.#lines.set(line.key, live);
    }
    live.pacer.perSecond = line.callsPerSecond ?? callsPerSecond;
    live.maxConcurrent = line.maxConcurrent ?? Number.POSITIVE_INFINITY;
    return live;
  }
}

type Taken = { way: Way; place: LinePlace; rest: readonly Way[] };

/** Where one call has its place: on one line at a time. */
export class Seat {
  readonly #takeFirst: (ways: readonly Way[]) => Taken | undefined;
  #taken: Taken;

  constructor(taken: Taken, takeFirst: (ways: readonly Way[]) => Taken | undefined) {
    this.#taken = taken;
    this.#takeFirst = takeFirst;
  }

  get way(): Way {
    return this.#taken.way;
  }

  get place(): LinePlace {
    return this.#taken.place;
  }

  /** Leaves its line for that of the next way that is usable. False, and nothing has changed, when there is none. */
  moveOn(): boolean {
    const next = this.#takeFirst(this.#taken.rest);
    if (!next) return false;
    this.#taken.place.leave();
    this.#taken = next;
    return true;
  }

  /** Idempotent. */
  leave(): void {
    this.#taken.place.leave();
  }
}

class LiveLine {
  readonly pacer: Pacer;
  readonly breaker: CircuitBreaker;
  maxConcurrent = Number.POSITIVE_INFINITY;
  #taken = 0;

  constructor(pacer: Pacer, breaker: CircuitBreaker) {
    this.pacer = pacer;
    this.breaker = breaker;
  }

  get full(): boolean {
    return this.#taken >= this.maxConcurrent;
  }

  blockedMs(): number {
    return Math.max(this.full ? FULL_POLL_MS : 0, this.breaker.waitMs());
  }

  take(): LinePlace {
    const settle = this.breaker.admit();
    this.#taken += 1;
    let left = false;
    return {
      pacer: this.pacer,
      settle,
      leave: () => {
        if (left) return;
        left = true;
        this.#taken -= 1;
        settle(undefined);
      },
    };
  }
}
