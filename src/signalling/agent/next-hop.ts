import { parseNameAddr } from '../message/name-addr.js';
import type { SipRequest } from '../message/sip-message.js';
import { parseHostPort, parseSipUri, type SipUri } from '../message/uri.js';
import type { TransportName } from '../transport/flow.js';
import { transportOf } from '../transport/resolver.js';

/**
 * Parameters of an application's next hop, which is never written into a request: other servers to try after it, the keys its TLS
 * certificate may have, how often a registration's way is kept open, and whether we are where its registrar sees us. A drachtio-server
 * ignores them.
 */
const BACKUPS = 'x-backup';
const PINS = 'x-pin';
const KEEP_ALIVE = 'x-keep-alive-ms';
const NAT = 'x-nat';
const LIST_SEPARATOR = '&';

export type NextHop = {
  /** The first, and those to be tried after it. */
  uris: readonly SipUri[];
  transport: TransportName;
  /** Nothing names the transport: DNS may (RFC 3263 section 4.1). */
  free: boolean;
  /** SHA-256 of the public keys that a TLS peer may have, in base64url; none: authorities decide. */
  pins: readonly string[];
  keepAliveMs: number | undefined;
  /** Our address is what answers to REGISTER say. */
  learnsAddress: boolean;
};

/** Where a new request goes first: the application's next hop, its first Route, or the Request-URI itself. @returns why not, otherwise. */
export function firstHop(request: SipRequest, routeUrl: string): NextHop | string {
  const target = parseSipUri(request.uri);
  if (!target) return `invalid request-uri: ${request.method} ${request.uri} SIP/2.0`;
  const route = request.headers.list('Route')[0];
  const hop = routeUrl !== '' ? routeUrl : route === undefined ? undefined : parseNameAddr(route)?.uri;
  const uri = hop === undefined ? target : parseSipUri(hop.replace(/^<|>$/g, ''));
  if (!uri) return `invalid next hop: ${hop}`;
  const named = uri.params.has('transport') || uri.scheme === 'sips' ? uri : { ...target, scheme: uri.scheme };
  const transport = transportOf(named);
  if (transport === undefined) return 'requested protocol/transport not available';
  const list = (name: string): string[] => (routeUrl === '' ? undefined : uri.params.get(name))?.split(LIST_SEPARATOR) ?? [];
  const backups = list(BACKUPS).flatMap((text) => {
    const server = parseHostPort(text);
    return server ? [{ ...uri, ...server }] : [];
  });
  const keepAliveMs = Number(list(KEEP_ALIVE)[0] ?? 0);
  return {
    uris: [uri, ...backups],
    transport,
    free: !named.params.has('transport'),
    pins: list(PINS),
    keepAliveMs: keepAliveMs >= 1000 ? keepAliveMs : undefined,
    learnsAddress: list(NAT)[0] === 'auto',
  };
}
