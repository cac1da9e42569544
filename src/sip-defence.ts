import type { Registry } from 'prom-client';
import type { Config } from './config/schema.js';
import { systemClock } from './core/clock.js';
import type { Logger } from './core/log.js';
import { SourceList } from './core/source-list.js';
import { BanService } from './defence/ban-service.js';
import type { BanRepository } from './domain/ports/defence.js';
import type { Endpoint } from './endpoint.js';
import { exportDefence } from './observability/defence-metrics.js';
import { type GateFigures, type GateOptions, NOBODY_SHUT_OUT } from './signalling/gate/gate.js';

export type SipDefenceOptions = {
  sip: Config['sip'];
  gate: Endpoint['gate'];
  bans: BanRepository;
  /** Addresses and blocks of trunks and registered phones, as they are now. */
  knownSources: () => readonly string[];
  registry: Registry;
  log: Logger;
};

export type SipDefence = {
  bans: BanService;
  /** To be called whenever `knownSources` may have changed. */
  refresh(): void;
};

export const gateOptions = ({ unknownSources, trustedSources, scanners, admission }: Config['sip']): GateOptions => ({
  silentToUnknown: unknownSources === 'drop',
  trusted: trustedSources,
  scanners,
  ...admission,
});

/** Ties the gate before the SIP sockets to those who decide whom it shuts out. */
export function createSipDefence({ sip, gate, bans, knownSources, registry, log }: SipDefenceOptions): SipDefence {
  let known = new SourceList(sip.trustedSources);
  let shutOut: GateFigures = NOBODY_SHUT_OUT;
  const onOffence = exportDefence(registry, {
    bans: async () => (await service.list({ limit: 1, offset: 0 })).total,
    shutOut: () => shutOut,
  });
  const service = new BanService({
    bans,
    gate,
    isKnown: (address) => known.includes(address),
    options: sip.bans,
    clock: systemClock,
    log,
    onOffence,
  });
  gate?.onReport((offences, figures) => {
    shutOut = figures;
    for (const { address, kind, count } of offences) service.offended(address, kind, count);
  });
  return {
    bans: service,
    refresh: () => {
      const sources = knownSources();
      known = new SourceList([...sip.trustedSources, ...sources]);
      gate?.know(sources);
    },
  };
}
