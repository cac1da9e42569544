import type { Clock } from '../../core/clock.js';
import type { SipMessage } from '../message/sip-message.js';

export const TRANSPORTS = ['udp', 'tcp', 'tls', 'ws', 'wss'] as const;
export type TransportName = (typeof TRANSPORTS)[number];
export type Address = { address: string; port: number };
/**
 * `serverName`: whom a TLS peer must prove to be (RFC 5922 section 7); the address itself where there is no name. `pins`: SHA-256 of
 * the public keys that it may have (base64url), which then prove it, whatever authorities say.
 */
export type Target = Address & { transport: TransportName; serverName?: string; pins?: readonly string[] };

/** A way to one peer: an address behind a datagram socket, or a connection. */
export interface Flow {
  readonly transport: TransportName;
  /** No retransmissions are needed over it (RFC 3261 section 17.1.1.2). */
  readonly reliable: boolean;
  readonly local: Address;
  readonly remote: Address;
  readonly alive: boolean;
  /** `onError` is called at most once, later, when the bytes cannot leave. */
  send(bytes: Buffer, onError?: (error: Error) => void): void;
  /** Where a connection can be kept open: pings it every so often; 0 ends that. */
  keepAlive?(intervalMs: number): void;
}

/** Of a connection that the far end alone can open, and has not: nothing can leave. */
export function goneFlow(target: Target, local: Address, clock: Clock): Flow {
  return {
    transport: target.transport,
    reliable: true,
    local,
    remote: target,
    alive: false,
    send: (_bytes, onError) => {
      if (onError) clock.schedule(0, () => onError(new Error('the far end is not connected')));
    },
  };
}

/** One kind of transport as the transport layer sees it. */
export interface Transport {
  /** 0 while it is not listened on. */
  readonly port: number;
  listen(bind: string, port: number): Promise<void>;
  flowTo(target: Target): Flow;
  close(): Promise<void>;
}

export type Received = { message: SipMessage; flow: Flow; sizeBytes: number };

/** What a transport reports. Messages come parsed; what is not SIP never gets here. */
export type TransportEvents = {
  /** Asked before a byte of what `address` sends is read; false: as if nothing had come. */
  admits(address: string): boolean;
  /** Asked for each connection that is opened to us; `held`: how many that source (an address, or a /64) holds already. */
  admitsConnection(address: string, held: number): boolean;
  onMessage(received: Received): void;
  /** A request that cannot be served but can be answered. */
  onFault(received: Received, fault: { status: number; reason: string }): void;
  onClosed?(flow: Flow): void;
  /** The addresses of this machine are others than before. */
  onAddressChange?(): void;
};
