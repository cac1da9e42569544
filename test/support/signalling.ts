import Srf from 'drachtio-srf';
import { systemClock } from '../../src/core/clock.js';
import { silentLogger } from '../../src/core/log.js';
import {
  type SignallingOptions,
  type SignallingServer,
  type SignallingTls,
  startSignallingServer,
} from '../../src/signalling/signalling-server.js';
import type { Timing } from '../../src/signalling/transaction/timing.js';
import { SipPeer } from './sip-peer.js';

const SECRET = 'secret of the test';

type Teardown = { teardown(task: () => Promise<void> | void): void };

/** A server in this thread; with `timing` its SIP timers run faster. */
export async function startServer(
  t: Teardown,
  timing?: Timing,
  bind = '127.0.0.1',
  tls?: SignallingTls,
  more: Partial<SignallingOptions> = {},
): Promise<SignallingServer> {
  const server = await startSignallingServer({
    bind,
    sipPort: 0,
    tls,
    externalIp: undefined,
    secret: SECRET,
    clock: systemClock,
    log: silentLogger,
    ...(timing && { timing }),
    ...more,
  });
  t.teardown(() => server.close());
  return server;
}

/** A real application connected to the server, once its routes are known there. */
export async function connectApp(t: Teardown, server: SignallingServer, prepare: (srf: Srf) => void = () => {}): Promise<Srf> {
  const srf = new Srf();
  prepare(srf);
  await new Promise<void>((resolve, reject) => {
    srf.on('error', reject);
    srf.on('connect', (error: Error | undefined) => (error ? reject(error) : resolve()));
    void srf.connect({ host: '127.0.0.1', port: server.appPort, secret: SECRET });
  });
  // Frames are taken in order: once this one is refused, the routes sent before it are known.
  const request = srf.request.bind(srf) as unknown as (uri: string, options: object, done: () => void) => void;
  await new Promise<void>((resolve) => request('sip:', { method: 'OPTIONS' }, resolve));
  t.teardown(() => disconnectApp(srf));
  return srf;
}

const disconnected = new WeakSet<Srf>();

/** Drops the application's connection; a second time does nothing. */
export function disconnectApp(srf: Srf): void {
  if (disconnected.has(srf)) return;
  disconnected.add(srf);
  srf.removeAllListeners('error');
  srf.on('error', () => {});
  srf.disconnect();
}

/** Ends a dialog; resolves with the answer to its BYE. */
export async function destroy(dialog: Srf.Dialog | undefined): Promise<void> {
  // The types say it returns nothing.
  await (dialog?.destroy() as unknown as Promise<void> | undefined);
}

/** Serves a method the library's types forget. */
export function serve(srf: Srf, method: string, handler: (req: Srf.SrfRequest, res: Srf.SrfResponse) => void): void {
  (srf as unknown as { use(method: string, handler: unknown): void }).use(method, handler);
}

export async function udpPeer(t: Teardown, server: { sipPort: number }): Promise<SipPeer> {
  const peer = await SipPeer.udp(server.sipPort);
  t.teardown(() => peer.close());
  return peer;
}

export async function tcpPeer(t: Teardown, server: { sipPort: number }): Promise<SipPeer> {
  const peer = await SipPeer.tcp(server.sipPort);
  t.teardown(() => peer.close());
  return peer;
}
