import { Gauge, type Registry } from 'prom-client';

/** Puts on `/metrics` how many gateways and trunks calls may go out over; `read` is asked at each scrape. */
export function exportLines(registry: Registry, read: () => Readonly<Record<string, number>>): void {
  const lines = new Gauge({
    name: 'offhook_outbound_lines',
    help: 'Gateways and trunks that were called over, by whether calls go through (closed), keep failing (open), or are tried again (half_open)',
    labelNames: ['state'],
    registers: [],
    collect() {
      for (const [state, count] of Object.entries(read())) this.set({ state }, count);
    },
  });
  registry.registerMetric(lines);
}
