import type { ApiKeyId, TenantId } from '../core/ids.js';

/** An API key as it is kept: the key itself is shown once, at creation. */
export type ApiKey = {
  id: ApiKeyId;
  tenantId: TenantId;
  name: string;
  /** The first characters (`va_1a2b3c4d`), to tell keys apart. */
  prefix: string;
  /** SHA-256 of the whole key in hex: it carries 256 bits of randomness, so a slow hash adds nothing. */
  hash: string;
  createdAtMs: number;
  lastUsedAtMs: number | undefined;
  revokedAtMs: number | undefined;
};
