import type { Readiness } from './api/http/operations.js';
import { LoadMonitor, type LoadSignal } from './calls/load-monitor.js';
import { shareSinceLast } from './calls/load-signals.js';
import type { Config } from './config/schema.js';
import { systemClock } from './core/clock.js';
import type { Logger } from './core/log.js';
import type { Endpoint } from './endpoint.js';
import { watchEventLoop } from './observability/event-loop-lag.js';

export type LoadSheddingOptions = {
  limits: Config['overload'];
  endpoint: Pick<Endpoint, 'media' | 'voice'>;
  /** The part of the speech providers' answers that refused us for asking too much. */
  refusedShare: () => number;
  onOverload: () => void;
  onRelief: () => void;
  log: Logger;
};

/** A rate is calm again at this part of its limit. */
const RELIEF = 0.7;

/** Starts watching what calls would suffer from. */
export function startLoadMonitor(options: LoadSheddingOptions): Pick<LoadMonitor, 'reasons' | 'figures' | 'close'> {
  const { limits, endpoint, refusedShare, onOverload, onRelief, log } = options;
  const { media, voice } = endpoint;
  const loop = watchEventLoop();
  const rate = (reason: LoadSignal['reason'], limit: number, read: () => number): LoadSignal => ({
    reason,
    read,
    limit,
    relief: limit * RELIEF,
  });
  const monitor = new LoadMonitor({
    signals: [
      rate('event_loop', limits.eventLoopLagMs, loop.read),
      rate('media', limits.mediaTicksMissedShare, ticksMissed(media)),
      rate('voice_activity', limits.vadLagMs, () => voice.lag().lagMs),
      rate('voice_activity', limits.vadDroppedShare, windowsDropped(voice)),
      rate('provider_quota', limits.providerRefusedShare, refusedShare),
      portsUsed(media, limits.mediaPortsUsedShare),
    ],
    sustainedMs: limits.sustainedMs,
    calmMs: limits.calmMs,
    clock: systemClock,
    log,
    onOverload,
    onRelief,
  });
  monitor.start();
  return {
    get reasons() {
      return monitor.reasons;
    },
    figures: () => monitor.figures(),
    close: () => {
      monitor.close();
      loop.close();
    },
  };
}

/** A tick that is missed is one of 5 ms that came so late that packets were left out. */
function ticksMissed(media: Endpoint['media']): () => number {
  return shareSinceLast(() => {
    const { ticks, ticksSkipped } = media.figures();
    return { wrong: ticksSkipped, right: ticks };
  });
}

function windowsDropped(voice: Endpoint['voice']): () => number {
  return shareSinceLast(() => {
    const { windows, droppedWindows } = voice.lag();
    return { wrong: droppedWindows, right: windows };
  });
}

/** The end of one call is relief enough. */
function portsUsed(media: Endpoint['media'], limit: number): LoadSignal {
  const read = (): number => {
    const { open, capacity } = media.usage();
    return open / capacity;
  };
  return { reason: 'media_ports', read, limit, relief: limit, immediate: true };
}

/** What is said at `/readyz`. */
export function readinessOf(draining: boolean, overloads: readonly string[]): Readiness {
  if (draining) return { state: 'draining', reasons: [] };
  return overloads.length > 0 ? { state: 'overloaded', reasons: overloads } : { state: 'ready', reasons: [] };
}
