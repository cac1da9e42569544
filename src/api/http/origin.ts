import type { Request } from 'express';

/** Where the client reached us, by its own account (`host:port`); undefined for what cannot be a host. */
export function hostOf(req: Pick<Request, 'get'>): string | undefined {
  const host = req.get('host') ?? '';
  return /^[\w.:[\]-]{1,255}$/.test(host) ? host : undefined;
}
