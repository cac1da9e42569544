import type { RegisteredTarget } from '../domain/ports/phone-directory.js';
import type { ContactPing } from '../domain/ports/registrar-signalling.js';
import type { TrunkAccess } from '../domain/ports/trunk-signalling.js';
import type { RequestDeps } from './binding.js';
import { type OutgoingRequest, sendRequest } from './send-request.js';
import { hostOf, serverUri } from './server-uri.js';
import { SDP_TYPE } from './sip-headers.js';

/** Asks whether anybody is there (RFC 3261 section 11); resolves with the status of the answer, 408 or 503 when there is none. */
export async function ping(access: TrunkAccess, deps: RequestDeps): Promise<number> {
  const uri = serverUri(access);
  const from = `<sip:${access.username ?? 'offhook'}@${hostOf(access.host)}>`;
  const { response } = await sendRequest(deps, options(from, uri, access.nextHop, {}, deps));
  return response.status;
}

/** Asks a registered contact, on the way that its registration came. */
export async function pingContact({ uri, proxy, headers }: Omit<RegisteredTarget, 'q'>, deps: RequestDeps): Promise<ContactPing> {
  const { response } = await sendRequest(deps, options('<sip:offhook@localhost>', uri, proxy, headers, deps));
  // Whatever a phone says, it is there; only what the signalling server made up has no address.
  if (response.source_address !== '') return 'answered';
  return response.status === 408 ? 'silent' : 'unreachable';
}

function options(
  from: string,
  uri: string,
  proxy: string | undefined,
  headers: Readonly<Record<string, string>>,
  { userAgent }: RequestDeps,
): OutgoingRequest {
  const own = { From: from, To: `<${uri}>`, Accept: SDP_TYPE, 'User-Agent': userAgent };
  return { method: 'OPTIONS', uri, proxy, headers: { ...headers, ...own } };
}
