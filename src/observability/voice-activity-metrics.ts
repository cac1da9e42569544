import type { Registry } from 'prom-client';
import { exportCounter, exportGauge } from './scrape.js';

export type VoiceActivityFigures = { windows: number; droppedWindows: number; noisySamples: number; lagMs: number };

const SAMPLES_PER_SECOND = 16_000;

/** Puts on `/metrics` whether speech detection keeps up with the calls; `read` is asked at each scrape. */
export function exportVoiceActivity(registry: Registry, read: () => VoiceActivityFigures): void {
  exportCounter(registry, {
    name: 'offhook_vad_windows_total',
    help: 'Windows of 32 ms that were judged',
    value: () => read().windows,
  });
  exportCounter(registry, {
    name: 'offhook_vad_windows_dropped_total',
    help: 'Windows given up because detection could not keep up',
    value: () => read().droppedWindows,
  });
  exportCounter(registry, {
    name: 'offhook_noise_suppression_bypassed_seconds_total',
    help: 'Audio of calls with noise suppression whose noise was left in, as there was no time to take it out',
    value: () => read().noisySamples / SAMPLES_PER_SECOND,
  });
  exportGauge(registry, {
    name: 'offhook_vad_lag_seconds',
    help: 'The most audio any call had waiting for detection at its last report',
    value: () => Math.max(0, read().lagMs) / 1000,
  });
}
