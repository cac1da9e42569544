import type { TenantId } from '../core/ids.js';

/** What a key stands for: keys of two tenants, API keys or routes have nothing to do with each other. */
export type IdempotencyScope = { tenantId: TenantId; holder: string; route: string; key: string };

/** `body` is the JSON text of the first answer; there is none while the first request is under way, or was interrupted. */
export type IdempotencyRecord = { fingerprint: string; answer: { status: number; body: string } | undefined };

export interface IdempotencyRepository {
  /** Claims the scope for one request, in one step. Resolves with what is there already, or undefined when the claim is ours. */
  claim(
    scope: IdempotencyScope,
    claim: { fingerprint: string; nowMs: number; expiresAtMs: number },
  ): Promise<IdempotencyRecord | undefined>;
  answer(scope: IdempotencyScope, answer: { status: number; body: string }): Promise<void>;
  /** Gives the claim back: the request came to nothing and may be tried again. */
  release(scope: IdempotencyScope): Promise<void>;
}
