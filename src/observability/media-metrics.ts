import type { Registry } from 'prom-client';
import { AUDIO_RATE_HZ } from '../domain/ports/media.js';
import { exportCounter, exportGauge } from './scrape.js';

export type MediaFigures = {
  ticks: number;
  ticksSkipped: number;
  /** At 16 kHz. */
  monitoredSamplesLost: number;
  open: number;
  capacity: number;
};

/** Puts on `/metrics` whether the media engine keeps its pace, and how full it is. */
export function exportMedia(registry: Registry, read: () => MediaFigures): void {
  exportCounter(registry, {
    name: 'offhook_media_ticks_total',
    help: 'Ticks of 5 ms of the media engine that were kept',
    value: () => read().ticks,
  });
  exportCounter(registry, {
    name: 'offhook_media_ticks_missed_total',
    help: 'Ticks that came too late to send what was due in them',
    value: () => read().ticksSkipped,
  });
  exportCounter(registry, {
    name: 'offhook_media_monitor_lost_seconds_total',
    help: 'Audio of overheard calls that was left out, as this process did not fetch it in time',
    value: () => read().monitoredSamplesLost / AUDIO_RATE_HZ,
  });
  exportGauge(registry, { name: 'offhook_media_sessions', help: 'RTP sessions that are open', value: () => read().open });
  exportGauge(registry, {
    name: 'offhook_media_sessions_max',
    help: 'RTP sessions that fit: memory or ports, whichever is less',
    value: () => read().capacity,
  });
}
