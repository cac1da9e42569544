import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Clock } from '../core/clock.js';
import { AppError } from '../core/errors.js';
import { type ApiKeyId, DEFAULT_TENANT, newApiKeyId, type TenantId } from '../core/ids.js';
import type { ApiKey } from '../domain/api-key.js';
import type { ApiKeyRepository } from '../domain/ports/repositories.js';

const MARK = 'va_';
/** 256 bits: 43 characters of base64url. */
const KEY_BYTES = 32;
const PREFIX_LENGTH = MARK.length + 8;
const MAX_NAME_LENGTH = 200;
/** "Last used" is for people: to the minute is enough, and costs no write for every request. */
const TOUCH_INTERVAL_MS = 60_000;

/** Who a request comes from. `keyId` is absent for the bootstrap key of the configuration, which is never stored. */
export type Principal = { tenantId: TenantId; keyId: ApiKeyId | undefined };

export class KeyService {
  readonly #keys: ApiKeyRepository;
  readonly #clock: Clock;
  readonly #adminHash: Buffer | undefined;

  constructor(options: { keys: ApiKeyRepository; clock: Clock; adminKey?: string | undefined }) {
    this.#keys = options.keys;
    this.#clock = options.clock;
    this.#adminHash = options.adminKey === undefined ? undefined : digest(options.adminKey);
  }

  /** `key` is not kept and cannot be had again. */
  async create(tenant: TenantId, name: string): Promise<{ key: string; record: ApiKey }> {
    const trimmed = name.trim();
    if (trimmed === '' || trimmed.length > MAX_NAME_LENGTH) {
      const message = `must have 1 to ${MAX_NAME_LENGTH} characters`;
      throw new AppError('invalid_request', `key name ${message}`, { faults: [{ field: 'name', message }] });
    }
    const key = `${MARK}${randomBytes(KEY_BYTES).toString('base64url')}`;
    const record: ApiKey = {
      id: newApiKeyId(),
      tenantId: tenant,
      name: trimmed,
      prefix: key.slice(0, PREFIX_LENGTH),
      hash: digest(key).toString('hex'),
      createdAtMs: this.#clock.nowMs(),
      lastUsedAtMs: undefined,
      revokedAtMs: undefined,
    };
    await this.#keys.insert(record);
    return { key, record };
  }

  list(tenant: TenantId): Promise<ApiKey[]> {
    return this.#keys.list(tenant);
  }

  /** @throws AppError `key_not_found` when there is none of this id that still holds. */
  async revoke(tenant: TenantId, id: ApiKeyId): Promise<void> {
    if (await this.#keys.revoke(tenant, id, this.#clock.nowMs())) return;
    throw new AppError('key_not_found', `no active key ${id}`);
  }

  /** Undefined for a key that does not exist or was revoked. */
  async authenticate(key: string): Promise<Principal | undefined> {
    const hash = digest(key);
    if (this.#adminHash !== undefined && timingSafeEqual(hash, this.#adminHash)) {
      return { tenantId: DEFAULT_TENANT, keyId: undefined };
    }
    const found = await this.#keys.findByHash(hash.toString('hex'));
    // The index has compared already, byte by byte; what it compared is a hash, whose bytes a caller cannot choose one at a time.
    if (!found || !timingSafeEqual(hash, Buffer.from(found.hash, 'hex')) || found.revokedAtMs !== undefined) return undefined;
    const nowMs = this.#clock.nowMs();
    if (nowMs - (found.lastUsedAtMs ?? 0) >= TOUCH_INTERVAL_MS) await this.#keys.touch(found.id, nowMs);
    return { tenantId: found.tenantId, keyId: found.id };
  }
}

const digest = (text: string): Buffer => createHash('sha256').update(text, 'utf8').digest();
