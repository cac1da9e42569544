import type { TrunkAccess } from '../domain/ports/trunk-signalling.js';
import type { BindingDeps } from './binding.js';
import { sendRequest } from './send-request.js';
import { hostOf, serverUri } from './server-uri.js';
import { SDP_TYPE } from './sip-headers.js';

/** Asks whether anybody is there (RFC 3261 section 11); resolves with the status of the answer, 408 or 503 when there is none. */
export async function ping(access: TrunkAccess, deps: BindingDeps): Promise<number> {
  const uri = serverUri(access);
  const headers = {
    From: `<sip:${access.username ?? 'offhook'}@${hostOf(access.host)}>`,
    To: `<${uri}>`,
    Accept: SDP_TYPE,
    'User-Agent': deps.userAgent,
  };
  const { response } = await sendRequest(deps, { method: 'OPTIONS', uri, proxy: access.outboundProxy, headers });
  return response.status;
}
