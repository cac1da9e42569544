import { AppError } from '../core/errors.js';
import { hostOfUri } from './party.js';

/** The host of a SIP URI that may be called there. @throws AppError `forbidden` */
export function allowedHostOf(uri: string, allowed: readonly string[]): string {
  const host = hostOfUri(uri);
  if (host !== undefined && allowed.includes(host)) return host;
  throw new AppError('forbidden', 'host outside the allowed ones', {
    publicMessage: 'This server may not call this SIP URI (outbound.allowedHosts)',
  });
}
