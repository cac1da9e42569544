import { Counter, Gauge, type Registry } from 'prom-client';

export type VoiceActivityFigures = { windows: number; droppedWindows: number; lagMs: number };

/** Puts on `/metrics` whether speech detection keeps up with the calls; `read` is asked at each scrape. */
export function exportVoiceActivity(registry: Registry, read: () => VoiceActivityFigures): void {
  const counter = (name: string, help: string, value: () => number): void => {
    const metric = new Counter({
      name,
      help,
      registers: [],
      collect() {
        this.reset();
        this.inc(value());
      },
    });
    registry.registerMetric(metric);
  };
  counter('offhook_vad_windows_total', 'Windows of 32 ms that were judged', () => read().windows);
  counter(
    'offhook_vad_windows_dropped_total',
    'Windows given up because detection could not keep up',
    () => read().droppedWindows,
  );
  const lag = new Gauge({
    name: 'offhook_vad_lag_seconds',
    help: 'The most audio any call had waiting for detection at its last report',
    registers: [],
    collect() {
      this.set(Math.max(0, read().lagMs) / 1000);
    },
  });
  registry.registerMetric(lag);
}
