import { parseCookie, stringifySetCookie } from 'cookie';
import type { Request, Response } from 'express';

export const SESSION_COOKIE = 'offhook_session';
const MAX_TOKEN_LENGTH = 128;

export function sessionTokenOf(req: Request): string | undefined {
  const header = req.get('cookie');
  const token = header === undefined ? undefined : parseCookie(header)[SESSION_COOKIE];
  return token !== undefined && token !== '' && token.length <= MAX_TOKEN_LENGTH ? token : undefined;
}

/** Out of reach of scripts, and not sent with what other sites post. `undefined` takes the cookie away. */
export function setSessionCookie(
  res: Response,
  session: { token: string; expiresAtMs: number } | undefined,
  secure: boolean,
): void {
  const cookie = stringifySetCookie(SESSION_COOKIE, session?.token ?? '', {
    expires: new Date(session?.expiresAtMs ?? 0),
    httpOnly: true,
    sameSite: 'lax',
    path: '/',
    secure,
  });
  res.setHeader('Set-Cookie', cookie);
}
