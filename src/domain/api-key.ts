import type { AgentId, ApiKeyId, TenantId } from '../core/ids.js';
import type { TollLimits } from './ports/toll-guard.js';

/** What scopes are given for: the groups of endpoints of the same names. */
export const SCOPED_RESOURCES = [
  'agents',
  'calls',
  'tasks',
  'campaigns',
  'contacts',
  'do-not-call',
  'trunks',
  'routes',
  'phones',
  'webhooks',
  'bans',
  'texts',
  'sessions',
  'memories',
] as const;
export type ScopedResource = (typeof SCOPED_RESOURCES)[number];
export type Scope = `${ScopedResource}:${'read' | 'write'}`;
export const SCOPES: readonly Scope[] = SCOPED_RESOURCES.flatMap(
  (resource) => [`${resource}:read`, `${resource}:write`] as const,
);

export const isScope = (text: string): text is Scope => SCOPES.some((scope) => scope === text);

/** Writing does not include reading: a key is given both, or one. */
export const hasScope = (key: { scopes: readonly Scope[] | undefined }, scope: Scope): boolean =>
  key.scopes === undefined || key.scopes.includes(scope);

/** The languages that the API answers in. A key opens one of them, and shows by its beginning which. */
export const DIALECTS = ['core', 'flametalk', 'flametree', 'callfluent', 'overview'] as const;
export type DialectName = (typeof DIALECTS)[number];
export const KEY_MARKS: Readonly<Record<DialectName, string>> = {
  core: 'va_',
  flametalk: 'sk_live_',
  flametree: 'ft_',
  callfluent: 'cf_',
  overview: 'ov_',
};

/** An API key as it is kept: the key itself is shown once, at creation. */
export type ApiKey = {
  id: ApiKeyId;
  tenantId: TenantId;
  name: string;
  dialect: DialectName;
  /** The only agent it opens; all of the organisation where undefined. */
  agentId: AgentId | undefined;
  /** The first characters (`va_1a2b3c4d`), to tell keys apart. */
  prefix: string;
  /** SHA-256 of the whole key in hex: it carries 256 bits of randomness, so a slow hash adds nothing. */
  hash: string;
  /** What it may be used for; undefined is everything. */
  scopes: readonly Scope[] | undefined;
  /** What calls and texts it may ask for, beside what its organisation may; none when absent. */
  limits?: TollLimits | undefined;
  createdAtMs: number;
  /** From then on it is as if it did not exist. */
  expiresAtMs: number | undefined;
  lastUsedAtMs: number | undefined;
  revokedAtMs: number | undefined;
};
