import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Clock } from '../../core/clock.js';
import type { CallId, TenantId } from '../../core/ids.js';

const LIFETIME_MS = 5 * 60_000;
/** SHA-256. */
const MAC_BYTES = 32;
const MAX_TOKEN_LENGTH = 512;

/**
 * Tokens that open one call's live feed for five minutes, for browsers that must not hold a key.
 *
 * Nothing is kept: a token carries what it says, signed with a secret that this process made up. A restart ends them all.
 */
export class LiveTokens {
  readonly #clock: Clock;
  readonly #secret = randomBytes(32);

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  issue(tenant: TenantId, call: CallId): string {
    const claims = Buffer.from(JSON.stringify([tenant, call, this.#clock.nowMs() + LIFETIME_MS]));
    return Buffer.concat([this.#macOf(claims), claims]).toString('base64url');
  }

  /** Whose call it is; undefined when the token is none of ours, for another call, or too old. */
  redeem(token: string, call: CallId): TenantId | undefined {
    if (token.length > MAX_TOKEN_LENGTH) return undefined;
    const bytes = Buffer.from(token, 'base64url');
    const mac = bytes.subarray(0, MAC_BYTES);
    const claims = bytes.subarray(MAC_BYTES);
    if (mac.length !== MAC_BYTES || !timingSafeEqual(mac, this.#macOf(claims))) return undefined;
    // Signed by us, hence of our shape.
    const [tenant, forCall, expiresAtMs] = JSON.parse(claims.toString('utf8')) as [TenantId, CallId, number];
    return forCall === call && this.#clock.nowMs() < expiresAtMs ? tenant : undefined;
  }

  #macOf(claims: Buffer): Buffer {
    return createHmac('sha256', this.#secret).update(claims).digest();
  }
}
