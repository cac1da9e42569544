import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { isIP, type Server, type Socket } from 'node:net';
import { connect, createServer, type SecureContextOptions, type TLSSocket, type Server as TlsServer } from 'node:tls';
import type { Cancel, Clock } from '../../core/clock.js';
import type { Logger } from '../../core/log.js';
import type { Target } from './flow.js';

import type { StreamSockets } from './stream-transport.js';

export type TlsOptions = {
  /** PEM files; the certificate's may hold the whole chain. Without them TLS is only dialled, never accepted. */
  certificate?: string | undefined;
  key?: string | undefined;
  /** PEM file of the authorities that peers are held to, instead of those Node knows. */
  ca?: string | undefined;
  /** Callers over TLS must show a certificate of those authorities. */
  requireClientCertificate: boolean;
  /** Servers that we dial must prove their name. */
  verify: boolean;
};

const CHECK_MS = 10_000;
const HANDSHAKE_TIMEOUT_MS = 10_000;

/** TLS 1.2 and later (RFC 8996), with certificates that may be exchanged on disk while calls go on. */
export class TlsSockets implements StreamSockets {
  readonly transport = 'tls';
  readonly readyEvent = 'secureConnect';
  readonly #options: TlsOptions;
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #servers: TlsServer[] = [];
  #material: SecureContextOptions;
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
        ...this.#material,
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
    return connect({ ...this.#material, host: address, port, ...name, rejectUnauthorized: this.#options.verify && !pins });
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
    const { certificate, key, ca } = this.#options;
    return [certificate, key, ca].filter((file) => file !== undefined);
  }

  #versionOnDisk(): string {
    return this.#files()
      .map((file) => statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 'missing')
      .join(' ');
  }

  #read(): SecureContextOptions {
    const { certificate, key, ca } = this.#options;
    return {
      minVersion: 'TLSv1.2',
      ...(certificate !== undefined && { cert: readPem(certificate) }),
      ...(key !== undefined && { key: readPem(key) }),
      ...(ca !== undefined && { ca: readPem(ca) }),
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
      for (const server of this.#servers) server.setSecureContext(material);
      this.#material = material;
      this.#version = version;
      this.#log.info({ certificate: this.#options.certificate }, 'TLS certificate read again');
    } catch (error) {
      this.#log.error({ err: error }, 'new TLS certificate not usable; the old one stays');
    }
  }
}

function readPem(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new Error(`cannot read the TLS file ${file}`, { cause: error });
  }
}
