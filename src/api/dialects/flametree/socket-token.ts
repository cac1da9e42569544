import { hasScope } from '../../../domain/api-key.js';
import type { KeyPrincipal } from '../../../domain/principal.js';
import type { KeyService } from '../../../keys/key-service.js';
import type { Upgrade } from '../../live/upgrades.js';

const MAX_KEY_LENGTH = 512;

/**
 * Whose token a WebSocket was asked for with: in the header, as `?token=`, or as the subprotocol, which is all that browsers can send.
 * Undefined where there is none; `refused` where it does not hold, or may not read sessions.
 */
export async function socketTokenOf(
  { request, url }: Pick<Upgrade, 'request' | 'url'>,
  keys: KeyService,
): Promise<KeyPrincipal | 'refused' | undefined> {
  const header = request.headers.authorization;
  const token =
    header === undefined
      ? (url.searchParams.get('token') ?? request.headers['sec-websocket-protocol']?.split(',')[0]?.trim())
      : (/^Bearer +(\S+) *$/i.exec(header)?.[1] ?? '');
  if (token === undefined) return undefined;
  if (token.length > MAX_KEY_LENGTH) return 'refused';
  const principal = await keys.authenticate(token, 'flametree');
  return principal && hasScope(principal, 'sessions:read') ? principal : 'refused';
}
