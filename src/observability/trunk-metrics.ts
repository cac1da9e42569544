import { Counter, Gauge, type Registry } from 'prom-client';

/** Puts the trunks on `/metrics`, by state and not by name; `read` is asked at each scrape. Returns what counts an attempt to register. */
export function exportTrunks(registry: Registry, read: () => Readonly<Record<string, number>>): (result: string) => void {
  const states = new Gauge({
    name: 'offhook_trunks',
    help: 'Enabled trunks by what they are doing',
    labelNames: ['state'],
    registers: [],
    collect() {
      for (const [state, count] of Object.entries(read())) this.set({ state }, count);
    },
  });
  registry.registerMetric(states);
  const attempts = new Counter({
    name: 'offhook_trunk_register_attempts_total',
    help: 'Attempts to register or refresh by how they ended',
    labelNames: ['result'],
    registers: [registry],
  });
  return (result) => attempts.inc({ result });
}
