import { type Clock, systemClock } from '../../src/core/clock.js';
import { silentLogger } from '../../src/core/log.js';
import type { IncomingInvite, Telephony } from '../../src/domain/ports/telephony.js';
import type { TrunkSignalling } from '../../src/domain/ports/trunk-signalling.js';
import { startSignallingServer } from '../../src/signalling/signalling-server.js';
import type { Timing } from '../../src/signalling/transaction/timing.js';
import { connectTelephony } from '../../src/sip/drachtio-telephony.js';
import { loopbackAddresses } from './loopback.js';
import { SipPeer } from './sip-peer.js';

const SECRET = 'secret of the test';

type Test = { teardown(task: () => Promise<void> | void): void };

export type TestTelephony = {
  telephony: Telephony & TrunkSignalling & { onLost(listener: () => void): void };
  sipPort: number;
  peer: SipPeer;
  /** INVITEs that came, in order; a test takes them with `nextInvite`. */
  nextInvite(): Promise<IncomingInvite>;
  /** Ends the signalling server under the application; absent when a real drachtio-server is used. */
  stopServer: (() => Promise<void>) | undefined;
};

/** True when `OFFHOOK_DRACHTIO` names a real drachtio-server: tests that need the embedded one are then left out. */
export const REAL_SERVER = process.env['OFFHOOK_DRACHTIO'] !== undefined;

/**
 * Our telephony on a signalling server, and a raw SIP peer that calls it.
 *
 * With `OFFHOOK_DRACHTIO=host:port`, `OFFHOOK_DRACHTIO_SECRET` and `OFFHOOK_SIP_PORT` the server is a drachtio-server that
 * already runs; it must accept SIP over UDP on 127.0.0.1.
 */
export async function startTelephony(t: Test, timing?: Timing, clock: Clock = systemClock): Promise<TestTelephony> {
  const server = REAL_SERVER ? realServer() : await embeddedServer(timing, clock);
  const telephony = await connectTelephony({
    host: server.host,
    port: server.port,
    secret: server.secret,
    addresses: loopbackAddresses(),
    userAgent: 'Offhook-Test',
    log: silentLogger,
    clock,
  });
  const peer = await SipPeer.udp(server.sipPort);
  t.teardown(async () => {
    // First, so that nobody waits for the answer to a BYE which the peer no longer gives.
    await server.stop?.();
    await telephony.close();
    await peer.close();
  });
  const waiting: ((invite: IncomingInvite) => void)[] = [];
  const arrived: IncomingInvite[] = [];
  telephony.onInvite((invite) => {
    const taker = waiting.shift();
    if (taker) taker(invite);
    else arrived.push(invite);
  });
  const nextInvite = (): Promise<IncomingInvite> => {
    const invite = arrived.shift();
    return invite ? Promise.resolve(invite) : new Promise((resolve) => waiting.push(resolve));
  };
  return { telephony, sipPort: server.sipPort, peer, nextInvite, stopServer: server.stop };
}

type Server = { host: string; port: number; secret: string; sipPort: number; stop: (() => Promise<void>) | undefined };

async function embeddedServer(timing: Timing | undefined, clock: Clock): Promise<Server> {
  const server = await startSignallingServer({
    bind: '127.0.0.1',
    sipPort: 0,
    externalIp: undefined,
    secret: SECRET,
    clock,
    log: silentLogger,
    ...(timing && { timing }),
  });
  return { host: '127.0.0.1', port: server.appPort, secret: SECRET, sipPort: server.sipPort, stop: () => server.close() };
}

function realServer(): Server {
  const { OFFHOOK_DRACHTIO = '', OFFHOOK_DRACHTIO_SECRET = '', OFFHOOK_SIP_PORT = '5060' } = process.env;
  const [host = '127.0.0.1', port = '9022'] = OFFHOOK_DRACHTIO.split(':');
  return { host, port: Number(port), secret: OFFHOOK_DRACHTIO_SECRET, sipPort: Number(OFFHOOK_SIP_PORT), stop: undefined };
}
