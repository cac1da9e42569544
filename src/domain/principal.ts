import type { AgentId, ApiKeyId, SessionId, TenantId, UserId } from '../core/ids.js';
import { hasScope, isScope, SCOPED_RESOURCES, type Scope, type ScopedResource } from './api-key.js';
import type { Role } from './identity.js';

/** `keyId` is absent for the bootstrap key of the configuration, which is never stored. Without scopes it may do all that a key may. */
export type KeyPrincipal = {
  kind: 'key';
  tenantId: TenantId;
  keyId: ApiKeyId | undefined;
  scopes: readonly Scope[] | undefined;
  /** The only agent it opens; all where absent. */
  agentId?: AgentId | undefined;
};

/** Somebody who is logged in, with the role they have at this moment in the organisation they work in. */
export type SessionPrincipal = { kind: 'session'; tenantId: TenantId; sessionId: SessionId; userId: UserId; role: Role };

/** Who a request comes from. */
export type Principal = KeyPrincipal | SessionPrincipal;

/** What only people look after, never a key: whoever holds a key could otherwise make others, or let others in. */
export const MANAGED_RESOURCES = ['api-keys', 'organizations', 'users'] as const;
export type ManagedResource = (typeof MANAGED_RESOURCES)[number];

export type Resource = ScopedResource | ManagedResource;
export const RESOURCES: readonly Resource[] = [...SCOPED_RESOURCES, ...MANAGED_RESOURCES];
export type Permission = Scope | `${ManagedResource}:${'read' | 'write'}`;

/** What operators change beside reading everything: the daily work, not how it is set up. */
const DAILY_WORK: readonly string[] = [
  'calls',
  'tasks',
  'do-not-call',
  'campaigns',
  'contacts',
  'texts',
  'sessions',
] satisfies ScopedResource[];

const resourceOf = (permission: Permission): string => permission.slice(0, permission.indexOf(':'));
const reads = (permission: Permission): boolean => permission.endsWith(':read');

/** Ownership itself is no permission: who may give and take it is settled where that is done. */
const ROLE_RULES: Readonly<Record<Role, (permission: Permission) => boolean>> = {
  owner: () => true,
  admin: () => true,
  operator: (permission) => reads(permission) || DAILY_WORK.includes(resourceOf(permission)),
  viewer: reads,
};

/** The one answer to "who may": a key by its scopes, a person by their role. */
export function permits(principal: Principal, permission: Permission): boolean {
  if (principal.kind === 'session') return ROLE_RULES[principal.role](permission);
  return isScope(permission) && hasScope(principal, permission);
}
