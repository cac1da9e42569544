import { monitorEventLoopDelay } from 'node:perf_hooks';

const RESOLUTION_MS = 20;

/** Measures by how much the event loop is late. `read` gives the 99th percentile in milliseconds since it was last asked. */
export function watchEventLoop(): { read: () => number; close: () => void } {
  const delays = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  delays.enable();
  return {
    read: () => {
      // What is recorded is the time from one tick of the monitor's timer to the next.
      const lagMs = delays.percentile(99) / 1e6 - RESOLUTION_MS;
      delays.reset();
      return Math.max(0, lagMs);
    },
    close: () => delays.disable(),
  };
}
