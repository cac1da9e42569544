import { spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export type KamailioOptions = {
  port: number;
  /** Digest authentication asks for this. */
  realm: string;
  password: string;
  algorithm: 'MD5' | 'SHA-256';
  /** Listens for TLS, too. */
  tls?: { port: number; certificate: string; key: string };
  minExpiresS?: number;
  maxExpiresS?: number;
};

/**
 * A registrar that asks for a password, and a proxy that asks for one and sends calls to who registered: Debian's kamailio on
 * 127.0.0.1, UDP and TCP.
 */
export function startKamailio(options: KamailioOptions): Promise<{ stop(): Promise<void> }> {
  return runKamailio(options.port, configOf(options));
}

const STOPS_WITHIN_MS = 3_000;

/** Kamailio with a configuration of the test's own, which must answer OPTIONS on 127.0.0.1:`port` over UDP. */
export async function runKamailio(port: number, config: string): Promise<{ stop(): Promise<void> }> {
  const dir = await mkdtemp(join(tmpdir(), 'offhook-kamailio-'));
  const file = join(dir, 'kamailio.cfg');
  await writeFile(file, config);
  const child = spawn('/usr/sbin/kamailio', ['-f', file, '-DD', '-E', '-m', '32', '-M', '4', '-Y', dir, '-n', '1'], {
    stdio: ['ignore', 'ignore', 'pipe'],
    // A group of its own, with its children.
    detached: true,
  });
  let log = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    log = (log + text).slice(-10_000);
  });
  const exited = once(child, 'exit');
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM');
    // Now and then its processes wait a minute for each other before it gives up.
    const impatient = setTimeout(() => child.pid !== undefined && process.kill(-child.pid, 'SIGKILL'), STOPS_WITHIN_MS);
    await exited;
    clearTimeout(impatient);
    await rm(dir, { recursive: true, force: true });
  };
  const gone = exited.then(() => {
    throw new Error(`kamailio ended:\n${log}`);
  });
  gone.catch(() => {});
  try {
    await Promise.race([answering(port), gone]);
  } catch (error) {
    await stop();
    throw error;
  }
  return { stop };
}

/** Asks until it answers. */
async function answering(port: number): Promise<void> {
  const socket = createSocket('udp4');
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  const own = socket.address().port;
  const ask = (): void =>
    socket.send(
      [
        `OPTIONS sip:127.0.0.1:${port} SIP/2.0`,
        `Via: SIP/2.0/UDP 127.0.0.1:${own};branch=z9hG4bK${Math.random()}`,
        'Max-Forwards: 70',
        `From: <sip:test@127.0.0.1:${own}>;tag=1`,
        `To: <sip:127.0.0.1:${port}>`,
        `Call-ID: ready-${own}`,
        'CSeq: 1 OPTIONS',
        'Content-Length: 0',
        '\r\n',
      ].join('\r\n'),
      port,
      '127.0.0.1',
    );
  ask();
  const again = setInterval(ask, 100);
  await once(socket, 'message');
  clearInterval(again);
  socket.close();
}

const tlsModule = ({ certificate, key }: { certificate: string; key: string }): string => `loadmodule "tls.so"
modparam("tls", "certificate", "${certificate}")
modparam("tls", "private_key", "${key}")
modparam("tls", "tls_method", "TLSv1.2+")`;

const configOf = ({
  port,
  realm,
  password,
  algorithm,
  minExpiresS = 1,
  maxExpiresS = 3600,
  tls,
}: KamailioOptions): string => `#!KAMAILIO
debug=2
log_stderror=yes
children=1
auto_aliases=no
listen=udp:127.0.0.1:${port}
listen=tcp:127.0.0.1:${port}
${tls ? `enable_tls=yes\nlisten=tls:127.0.0.1:${tls.port}` : ''}
loadmodule "pv.so"
loadmodule "tm.so"
loadmodule "sl.so"
loadmodule "rr.so"
loadmodule "usrloc.so"
loadmodule "registrar.so"
loadmodule "textops.so"
loadmodule "siputils.so"
loadmodule "auth.so"
${tls ? tlsModule(tls) : ''}
modparam("auth", "algorithm", "${algorithm}")
modparam("auth", "qop", "auth")
modparam("registrar", "min_expires", ${minExpiresS})
modparam("registrar", "max_expires", ${maxExpiresS})
modparam("registrar", "default_expires", ${maxExpiresS})
request_route {
  if (is_method("OPTIONS") && $rU == $null) { sl_send_reply("200", "OK"); exit; }
  if (is_method("REGISTER")) {
    if (!pv_www_authenticate("${realm}", "${password}", "0")) { auth_challenge("${realm}", "1"); exit; }
    save("location");
    exit;
  }
  if (has_totag()) {
    if (loose_route()) { t_relay(); exit; }
    if (is_method("ACK") && t_check_trans()) { t_relay(); exit; }
    sl_send_reply("404", "Not here");
    exit;
  }
  if (is_method("CANCEL")) { if (t_check_trans()) t_relay(); exit; }
  if (is_method("INVITE")) {
    if ($hdr(X-From-Network) == $null && !pv_proxy_authenticate("${realm}", "${password}", "0")) {
      auth_challenge("${realm}", "1");
      exit;
    }
    consume_credentials();
    record_route();
    if (!lookup("location")) { sl_send_reply("404", "Nobody of that name"); exit; }
    t_relay();
    exit;
  }
  sl_send_reply("405", "Method Not Allowed");
}
`;
