import type { Cancel, Clock } from '../core/clock.js';
import type { Logger } from '../core/log.js';

/** What can be short on a server that takes too much. Closed: they are values of a label in metrics. */
export const LOAD_REASONS = ['event_loop', 'media', 'voice_activity', 'media_ports', 'provider_quota'] as const;
export type LoadReason = (typeof LOAD_REASONS)[number];

/** A figure that tells how near the server is to harming the calls it has. */
export type LoadSignal = {
  reason: LoadReason;
  /** The figure since it was last asked for, which is about every second. */
  read: () => number;
  /** New calls are refused from here on. */
  limit: number;
  /** Below this it counts as calm; between the two nothing changes. */
  relief: number;
  /** A state and no rate: it counts at once, in both directions. */
  immediate?: boolean;
};

export type LoadMonitorDeps = {
  signals: readonly LoadSignal[];
  /** How long a figure is at its limit before calls are refused: a moment is no overload. */
  sustainedMs: number;
  /** How long it is calm before calls are taken again, lest the server swings to and fro. */
  calmMs: number;
  clock: Clock;
  log: Logger;
  /** From now on new calls are refused. */
  onOverload?: (() => void) | undefined;
  /** There is room again. */
  onRelief?: (() => void) | undefined;
};

/** `ratio`: the last figure in parts of its limit. */
export type LoadFigure = { reason: LoadReason; ratio: number; shedding: boolean };

type Watched = { signal: LoadSignal; ratio: number; shedding: boolean; changingSinceMs: number | undefined };

const SAMPLE_MS = 1_000;

/** Decides when the server must take no more calls for the sake of those it has. It never touches these. */
export class LoadMonitor {
  readonly #deps: LoadMonitorDeps;
  readonly #watched: Watched[];
  #cancel: Cancel = () => {};

  constructor(deps: LoadMonitorDeps) {
    this.#deps = deps;
    this.#watched = deps.signals.map((signal) => ({ signal, ratio: 0, shedding: false, changingSinceMs: undefined }));
  }

  start(): void {
    this.#cancel = this.#deps.clock.schedule(SAMPLE_MS, () => {
      this.#sample();
      this.start();
    });
  }

  /** Why no more calls are taken; empty when they are. */
  get reasons(): readonly LoadReason[] {
    const shedding = this.#watched.filter(({ shedding }) => shedding).map(({ signal }) => signal.reason);
    return [...new Set(shedding)];
  }

  /** One figure for each reason, the worst where several signals speak for it. */
  figures(): LoadFigure[] {
    const byReason = new Map<LoadReason, LoadFigure>();
    for (const { signal, ratio, shedding } of this.#watched) {
      const other = byReason.get(signal.reason);
      byReason.set(signal.reason, {
        reason: signal.reason,
        ratio: Math.max(ratio, other?.ratio ?? 0),
        shedding: shedding || (other?.shedding ?? false),
      });
    }
    return [...byReason.values()];
  }

  close(): void {
    this.#cancel();
  }

  #sample(): void {
    const { log, onOverload, onRelief } = this.#deps;
    const before = this.reasons;
    for (const watched of this.#watched) this.#look(watched);
    const { reasons } = this;
    const figures = this.figures().filter(({ ratio }) => ratio > 0);
    if (reasons.some((reason) => !before.includes(reason))) log.warn({ reasons, figures }, 'overloaded: new calls are refused');
    if (before.length === 0 && reasons.length > 0) onOverload?.();
    if (before.length === 0 || reasons.length > 0) return;
    log.info({ figures }, 'overload over: new calls are taken');
    onRelief?.();
  }

  /** Something changes when the figure has been on the other side for long enough, without a break. */
  #look(watched: Watched): void {
    const { clock, sustainedMs, calmMs } = this.#deps;
    const { signal, shedding } = watched;
    const value = signal.read();
    watched.ratio = Number.isFinite(value) ? Math.max(0, value) / signal.limit : 0;
    const isOnOtherSide = shedding ? value < signal.relief : value >= signal.limit;
    if (!isOnOtherSide) {
      watched.changingSinceMs = undefined;
      return;
    }
    const nowMs = clock.monotonicMs();
    watched.changingSinceMs ??= nowMs;
    const patienceMs = signal.immediate ? 0 : shedding ? calmMs : sustainedMs;
    if (nowMs - watched.changingSinceMs < patienceMs) return;
    watched.shedding = !shedding;
    watched.changingSinceMs = undefined;
  }
}
