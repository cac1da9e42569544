import { createHash, X509Certificate } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { isIP, type Server, type Socket } from 'node:net';
import {
  connect,
  createSecureContext,
  createServer,
  type SecureContext,
  type SecureContextOptions,
  type TLSSocket,
  type Server as TlsServer,
} from 'node:tls';
import type { Cancel, Clock } from '../../core/clock.js';
import type { Logger } from '../../core/log.js';
import type { Target } from './flow.js';
import type { StreamSockets } from './stream-transport.js';

export type TlsOptions = {
  /** PEM files; the certificate's may hold the whole chain. Without them TLS is only dialled, never accepted. */
  certificate?: string | undefined;
  key?: string | undefined;
  /** More of them, shown to those who ask for a name that they hold; whoever asks for another, or none, sees the one above. */
  certificates?: readonly { certificate: string; key: string }[] | undefined;
  /** PEM file of the authorities that peers are held to, instead of those Node knows. */
  ca?: string | undefined;
  /** Callers over TLS must show a certificate of those authorities. */
  requireClientCertificate: boolean;
  /** Servers that we dial must prove their name. */
  verify: boolean;
};

const CHECK_MS = 10_000;
const HANDSHAKE_TIMEOUT_MS = 10_000;

/** What all sockets use, and what is shown instead to those who ask for one of its names. */
type Material = { usual: SecureContextOptions; named: readonly Named[] };
type Named = { holder: X509Certificate; context: SecureContext };

/** TLS 1.2 and later (RFC 8996), with certificates that may be exchanged on disk while calls go on. */
export class TlsSockets implements StreamSockets {
  readonly transport = 'tls';
  readonly readyEvent = 'secureConnect';
  readonly #options: TlsOptions;
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #servers: TlsServer[] = [];
  #material: Material;
  #version: string;
  #cancelCheck: Cancel = () => {};

  /** @throws Error that names the file which cannot be read. */
  constructor(options: TlsOptions, clock: Clock, log: Logger) {
    this.#options = options;
    this.#clock = clock;
    this.#log = log;
    if (!options.verify) log.warn({}, 'sip.tls.verify is off: anybody in between can pose as the servers we call');
    this.#version = this.#versionOnDisk();
    this.#material = this.#read();
  }

  /** @throws Error when certificate and key do not belong together. */
  createServer(onSocket: (socket: Socket) => void): Server {
    const { requireClientCertificate } = this.#options;
    const server = createServer(
      {
        ...this.#material.usual,
        // RFC 6066 section 3.
        SNICallback: (name, done) => {
          done(null, this.#material.named.find(({ holder }) => holder.checkHost(name) !== undefined)?.context);
        },
        requestCert: requireClientCertificate,
        rejectUnauthorized: requireClientCertificate,
        handshakeTimeout: HANDSHAKE_TIMEOUT_MS,
      },
      onSocket,
    );
    server.on('tlsClientError', (error, socket) => {
      this.#log.debug({ err: error, peer: socket.remoteAddress }, 'TLS handshake failed');
      socket.destroy();
    });
    this.#servers.push(server);
    if (this.#servers.length === 1 && this.#version !== '') this.#watch();
    return server;
  }

  connect({ address, port, serverName = address, pins }: Target): Socket {
    // Names go into the hello (RFC 6066 section 3), addresses must not; both are checked against the certificate.
    const name = isIP(serverName) === 0 ? { servername: serverName } : {};
    return connect({ ...this.#material.usual, host: address, port, ...name, rejectUnauthorized: this.#options.verify && !pins });
  }

  /** A key that is pinned proves its holder, and nothing else does. */
  refusal(socket: Socket, { pins }: Target): Error | undefined {
    if (!pins) return undefined;
    const key = (socket as TLSSocket).getPeerX509Certificate()?.publicKey.export({ type: 'spki', format: 'der' });
    const shown = key && createHash('sha256').update(key).digest('base64url');
    return shown !== undefined && pins.includes(shown) ? undefined : new Error(`the key of the TLS peer is not pinned: ${shown}`);
  }

  close(): void {
    this.#cancelCheck();
  }

  #files(): string[] {
    const { certificate, key, ca, certificates = [] } = this.#options;
    return [certificate, key, ca, ...certificates.flatMap((more) => [more.certificate, more.key])].filter(
      (file) => file !== undefined,
    );
  }

  #versionOnDisk(): string {
    return this.#files()
      .map((file) => statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 'missing')
      .join(' ');
  }

  #read(): Material {
    const { certificate, key, ca, certificates = [] } = this.#options;
    const common: SecureContextOptions = {
      minVersion: 'TLSv1.2',
      ...(ca !== undefined && { ca: readPem(ca) }),
    };
    return {
      usual: {
        ...common,
        ...(certificate !== undefined && { cert: readPem(certificate) }),
        ...(key !== undefined && { key: readPem(key) }),
      },
      named: certificates.map((files) => named(files, common)),
    };
  }

  #watch(): void {
    this.#cancelCheck = this.#clock.schedule(CHECK_MS, () => {
      this.#reload();
      this.#watch();
    });
  }

  /** Certificate and key are two files: a pair that does not fit yet is tried again at the next look. */
  #reload(): void {
    const version = this.#versionOnDisk();
    if (version === this.#version) return;
    try {
      const material = this.#read();
      for (const server of this.#servers) server.setSecureContext(material.usual);
      this.#material = material;
      this.#version = version;
      this.#log.info({ certificate: this.#options.certificate }, 'TLS certificate read again');
    } catch (error) {
      this.#log.error({ err: error }, 'new TLS certificate not usable; the old one stays');
    }
  }
}

/** @throws Error that names the certificate which cannot be used with its key. */
function named({ certificate, key }: { certificate: string; key: string }, common: SecureContextOptions): Named {
  const pair = { cert: readPem(certificate), key: readPem(key) };
  try {
    return { holder: new X509Certificate(pair.cert), context: createSecureContext({ ...common, ...pair }) };
  } catch (error) {
    throw new Error(`cannot use the TLS certificate ${certificate} with the key ${key}`, { cause: error });
  }
}

function readPem(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new Error(`cannot read the TLS file ${file}`, { cause: error });
  }
}
