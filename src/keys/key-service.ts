import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Clock } from '../core/clock.js';
import { AppError } from '../core/errors.js';
import { type AgentId, type ApiKeyId, DEFAULT_TENANT, newApiKeyId, type TenantId } from '../core/ids.js';
import { type ApiKey, type DialectName, KEY_MARKS } from '../domain/api-key.js';
import type { AgentRepository, ApiKeyRepository } from '../domain/ports/repositories.js';
import type { TollLimits } from '../domain/ports/toll-guard.js';
import type { KeyPrincipal } from '../domain/principal.js';
import { keyExpiry, keyLimits, keyName, keyScopes } from './key-input.js';

/** 256 bits: 43 characters of base64url. */
const KEY_BYTES = 32;
/** Of a key's beginning that is shown, behind its mark. */
const SHOWN_LENGTH = 8;
/** "Last used" is for people: to the minute is enough, and costs no write for every request. */
const TOUCH_INTERVAL_MS = 60_000;

/** Without `dialect` a key is for `core`, without `agentId` for all agents. Without `scopes` a key may do everything; without `expiresAtMs` it holds until it is revoked; without `limits` its organisation's are all. */
export type KeyTerms = {
  dialect?: DialectName | undefined;
  agentId?: AgentId | undefined;
  scopes?: readonly string[] | undefined;
  expiresAtMs?: number | undefined;
  limits?: TollLimits | undefined;
};

export type KeyServiceOptions = {
  keys: ApiKeyRepository;
  agents: Pick<AgentRepository, 'find'>;
  clock: Clock;
  adminKey?: string | undefined;
  /** Told of a key's limits whenever it is used, since another program may have set them. */
  onLimits?: ((id: ApiKeyId, limits: TollLimits | undefined) => void) | undefined;
};

export class KeyService {
  readonly #keys: ApiKeyRepository;
  readonly #agents: KeyServiceOptions['agents'];
  readonly #clock: Clock;
  readonly #adminHash: Buffer | undefined;
  readonly #onLimits: KeyServiceOptions['onLimits'];

  constructor(options: KeyServiceOptions) {
    this.#keys = options.keys;
    this.#agents = options.agents;
    this.#clock = options.clock;
    this.#onLimits = options.onLimits;
    this.#adminHash = options.adminKey === undefined ? undefined : digest(options.adminKey);
  }

  /** `key` is not kept and cannot be had again. @throws AppError `invalid_request`, or `agent_not_found`. */
  async create(tenant: TenantId, name: string, terms: KeyTerms = {}): Promise<{ key: string; record: ApiKey }> {
    const nowMs = this.#clock.nowMs();
    const { dialect = 'core', agentId } = terms;
    if (agentId !== undefined && !(await this.#agents.find(tenant, agentId)))
      throw new AppError('agent_not_found', `no agent ${agentId}`);
    const { key, kept } = newSecret(dialect);
    const record: ApiKey = {
      ...kept,
      id: newApiKeyId(),
      tenantId: tenant,
      name: keyName(name),
      dialect,
      agentId,
      scopes: keyScopes(terms.scopes),
      limits: keyLimits(terms.limits),
      createdAtMs: nowMs,
      expiresAtMs: keyExpiry(terms.expiresAtMs, nowMs),
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

  /**
   * Puts these limits in place of what there were; undefined is none. They hold for what a revoked key has asked for, too.
   *
   * @throws AppError `key_not_found`, or `invalid_request`.
   */
  async setLimits(tenant: TenantId, id: ApiKeyId, limits: TollLimits | undefined): Promise<ApiKey> {
    const set = await this.#keys.setLimits(tenant, id, keyLimits(limits));
    const key = set ? await this.#keys.find(tenant, id) : undefined;
    if (!key) throw new AppError('key_not_found', `no key ${id}`);
    this.#onLimits?.(id, key.limits);
    return key;
  }

  /**
   * Gives the key of this id another secret; the old one stops at once. Name, scopes and limits stay, and the expiry where no other is given.
   *
   * @throws AppError `key_not_found` when it was revoked or never was, `invalid_request` when it has expired and would still be.
   */
  async regenerate(
    tenant: TenantId,
    id: ApiKeyId,
    terms: Pick<KeyTerms, 'expiresAtMs'> = {},
  ): Promise<{ key: string; record: ApiKey }> {
    const found = await this.#keys.find(tenant, id);
    const { key, kept } = newSecret(found?.dialect ?? 'core');
    if (found) {
      const expiresAtMs = keyExpiry(terms.expiresAtMs ?? found.expiresAtMs, this.#clock.nowMs());
      const changes = { ...kept, expiresAtMs };
      if (await this.#keys.replace(tenant, id, changes))
        return { key, record: { ...found, ...changes, lastUsedAtMs: undefined } };
    }
    throw new AppError('key_not_found', `no active key ${id}`);
  }

  /** Undefined for a key that does not exist, was revoked or has expired, or is for another dialect. The configuration's is for all. */
  async authenticate(key: string, dialect: DialectName): Promise<KeyPrincipal | undefined> {
    const hash = digest(key);
    if (this.#adminHash !== undefined && timingSafeEqual(hash, this.#adminHash)) {
      return { kind: 'key', tenantId: DEFAULT_TENANT, keyId: undefined, scopes: undefined };
    }
    const found = await this.#keys.findByHash(hash.toString('hex'));
    // The index has compared already, byte by byte; what it compared is a hash, whose bytes a caller cannot choose one at a time.
    if (!found || !timingSafeEqual(hash, Buffer.from(found.hash, 'hex')) || found.revokedAtMs !== undefined) return undefined;
    if (found.dialect !== dialect) return undefined;
    const nowMs = this.#clock.nowMs();
    if (found.expiresAtMs !== undefined && found.expiresAtMs <= nowMs) return undefined;
    this.#onLimits?.(found.id, found.limits);
    if (nowMs - (found.lastUsedAtMs ?? 0) >= TOUCH_INTERVAL_MS) await this.#keys.touch(found.id, nowMs);
    return {
      kind: 'key',
      tenantId: found.tenantId,
      keyId: found.id,
      scopes: found.scopes,
      ...(found.agentId && { agentId: found.agentId }),
    };
  }
}

function newSecret(dialect: DialectName): { key: string; kept: Pick<ApiKey, 'prefix' | 'hash'> } {
  const mark = KEY_MARKS[dialect];
  const key = `${mark}${randomBytes(KEY_BYTES).toString('base64url')}`;
  return { key, kept: { prefix: key.slice(0, mark.length + SHOWN_LENGTH), hash: digest(key).toString('hex') } };
}

const digest = (text: string): Buffer => createHash('sha256').update(text, 'utf8').digest();
