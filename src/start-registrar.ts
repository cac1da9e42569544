import type { Registry } from 'prom-client';
import type { Config } from './config/schema.js';
import type { Clock } from './core/clock.js';
import type { CloseStack } from './core/lifecycle.js';
import type { Logger } from './core/log.js';
import type { Endpoint } from './endpoint.js';
import { exportRegistrar } from './observability/registrar-metrics.js';
import { createRegistrar, type RegistrarSet } from './registrar/create-registrar.js';
import { ownUris } from './registrar/own-uris.js';
import type { Database } from './storage/database.js';

export type RegistrarOptions = {
  config: Config;
  endpoint: Endpoint;
  database: Pick<Database, 'contacts'>;
  registry: Registry;
  clock: Clock;
  log: Logger;
  stack: CloseStack;
  /** Phones may be reached at other addresses now. */
  onSources: () => void;
  /** Somebody at this address could not prove who they are. */
  onFailure: (address: string) => void;
};

/** The registrar on the server's own signalling, counted in the metrics. */
export function startRegistrar({ config, endpoint, stack, ...options }: RegistrarOptions): RegistrarSet {
  const metrics = exportRegistrar(options.registry, () => ({
    registered: registrar.locations.registered(),
    contacts: registrar.locations.size,
  }));
  const registrar: RegistrarSet = createRegistrar(
    {
      ...config.sip.registrar,
      realm: config.sip.domain ?? 'offhook',
      isLocal: ownUris([config.sip.domain, config.externalIp], endpoint),
    },
    {
      signalling: endpoint.telephony,
      contacts: options.database.contacts,
      clock: options.clock,
      log: options.log,
      random: Math.random,
      watch: {
        failed: ({ source, cause }) => {
          metrics.onFailure(cause);
          options.onFailure(source.address);
        },
      },
      onSources: options.onSources,
      onAnswer: metrics.onAnswer,
    },
  );
  stack.push(() => registrar.close());
  return registrar;
}
