import { Counter, type Registry } from 'prom-client';
import { exportGauge } from './scrape.js';

export type DefenceFigures = {
  /** Bans in force. */
  bans: () => Promise<number>;
  /** Since the start, by why they were not served. */
  shutOut: () => Readonly<Record<string, number>>;
};

/** Puts on `/metrics` who was not let in; `figures` are asked for at each scrape. Returns what counts offences. */
export function exportDefence(registry: Registry, figures: DefenceFigures): (kind: string, count: number) => void {
  exportGauge(registry, { name: 'offhook_sip_bans', help: 'Sources that are banned now', value: figures.bans });
  const shutOut = new Counter({
    name: 'offhook_sip_shut_out_total',
    help: 'SIP datagrams, connections and requests that were not served, by why',
    labelNames: ['reason'],
    registers: [],
    collect() {
      this.reset();
      for (const [reason, count] of Object.entries(figures.shutOut())) this.inc({ reason }, count);
    },
  });
  registry.registerMetric(shutOut);
  const offences = new Counter({
    name: 'offhook_sip_offences_total',
    help: 'What sources did that mean no call, by kind',
    labelNames: ['kind'],
    registers: [registry],
  });
  return (kind, count) => offences.inc({ kind }, count);
}
