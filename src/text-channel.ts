import type { Registry } from 'prom-client';
import { InboundRouter, type InboundRouterDeps } from './calls/inbound-router.js';
import type { Clock } from './core/clock.js';
import type { Logger } from './core/log.js';
import type { OutboundRoute } from './domain/ports/outbound-route.js';
import type { TextSignalling } from './domain/ports/texts.js';
import type { TollGuard } from './domain/ports/toll-guard.js';
import type { Text } from './domain/text.js';
import { countTexts } from './observability/text-metrics.js';
import type { Database } from './storage/database.js';
import { TextSender } from './texts/text-sender.js';
import { TextService, type TextServiceDeps } from './texts/text-service.js';
import type { ActiveTrunks } from './trunks/active-trunks.js';

export type TextChannelOptions = {
  database: Pick<Database, 'texts' | 'doNotCall'>;
  signalling: TextSignalling;
  trunks: ActiveTrunks;
  route: OutboundRoute;
  tolls: Pick<TollGuard, 'placed'>;
  lookup: InboundRouterDeps;
  inbound: Pick<TextServiceDeps, 'callers' | 'unknownSources' | 'offences'>;
  registry: Registry;
  clock: Clock;
  log: Logger;
  /** One came, or one that goes was settled. */
  onText: readonly NonNullable<TextServiceDeps['onText']>[];
};

export type TextChannel = {
  service: TextService;
  sender: TextSender;
  /** Takes texts, and sends what was left pending. */
  start(): void;
};

/** Texts in and out. */
export function createTextChannel(options: TextChannelOptions): TextChannel {
  const { database, signalling, trunks, route, tolls, lookup, inbound, clock, log } = options;
  const count = countTexts(options.registry);
  const told = (text: Text, answered?: boolean): void => {
    count(text);
    for (const listener of options.onText) listener(text, answered);
  };
  const common = { ...database, signalling, route, tolls, clock, log };
  const sender = new TextSender({ ...common, onSettled: (text) => told(text) });
  const onPending = (): void => sender.wake();
  const service = new TextService({ ...common, trunks, router: new InboundRouter(lookup), ...inbound, onPending, onText: told });
  const start = (): void => {
    service.start();
    sender.wake();
  };
  return { service, sender, start };
}
