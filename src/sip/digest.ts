import { createHash, randomBytes } from 'node:crypto';
import type { Credentials } from '../domain/ports/telephony.js';
import { parseAuthentication } from './digest-header.js';
import type { SrfResponse } from './srf-types.js';

/** RFC 8760 and RFC 3261; `-sess` forms are made of these. */
const HASHES: Readonly<Record<string, string>> = { md5: 'md5', 'sha-256': 'sha256', 'sha-512-256': 'sha512-256' };

type Challenge = Readonly<Record<string, string>>;
type Asked = { challenge: Challenge; nonceCount: number };
type Asker = 'origin' | 'proxy';

/**
 * What two parties know of each other's digest authentication (RFC 8760, RFC 7616): it answers challenges, and sends what it knows
 * along with later requests, so that they are not challenged again.
 */
export class DigestSession {
  readonly #credentials: Credentials;
  readonly #newCnonce: () => string;
  readonly #asked = new Map<Asker, Asked>();
  /** Askers that were answered in the request under way. */
  #answered = new Set<Asker>();

  constructor(credentials: Credentials, newCnonce: () => string = () => randomBytes(8).toString('hex')) {
    this.#credentials = credentials;
    this.#newCnonce = newCnonce;
  }

  /** A new request, not the repetition of a challenged one. */
  begin(): void {
    this.#answered.clear();
  }

  /**
   * Takes the challenge of a 401 or 407. False when sending again would be no use: our answer was refused already, or it asks for
   * what we cannot do.
   */
  take(status: number, header: string | undefined): boolean {
    const asker: Asker = status === 407 ? 'proxy' : 'origin';
    const challenge = parseAuthentication(header ?? '').find(canAnswer);
    if (!challenge) return false;
    const stale = challenge['stale']?.toLowerCase() === 'true';
    // A nonce may grow old between two requests, but not twice in one.
    if (this.#answered.has(asker) && (!stale || this.#asked.get(asker)?.challenge['stale']?.toLowerCase() === 'true'))
      return false;
    this.#answered.add(asker);
    this.#asked.set(asker, { challenge, nonceCount: 0 });
    return true;
  }

  /** The challenge of a 401 or 407 in `response`, taken as `take` does; false for every other status. */
  takeFrom(response: SrfResponse | undefined): boolean {
    const header = { 401: 'www-authenticate', 407: 'proxy-authenticate' }[response?.status ?? 0];
    return response !== undefined && header !== undefined && this.take(response.status, response.get(header));
  }

  /** The headers that prove who we are; none before the first challenge. `uri` is the Request-URI as it is sent. */
  headers(method: string, uri: string): Record<string, string> {
    const headers: Record<string, string> = {};
    for (const [asker, asked] of this.#asked) {
      asked.nonceCount += 1;
      const name = asker === 'proxy' ? 'Proxy-Authorization' : 'Authorization';
      const { nonceCount } = asked;
      headers[name] = answerTo(asked.challenge, { ...this.#credentials, method, uri, nonceCount, cnonce: this.#newCnonce() });
    }
    return headers;
  }
}

const algorithmOf = (challenge: Challenge): { hash: string | undefined; session: boolean } => {
  const name = (challenge['algorithm'] ?? 'MD5').toLowerCase();
  return { hash: HASHES[name.replace(/-sess$/, '')], session: name.endsWith('-sess') };
};

const qopsOf = (challenge: Challenge): string[] | undefined =>
  challenge['qop']?.split(',').map((qop) => qop.trim().toLowerCase());

const canAnswer = (challenge: Challenge): boolean =>
  challenge['scheme'] === 'digest' &&
  challenge['realm'] !== undefined &&
  challenge['nonce'] !== undefined &&
  algorithmOf(challenge).hash !== undefined &&
  (qopsOf(challenge)?.includes('auth') ?? true);

type DigestInput = Credentials & { method: string; uri: string; nonceCount: number; cnonce: string };

/** The value of an Authorization header (RFC 7616 section 3.4). */
function answerTo(challenge: Challenge, input: DigestInput): string {
  const { username, password, method, uri, cnonce } = input;
  const { realm = '', nonce = '', opaque, algorithm } = challenge;
  const { hash = 'md5', session } = algorithmOf(challenge);
  const digest = (...parts: string[]): string => createHash(hash).update(parts.join(':')).digest('hex');
  const secret = digest(username, realm, password);
  const ha1 = session ? digest(secret, nonce, cnonce) : secret;
  const ha2 = digest(method, uri);
  const nc = input.nonceCount.toString(16).padStart(8, '0');
  const protectedBy = qopsOf(challenge) ? ['auth'] : [];
  const response = protectedBy.length > 0 ? digest(ha1, nonce, nc, cnonce, 'auth', ha2) : digest(ha1, nonce, ha2);
  return `Digest ${[
    `username=${quote(username)}`,
    `realm=${quote(realm)}`,
    `nonce=${quote(nonce)}`,
    `uri=${quote(uri)}`,
    `response="${response}"`,
    ...(algorithm === undefined ? [] : [`algorithm=${algorithm}`]),
    ...(opaque === undefined ? [] : [`opaque=${quote(opaque)}`]),
    ...protectedBy.flatMap((qop) => [`qop=${qop}`, `nc=${nc}`]),
    ...(protectedBy.length > 0 || session ? [`cnonce="${cnonce}"`] : []),
  ].join(', ')}`;
}

const quote = (text: string): string => `"${text.replace(/["\\]/g, '\\$&')}"`;
