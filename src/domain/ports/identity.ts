import type { InvitationId, SessionId, TenantId, UserId } from '../../core/ids.js';
import type {
  Invitation,
  MailState,
  Member,
  Membership,
  Organization,
  OrganizationPatch,
  Role,
  Session,
  User,
} from '../identity.js';
import type { Listed, Page } from './repositories.js';

export interface OrganizationRepository {
  /** With its first owner. */
  insert(organization: Organization, owner: UserId): Promise<void>;
  find(id: TenantId): Promise<Organization | undefined>;
  /** Of every name and tenant: for tools on the machine itself, which no tenant uses. */
  all(): Promise<Organization[]>;
  patch(id: TenantId, patch: OrganizationPatch, atMs: number): Promise<Organization | undefined>;
  /** Whether this organisation, or any where none is given, lists `origin`. */
  allowsOrigin(origin: string, tenant?: TenantId): Promise<boolean>;
}

export interface UserRepository {
  find(id: UserId): Promise<User | undefined>;
  findByEmail(email: string): Promise<User | undefined>;
  /** The organisations a user belongs to, the one of the oldest membership first. */
  organizationsOf(id: UserId): Promise<{ organization: Organization; role: Role }[]>;
  /**
   * A new user with the first membership, or a further membership of one there is.
   *
   * @throws AppError `conflict` when the e-mail address or the membership exists.
   */
  join(user: User | UserId, membership: Omit<Membership, 'userId'>): Promise<void>;
  members(tenant: TenantId, page: Page): Promise<Listed<Member>>;
  member(tenant: TenantId, id: UserId): Promise<Member | undefined>;
  /** False when there is no such member, or it is the last owner and would be none any more. */
  changeRole(tenant: TenantId, id: UserId, role: Role): Promise<boolean>;
  /** Ends their sessions there, and deletes users who belong to no other organisation. False as for `changeRole`. */
  remove(tenant: TenantId, id: UserId): Promise<boolean>;
  /** Ends every session of the user in the same transaction. */
  setPassword(id: UserId, passwordHash: string): Promise<void>;
  /** Everybody, for tools on the machine itself. */
  all(): Promise<(Member & { organization: string })[]>;
}

export interface InvitationRepository {
  /** Takes the place of an earlier invitation of the same address. */
  put(invitation: Invitation): Promise<void>;
  list(tenant: TenantId, page: Page): Promise<Listed<Invitation>>;
  findByHash(tokenHash: string): Promise<Invitation | undefined>;
  delete(tenant: TenantId, id: InvitationId): Promise<boolean>;
  setMail(id: InvitationId, mail: MailState): Promise<void>;
  /**
   * Ends the invitation and makes its membership, of a new user or of one there is. False when somebody was quicker.
   *
   * @throws AppError `conflict` as `UserRepository.join` does.
   */
  accept(invitation: Invitation, user: User | UserId, atMs: number): Promise<boolean>;
}

export interface SessionRepository {
  /** False when the user's password is no longer the one that hashes so, or they left the organisation: both end sessions. */
  insert(session: Session, passwordHash: string): Promise<boolean>;
  /** With the role that its user has now in its organisation; undefined when they have none. */
  findByHash(tokenHash: string): Promise<{ session: Session; role: Role } | undefined>;
  touch(id: SessionId, atMs: number): Promise<void>;
  /** False when the user is no member there. */
  moveTo(id: SessionId, tenant: TenantId): Promise<boolean>;
  delete(id: SessionId): Promise<void>;
  deleteByHash(tokenHash: string): Promise<void>;
  /** Clears away what no longer holds. */
  deleteExpired(limits: { expiredAtMs: number; unseenSinceMs: number }): Promise<void>;
}
