import type { Clock } from '../core/clock.js';
import type { Logger } from '../core/log.js';
import { UserAgent } from './agent/user-agent.js';
import { Gate, type GateFigures, type GateOptions } from './gate/gate.js';
import type { OffenceSighting } from './gate/offence-report.js';
import { RFC_TIMING, type Timing } from './transaction/timing.js';
import { type Dns, systemDns } from './transport/dns.js';
import { type TlsOptions, TlsSockets } from './transport/tls-sockets.js';
import { TransportLayer, type WebSocketOptions } from './transport/transport-layer.js';
import { WireServer } from './wire/wire-server.js';
import type { ReachabilityChange } from './worker-messages.js';

/** Applications parse it: `v` and three numbers, at least v0.8.2 or they never ping. */
const PROTOCOL_VERSION = 'v0.9.10';
/** Lets what is under way settle before the calls of a lost application are ended. */
const ABANDON_GRACE_MS = 250;

/** How long the last messages may take to leave. */
const GOODBYE_MS = 50;

export type SignallingOptions = {
  bind: string;
  /** 0: any free one, the same for UDP and TCP. */
  sipPort: number;
  /** Absent: TLS is dialled, with the authorities Node knows, and not accepted. */
  tls?: SignallingTls | undefined;
  ws?: WebSocketOptions | undefined;
  externalIp: string | undefined;
  /** See `OwnAddressOptions`. */
  localNetworks?: readonly string[] | undefined;
  secret: string;
  /** Absent: everybody is served, as fast as they come. */
  gate?: GateOptions | undefined;
  clock: Clock;
  log: Logger;
  timing?: Timing;
  /** Name servers to ask instead of the system's. */
  dnsServers?: readonly string[] | undefined;
  dns?: Dns;
  onReachabilityChange?: (change: ReachabilityChange) => void;
};

export type SignallingTls = TlsOptions & { port: number | undefined };

/** Ports are 0 for what is not listened on. */
export type SignallingPorts = { appPort: number; sipPort: number; tlsPort: number; wsPort: number; wssPort: number };
export type SignallingServer = SignallingPorts & { gate: GateControl; close(): Promise<void> };

/** What those who run the server decide, and learn, about who is let in. */
export type GateControl = {
  know(sources: readonly string[]): void;
  /** Connections that are open are closed. */
  ban(source: string, forMs: number): void;
  lift(source: string): void;
  setOverloaded(overloaded: boolean): void;
  takeOffences(): OffenceSighting[];
  figures(): GateFigures;
};

const NO_LIMIT = Number.MAX_SAFE_INTEGER;
const OPEN_GATE: GateOptions = {
  silentToUnknown: false,
  trusted: [],
  scanners: [],
  callsPerSecond: NO_LIMIT,
  callsPerSecondPerSource: NO_LIMIT,
  requestsPerSecond: NO_LIMIT,
  requestsPerSecondPerSource: NO_LIMIT,
  connectionsPerSource: NO_LIMIT,
};

const DIAL_ONLY: SignallingTls = { port: undefined, requireClientCertificate: false, verify: true };

/** One message that hits a fault of ours must not end every other call. */
function survive(log: Logger, what: string, task: () => void): void {
  try {
    task();
  } catch (error) {
    log.error({ err: error }, `${what} hit a fault`);
  }
}

/** The whole server in the present thread. @throws Error when a port cannot be bound. */
export async function startSignallingServer(options: SignallingOptions): Promise<SignallingServer> {
  const { clock, log, bind, sipPort: port, externalIp, localNetworks, tls = DIAL_ONLY, ws } = options;
  const sockets = new TlsSockets(tls, clock, log);
  const gate = new Gate(options.gate ?? OPEN_GATE, clock);
  const { dns = systemDns(bind, options.dnsServers), onReachabilityChange = () => {} } = options;
  const onRegistrationDue = ({ address }: { address: string }): void => onReachabilityChange({ registrar: address });
  const addresses = { bind, externalIp, localNetworks };
  const transports = new TransportLayer({ ...addresses, port, tlsPort: tls.port, ws }, sockets, clock, {
    admits: (address) => gate.admits(address),
    admitsConnection: (address, held) => gate.admitsConnection(address, held),
    onMessage: (received) => survive(log, 'a message from the network', () => agent.receive(received)),
    onFault: (received, fault) => agent.receiveFaulty(received, fault),
    onClosed: (flow) => agent.flowClosed(flow),
    onAddressChange: () => onReachabilityChange('address'),
  });
  const wire = new WireServer({
    clock,
    log,
    secret: options.secret,
    describe: () => ({
      advertised: transports.describe('advertised'),
      version: PROTOCOL_VERSION,
      bound: transports.describe('bound'),
    }),
    respond: (owner, transactionId, text, reply) =>
      survive(log, 'a response of the application', () => agent.respond(owner, transactionId, text, reply)),
    request: (owner, command, reply) => survive(log, 'a request of the application', () => agent.request(owner, command, reply)),
    onClosed: (client) => {
      clock.schedule(ABANDON_GRACE_MS, () => agent.abandon(client));
    },
  });
  const agent = new UserAgent(
    { clock, timing: options.timing ?? RFC_TIMING, transports, dns, gate, log, onRegistrationDue },
    wire,
  );
  const appPort = await wire.listen();
  try {
    await transports.listen();
  } catch (error) {
    await wire.close();
    throw error;
  }
  return {
    appPort,
    sipPort: transports.port,
    tlsPort: transports.ports.tls,
    wsPort: transports.ports.ws,
    wssPort: transports.ports.wss,
    gate: {
      know: (sources) => gate.know(sources),
      ban: (source, forMs) => {
        gate.ban(source, forMs);
        transports.expel();
      },
      lift: (source) => gate.lift(source),
      setOverloaded: (overloaded) => {
        gate.overloaded = overloaded;
      },
      takeOffences: () => gate.takeOffences(),
      figures: () => gate.figures(),
    },
    async close() {
      // Calls that are still up hear of it; the pause lets the sockets take the bytes.
      agent.endAll();
      await new Promise<void>((resolve) => {
        clock.schedule(GOODBYE_MS, resolve);
      });
      agent.close();
      await Promise.all([transports.close(), wire.close()]);
    },
  };
}
