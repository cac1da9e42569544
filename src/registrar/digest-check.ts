import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { DIGEST_ALGORITHMS, type DigestAlgorithm, type DigestResponse } from '../domain/ports/authentication.js';

const HASHES: Readonly<Record<DigestAlgorithm, string>> = { 'SHA-256': 'sha256', MD5: 'md5' };

/** What of a password digest authentication needs, for each algorithm: the hash of user, realm and password. */
export type PasswordHashes = Readonly<Record<DigestAlgorithm, string>>;

const digest = (algorithm: DigestAlgorithm, ...parts: string[]): string =>
  createHash(HASHES[algorithm]).update(parts.join(':')).digest('hex');

export const passwordHashes = (user: string, realm: string, password: string): PasswordHashes => ({
  'SHA-256': digest('SHA-256', user, realm, password),
  MD5: digest('MD5', user, realm, password),
});

/** Stands for a user that does not exist: its check takes as long as any other, and never succeeds. */
export const NOBODY: PasswordHashes = passwordHashes('', '', randomBytes(32).toString('hex'));

/** Whether the answer is the one that the password leads to (RFC 7616 section 3.4.1, qop `auth` only). */
export function provesPassword(answer: DigestResponse, method: string, hashes: PasswordHashes): boolean {
  const { algorithm: named = 'MD5', nonce, nonceCount = '', cnonce = '', qop = '', uri } = answer;
  const algorithm = DIGEST_ALGORITHMS.find((known) => known.toLowerCase() === named.toLowerCase());
  if (algorithm === undefined || qop.toLowerCase() !== 'auth' || !/^[0-9a-f]{8}$/i.test(nonceCount) || cnonce === '')
    return false;
  const expected = digest(algorithm, hashes[algorithm], nonce, nonceCount, cnonce, qop, digest(algorithm, method, uri));
  const given = Buffer.from(answer.response.toLowerCase());
  return given.length === expected.length && timingSafeEqual(given, Buffer.from(expected));
}
