import { isIPv6 } from 'node:net';
import type { Cancel, Clock } from '../../core/clock.js';
import { OwnAddresses, type OwnAddressOptions, type Seen } from '../../core/own-addresses.js';
import { formatHost } from '../message/uri.js';
import { type Flow, type Target, TRANSPORTS, type Transport, type TransportEvents, type TransportName } from './flow.js';
import { StreamTransport } from './stream-transport.js';
import { tcpSockets } from './tcp-sockets.js';
import type { TlsSockets } from './tls-sockets.js';
import { UdpTransport } from './udp-transport.js';
import { WsTransport } from './ws-transport.js';

const ATTEMPTS_FOR_A_COMMON_PORT = 20;
const ADDRESS_CHECK_MS = 5000;

export type TransportOptions = OwnAddressOptions & {
  /** Of UDP and TCP; 0: any free one. */
  port: number;
  /** Undefined: TLS is dialled but not accepted. */
  tlsPort: number | undefined;
  ws?: WebSocketOptions | undefined;
};

/** Ports that are undefined are not listened on; `origins` as browsers send them. */
export type WebSocketOptions = { wsPort?: number | undefined; wssPort?: number | undefined; origins: readonly string[] };

/** All sockets of the server; UDP and TCP share one port number. */
export class TransportLayer {
  readonly #options: TransportOptions;
  readonly #clock: Clock;
  readonly #events: TransportEvents;
  readonly #addresses: OwnAddresses;
  readonly #tlsSockets: TlsSockets;
  #cancelWatch: Cancel = () => {};
  #udp: UdpTransport;
  #tcp: StreamTransport;
  readonly #tls: StreamTransport;
  readonly #ws: WsTransport;
  readonly #wss: WsTransport;

  constructor(options: TransportOptions, tls: TlsSockets, clock: Clock, events: TransportEvents) {
    this.#options = options;
    this.#clock = clock;
    this.#events = events;
    this.#addresses = new OwnAddresses(clock, options);
    this.#tlsSockets = tls;
    // First, because a certificate that does not fit its key is found here, while nothing is open.
    this.#tls = new StreamTransport(tls, clock, this.#addresses, events);
    const origins = options.ws?.origins ?? [];
    this.#ws = new WsTransport({ transport: 'ws', origins }, tcpSockets, clock, this.#addresses, events);
    this.#wss = new WsTransport({ transport: 'wss', origins }, tls, clock, this.#addresses, events);
    this.#udp = this.#newUdp();
    this.#tcp = this.#newTcp();
  }

  get port(): number {
    return this.#udp.port;
  }

  /** 0 for what is not listened on. */
  get ports(): Readonly<Record<TransportName, number>> {
    return {
      udp: this.#udp.port,
      tcp: this.#tcp.port,
      tls: this.#tls.port,
      ws: this.#ws.port,
      wss: this.#wss.port,
    };
  }

  /** @throws Error naming address, port and transport when a socket cannot be bound. */
  async listen(): Promise<void> {
    const { bind, tlsPort, ws } = this.#options;
    await this.#listenInClear();
    this.#watchAddresses(this.#addresses.fingerprint());
    const more: [string, Transport, number | undefined][] = [
      ['TLS', this.#tls, tlsPort],
      ['WS', this.#ws, ws?.wsPort],
      ['WSS', this.#wss, ws?.wssPort],
    ];
    for (const [name, transport, port] of more) {
      if (port === undefined) continue;
      await transport.listen(bind, port).catch(async (error: unknown) => {
        await this.close();
        throw cannotListen(bind, port, name, error);
      });
    }
  }

  /** The system tells nobody; looking costs a fraction of a millisecond. */
  #watchAddresses(before: string): void {
    this.#cancelWatch = this.#clock.schedule(ADDRESS_CHECK_MS, () => {
      const now = this.#addresses.fingerprint();
      this.#watchAddresses(now);
      if (now === before) return;
      this.#tcp.closeOrphans();
      this.#tls.closeOrphans();
      this.#events.onAddressChange?.();
    });
  }

  async #listenInClear(): Promise<void> {
    const { bind, port } = this.#options;
    for (let attempt = 1; ; attempt += 1) {
      await this.#udp.listen(bind, port).catch((error: unknown) => {
        throw cannotListen(bind, port, 'UDP', error);
      });
      try {
        await this.#tcp.listen(bind, this.#udp.port);
        return;
      } catch (error) {
        const taken = this.#udp.port;
        await this.#udp.close();
        // With port 0 the system chose for UDP alone; somebody may hold the same number on TCP.
        if (port !== 0 || attempt === ATTEMPTS_FOR_A_COMMON_PORT) throw cannotListen(bind, taken, 'TCP', error);
        this.#udp = this.#newUdp();
        this.#tcp = this.#newTcp();
      }
    }
  }

  flowTo(target: Target): Flow {
    return this.#all[target.transport].flowTo(target);
  }

  /** The address that this peer is told. */
  advertised(flow: Flow): { host: string; port: number } {
    const seen = this.#addresses.seenBy(flow.remote.address);
    if (seen) return { host: seen.address, port: seen.port };
    // A TLS client that listens nowhere is reached over its connection alone; the number only completes the URI.
    return { host: this.#addresses.advertisedTo(flow.remote.address), port: flow.local.port || this.port };
  }

  /** A peer has told where it sees us. */
  learn(peer: string, seen: Seen): void {
    this.#addresses.learn(peer, seen);
  }

  /** True for our own address and port, which a request must not be sent to. */
  isSelf(target: Target): boolean {
    if (target.port !== this.ports[target.transport]) return false;
    const { externalIp } = this.#options;
    return target.address === externalIp || target.address === this.#addresses.towards(target.address);
  }

  /** `udp/192.0.2.7:5060,tcp/…` as applications are told. */
  describe(which: 'advertised' | 'bound'): string {
    const { bind, externalIp } = this.#options;
    const wildcard = bind === '0.0.0.0' || bind === '::';
    const bound = wildcard ? this.#addresses.towards(isIPv6(bind) ? '2001:db8::1' : '192.0.2.1') : bind;
    const host = formatHost(which === 'advertised' ? (externalIp ?? bound) : bound);
    const { ports } = this;
    return TRANSPORTS.flatMap((name) => (ports[name] === 0 ? [] : `${name}/${host}:${ports[name]}`)).join(',');
  }

  /** Closes the connections of those who are not admitted any more. */
  expel(): void {
    for (const transport of [this.#tcp, this.#tls, this.#ws, this.#wss]) transport.expel();
  }

  async close(): Promise<void> {
    this.#cancelWatch();
    this.#tlsSockets.close();
    await Promise.all(Object.values(this.#all).map((transport) => transport.close()));
  }

  get #all(): Readonly<Record<TransportName, Transport>> {
    return { udp: this.#udp, tcp: this.#tcp, tls: this.#tls, ws: this.#ws, wss: this.#wss };
  }

  #newUdp(): UdpTransport {
    return new UdpTransport(this.#options.bind, this.#addresses, this.#events);
  }

  #newTcp(): StreamTransport {
    return new StreamTransport(tcpSockets, this.#clock, this.#addresses, this.#events);
  }
}

function cannotListen(bind: string, port: number, transport: string, cause: unknown): Error {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  const why = code === 'EADDRINUSE' ? 'the port is taken' : code || String(cause);
  return new Error(`cannot listen for SIP on ${bind}:${port} (${transport}): ${why}`, { cause });
}
