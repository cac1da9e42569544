import type { DigestChallenge, DigestResponse } from '../domain/ports/authentication.js';
import { splitList } from './sip-headers.js';
import type { Headers, SrfMessage } from './srf-types.js';

/**
 * What a WWW-Authenticate, Authorization or the same of a proxy says, by parameters in lower case; several of them may stand in one line,
 * and stay in their order. `scheme` is in lower case, too.
 */
export function parseAuthentication(header: string): Readonly<Record<string, string>>[] {
  const parsed: Record<string, string>[] = [];
  for (const part of splitList(header)) {
    // A word that no `=` follows begins the next one.
    const [, scheme, parameter = part] = /^([A-Za-z]+)\s+([^\s=].*)$/.exec(part) ?? [];
    if (scheme !== undefined) parsed.push({ scheme: scheme.toLowerCase() });
    const [, name, quoted, token] = /^([\w-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|(\S*))$/.exec(parameter.trim()) ?? [];
    const current = parsed.at(-1);
    if (current && name !== undefined) current[name.toLowerCase()] = quoted?.replace(/\\(.)/g, '$1') ?? token ?? '';
  }
  return parsed;
}

/** What a request says to prove who sent it; headers that are no digest are passed over. */
export function credentialsOf(message: SrfMessage): DigestResponse[] {
  const headers = [message.get('authorization'), message.get('proxy-authorization')];
  return headers.flatMap((header) => {
    if (header === undefined) return [];
    return parseAuthentication(header)
      .filter(({ scheme }) => scheme === 'digest')
      .map((given) => ({
        username: given['username'] ?? '',
        realm: given['realm'] ?? '',
        nonce: given['nonce'] ?? '',
        uri: given['uri'] ?? '',
        algorithm: given['algorithm'],
        qop: given['qop'],
        nonceCount: given['nc'],
        cnonce: given['cnonce'],
        response: given['response'] ?? '',
      }));
  });
}

/**
 * The header that asks for proof. Challenges must not share a line (RFC 3261 section 20.27), and srf knows one value per name: so the
 * further ones bring their names along.
 */
export function challengeHeaders(
  name: 'WWW-Authenticate' | 'Proxy-Authenticate',
  challenges: readonly DigestChallenge[],
): Headers {
  const values = challenges.map(
    ({ realm, nonce, algorithm, stale }) =>
      `Digest realm="${realm}", nonce="${nonce}", algorithm=${algorithm}, qop="auth"${stale ? ', stale=true' : ''}`,
  );
  return { [name]: values.join(`\r\n${name}: `) };
}
