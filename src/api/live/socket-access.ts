import type { CallId, TenantId } from '../../core/ids.js';
import { hasScope, type Scope } from '../../domain/api-key.js';
import type { KeyService } from '../../keys/key-service.js';
import type { LiveTokens } from './live-tokens.js';
import type { Upgrade } from './upgrades.js';

const MAX_KEY_LENGTH = 512;

export type SocketAccessOptions = { keys: KeyService; tokens: LiveTokens };

/**
 * Who asks for a WebSocket of `call`: by an API key with `scope`, in the header or as `api_key`, or by a `session_token`, which may read.
 * A key goes before a token: it is what holds longer. Resolves with the status of the refusal where there is no tenant.
 */
export async function tenantOf(
  { request, url }: Pick<Upgrade, 'request' | 'url'>,
  call: CallId,
  scope: Scope,
  { keys, tokens }: SocketAccessOptions,
): Promise<TenantId | 401 | 403> {
  const bearer = /^Bearer +(\S+) *$/i.exec(request.headers.authorization ?? '')?.[1];
  const key = bearer ?? url.searchParams.get('api_key');
  if (key !== null) {
    const principal = key.length > MAX_KEY_LENGTH ? undefined : await keys.authenticate(key, 'core');
    if (!principal) return 401;
    return hasScope(principal, scope) ? principal.tenantId : 403;
  }
  const token = url.searchParams.get('session_token');
  const tenant = token === null ? undefined : tokens.redeem(token, call);
  if (tenant === undefined) return 401;
  return scope === 'calls:read' ? tenant : 403;
}
