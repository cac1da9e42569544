import { createSign } from 'node:crypto';
import { z } from 'zod';
import type { Clock } from '../../core/clock.js';
import { exchange, jsonOf } from '../send-request.js';
import { type Fetch, ToolFailure } from '../tool.js';

const SCOPE = 'https://www.googleapis.com/auth/calendar';
/** Google grants no longer one. */
const ASSERTION_S = 3_600;
/** A token that is about to end is of no use to a request under way. */
const EARLY_MS = 60_000;

const ServiceAccount = z.object({ client_email: z.string(), private_key: z.string(), private_key_id: z.string().optional() });
const Granted = z.object({ access_token: z.string().min(1), expires_in: z.number().positive() });

export type GoogleTokenDeps = { clock: Clock; fetch: Fetch };

/** An access token of Google's, fetched when there is none that still holds: RFC 7523 for a service account, RFC 6749 section 6 for a user. */
export class GoogleToken {
  #token: string | undefined;
  #untilMs = 0;

  /** @throws ToolFailure */
  async get(
    tokenUrl: string,
    secrets: Readonly<Record<string, string>>,
    deps: GoogleTokenDeps,
    signal: AbortSignal,
  ): Promise<string> {
    if (this.#token !== undefined && deps.clock.monotonicMs() < this.#untilMs) return this.#token;
    const form = new URLSearchParams(grantOf(tokenUrl, secrets, deps.clock.nowMs()));
    const headers = { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' };
    const answer = await exchange(deps.fetch, tokenUrl, { method: 'POST', headers, body: form.toString(), signal });
    const granted = answer.status === 200 ? Granted.safeParse(jsonOf(answer)) : undefined;
    if (!granted?.success) {
      const mayPass = answer.status === 429 || answer.status >= 500;
      throw new ToolFailure('The calendar cannot be reached.', { mayPass, reason: `no access token: answered ${answer.status}` });
    }
    this.#token = granted.data.access_token;
    this.#untilMs = deps.clock.monotonicMs() + granted.data.expires_in * 1_000 - EARLY_MS;
    return this.#token;
  }

  /** It was refused. */
  forget(): void {
    this.#token = undefined;
  }
}

function grantOf(tokenUrl: string, secrets: Readonly<Record<string, string>>, nowMs: number): Record<string, string> {
  const { service_account: account, client_id, client_secret, refresh_token } = secrets;
  if (account !== undefined) {
    return { grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion: assertionOf(account, tokenUrl, nowMs) };
  }
  if (client_id !== undefined && client_secret !== undefined && refresh_token !== undefined) {
    return { grant_type: 'refresh_token', client_id, client_secret, refresh_token };
  }
  throw missing('neither service_account nor client_id, client_secret and refresh_token are there');
}

function assertionOf(account: string, audience: string, nowMs: number): string {
  try {
    const { client_email: issuer, private_key: key, private_key_id: keyId } = ServiceAccount.parse(JSON.parse(account));
    const issuedS = Math.floor(nowMs / 1_000);
    const header = { alg: 'RS256', typ: 'JWT', ...(keyId && { kid: keyId }) };
    const claims = { iss: issuer, scope: SCOPE, aud: audience, iat: issuedS, exp: issuedS + ASSERTION_S };
    const signed = [header, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
    return `${signed}.${createSign('RSA-SHA256').update(signed).sign(key, 'base64url')}`;
  } catch {
    // What it was is secret.
    throw missing('service_account is no key file of a service account');
  }
}

const missing = (what: string): ToolFailure => new ToolFailure('The calendar cannot be reached.', { reason: `secrets: ${what}` });
