import { Gauge, type Registry } from 'prom-client';

/** Puts on `/metrics` how near each kind of overload is; `read` is asked at each scrape. */
export function exportLoad(
  registry: Registry,
  read: () => readonly { reason: string; ratio: number; shedding: boolean }[],
): void {
  const ratio = new Gauge({
    name: 'offhook_load_ratio',
    help: 'What calls would suffer from, in parts of the limit past which new ones are refused',
    labelNames: ['reason'],
    registers: [],
    collect() {
      for (const figure of read()) this.set({ reason: figure.reason }, figure.ratio);
    },
  });
  registry.registerMetric(ratio);
  const shedding = new Gauge({
    name: 'offhook_load_shedding',
    help: '1 while new calls are refused for this reason',
    labelNames: ['reason'],
    registers: [],
    collect() {
      for (const figure of read()) this.set({ reason: figure.reason }, figure.shedding ? 1 : 0);
    },
  });
  registry.registerMetric(shedding);
}
