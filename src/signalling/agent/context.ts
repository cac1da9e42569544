import type { Clock } from '../../core/clock.js';
import type { Logger } from '../../core/log.js';
import type { Seen } from '../../core/own-addresses.js';
import type { Gate } from '../gate/gate.js';
import { formatHost, type SipUri } from '../message/uri.js';
import type { Timing } from '../transaction/timing.js';
import type { TransactionLayer } from '../transaction/transaction-layer.js';
import type { Avoided } from '../transport/avoided.js';
import type { Dns } from '../transport/dns.js';
import type { Flow, Target, TransportName } from '../transport/flow.js';
import { literalTarget, resolveTargets } from '../transport/resolver.js';
import type { Passage } from './application.js';
import type { Dialogs } from './dialogs.js';
import type { KeepAlives } from './keep-alives.js';
import type { NextHop } from './next-hop.js';
import type { StandIns } from './stand-ins.js';

/** What of the transport layer the agent needs. */
export type Transports = {
  flowTo(target: Target): Flow;
  advertised(flow: Flow): { host: string; port: number };
  learn(peer: string, seen: Seen): void;
  isSelf(target: Target): boolean;
};

/** What both halves of the user agent work with. */
export type AgentContext = {
  clock: Clock;
  timing: Timing;
  transports: Transports;
  transactions: TransactionLayer;
  dialogs: Dialogs;
  dns: Dns;
  /** Who is let in. */
  gate: Pick<Gate, 'judge' | 'judgeMalformed'>;
  /** From 0 up to 1. */
  random: () => number;
  avoided: Avoided;
  keepAlives: KeepAlives;
  standIns: StandIns;
  log: Logger;
};

/** Calls `then` with the best target: at once when the URI is numeric, so that requests keep their order. */
export function resolve(
  context: AgentContext,
  uri: SipUri,
  transport: TransportName,
  then: (target: Target | undefined) => void,
): void {
  locate(context, { uris: [uri], transport, free: false, pins: [] }, (located) => then(context.avoided.last(located)[0]));
}

/** Calls `then` with the targets of all the URIs, best first; at once where none needs the DNS. */
export function locate(
  context: AgentContext,
  { uris, transport, free, pins }: Pick<NextHop, 'uris' | 'transport' | 'free' | 'pins'>,
  then: (targets: readonly Target[]) => void,
): void {
  const ready = (found: readonly Target[]): void => {
    then(found.map((target) => (target.transport === 'tls' && pins.length > 0 ? { ...target, pins } : target)));
  };
  const literal = uris.map((uri) => literalTarget(uri, transport)).filter((target) => target !== undefined);
  if (literal.length === uris.length) {
    ready(literal);
    return;
  }
  Promise.all(uris.map((uri) => resolveTargets(uri, { transport, free }, context.dns, context.random)))
    .then((found) => {
      if (found.every((targets) => targets.length === 0)) context.log.info({ host: uris[0]?.host }, 'cannot resolve next hop');
      ready(found.flat());
    })
    .catch((error: unknown) => context.log.error({ err: error }, 'sending a request failed'));
}

/** `<sip:host:port>` by which the peer behind this flow reaches us. */
export function ownContact(context: AgentContext, flow: Flow): string {
  const { host, port } = context.transports.advertised(flow);
  return `<sip:${formatHost(host)}:${port}${transportParam(flow)}>`;
}

/** What a URI says about the way it was learned: nothing for UDP, and `ws` for both kinds of WebSocket (RFC 7118 section 5.2). */
export const transportParam = ({ transport }: Flow): string =>
  transport === 'udp' ? '' : `;transport=${transport === 'wss' ? 'ws' : transport}`;

export const passageOf = (flow: Flow, sizeBytes: number): Passage => ({
  transport: flow.transport,
  sizeBytes,
  peer: flow.remote,
});

/** What applications are told of a message that came over no wire. */
export const noPassage = (transport: TransportName): Passage => ({
  transport,
  sizeBytes: 0,
  peer: { address: '', port: 0 },
});
