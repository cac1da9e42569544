import { Counter, Gauge, type Registry } from 'prom-client';

type Figure = { name: string; help: string; value: () => number | Promise<number> };

/** Puts a figure on `/metrics` that is asked for at each scrape. */
export function exportGauge(registry: Registry, { name, help, value }: Figure): void {
  const gauge = new Gauge({
    name,
    help,
    registers: [],
    async collect() {
      this.set(await value());
    },
  });
  registry.registerMetric(gauge);
}

/** As `exportGauge`, of what only goes up and is counted elsewhere. */
export function exportCounter(registry: Registry, { name, help, value }: Figure): void {
  const counter = new Counter({
    name,
    help,
    registers: [],
    async collect() {
      const counted = await value();
      this.reset();
      this.inc(counted);
    },
  });
  registry.registerMetric(counter);
}

/** Several figures of one reading: those who ask at the same moment get the same. */
export function sharedReading<T>(read: () => Promise<T>): () => Promise<T> {
  let reading: Promise<T> | undefined;
  return () => {
    reading ??= read().finally(() => {
      reading = undefined;
    });
    return reading;
  };
}
