import { createHash, createHmac, randomBytes } from 'node:crypto';

/** 256 bits: 43 characters of base64url. */
const TOKEN_BYTES = 32;

/** A secret that is handed out once, and what is kept of it: it carries so much randomness that a slow hash adds nothing. */
export function newToken(): { token: string; tokenHash: string } {
  const token = randomBytes(TOKEN_BYTES).toString('base64url');
  return { token, tokenHash: hashOf(token) };
}

export const hashOf = (token: string): string => createHash('sha256').update(token, 'utf8').digest('hex');

/** What a page must say beside the cookie that its browser sends: only who was told it when logging in can know it. */
export const csrfTokenOf = (sessionToken: string): string =>
  createHmac('sha256', sessionToken).update('csrf').digest('base64url');
