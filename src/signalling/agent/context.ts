import type { Clock } from '../../core/clock.js';
import type { Logger } from '../../core/log.js';
import type { Gate } from '../gate/gate.js';
import { formatHost, type SipUri } from '../message/uri.js';
import type { Timing } from '../transaction/timing.js';
import type { TransactionLayer } from '../transaction/transaction-layer.js';
import type { Flow, Target, TransportName } from '../transport/flow.js';
import { type Dns, literalTarget, resolveTarget } from '../transport/resolver.js';
import type { Passage } from './application.js';
import type { Dialogs } from './dialogs.js';

/** What of the transport layer the agent needs. */
export type Transports = {
  flowTo(target: Target): Flow;
  advertised(flow: Flow): { host: string; port: number };
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
  log: Logger;
};

/** Calls `then` with the target: at once when the URI is numeric, so that requests keep their order. */
export function resolve(
  context: AgentContext,
  uri: SipUri,
  transport: TransportName,
  then: (target: Target | undefined) => void,
): void {
  const literal = literalTarget(uri, transport);
  if (literal) {
    then(literal);
    return;
  }
  resolveTarget(uri, transport, context.dns)
    .catch((error: unknown) => {
      context.log.info({ err: error, host: uri.host }, 'cannot resolve next hop');
      return undefined;
    })
    .then(then)
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
