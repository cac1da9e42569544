import type { Request } from 'express';
import { hostOf } from '../origin.js';

type Asked = Pick<Request, 'get' | 'secure' | 'protocol' | 'socket'>;
/** Of a request, or of what is to become a WebSocket. */
export type OriginHeaders = { get(name: 'origin' | 'host'): string | undefined };

/** Where this server is for browsers: at the URL of the configuration, or wherever they say they have reached it. */
export class Site {
  readonly #publicUrl: string | undefined;
  readonly #publicOrigin: string | undefined;

  /** `publicUrl` is that of a proxy in front, where there is one. */
  constructor(publicUrl: string | undefined) {
    this.#publicUrl = publicUrl?.replace(/\/+$/, '');
    this.#publicOrigin = publicUrl === undefined ? undefined : new URL(publicUrl).origin;
  }

  /** Whether a page of another site asks. What is no page, or reads only within its own site, sends no origin. */
  isForeign(req: OriginHeaders): boolean {
    const origin = req.get('origin');
    if (origin === undefined || origin === this.#publicOrigin) return false;
    // The scheme is not compared: behind a proxy that ends TLS it is another one here.
    return URL.parse(origin)?.host !== req.get('host');
  }

  isSecure(req: Asked): boolean {
    return req.secure || this.#publicUrl?.startsWith('https:') === true;
  }

  /** The address of a page of ours, for people to open. */
  linkTo(path: string, req: Asked): string {
    const base = this.#publicUrl ?? `${req.protocol}://${hostOf(req) ?? `localhost:${req.socket.localPort}`}`;
    return `${base}${path}`;
  }
}
