import type { InvitationId, SessionId, TenantId, UserId } from '../core/ids.js';

/** From the most to the least that a member may do; see `ROLE_RULES` for what that is. */
export const ROLES = ['owner', 'admin', 'operator', 'viewer'] as const;
export type Role = (typeof ROLES)[number];
export const isRole = (text: string): text is Role => ROLES.some((role) => role === text);

/** A tenant by the name that people know it by: it owns agents, tasks, calls and keys. */
export type Organization = {
  id: TenantId;
  name: string;
  /** Origins whose pages may use the API with this organisation's keys, beside those of the server's configuration. */
  corsOrigins: readonly string[];
  retention: Retention;
  createdAtMs: number;
  updatedAtMs: number;
};

/** How long its ended calls and their recordings are kept, in whole days since a call began; undefined leaves it to the configuration. */
export type Retention = { callsDays: number | undefined; recordingsDays: number | undefined };

/** Of `retention`, null takes the organisation's own number back. */
export type OrganizationPatch = {
  name?: string | undefined;
  corsOrigins?: readonly string[] | undefined;
  retention?: { callsDays?: number | null | undefined; recordingsDays?: number | null | undefined } | undefined;
};

/** A person. Belongs to one organisation or several; one who belongs to none is deleted. */
export type User = {
  id: UserId;
  /** In lower case: what people log in with. */
  email: string;
  name: string;
  /** By bcrypt, salt and cost included. */
  passwordHash: string;
  createdAtMs: number;
};

export type Membership = { tenantId: TenantId; userId: UserId; role: Role; sinceMs: number };

/** A user as the other members see them. */
export type Member = Pick<User, 'id' | 'email' | 'name'> & Pick<Membership, 'role' | 'sinceMs'>;

/** What became of the message with an invitation's link; `none` when there was no server to send it with. */
export const MAIL_STATES = ['none', 'queued', 'sent', 'failed'] as const;
export type MailState = (typeof MAIL_STATES)[number];

/** An offer to become a member; gone once it was accepted or withdrawn. */
export type Invitation = {
  id: InvitationId;
  tenantId: TenantId;
  email: string;
  role: Role;
  /** SHA-256 in hex of the token in the link, which has 256 random bits. */
  tokenHash: string;
  invitedBy: UserId;
  mail: MailState;
  createdAtMs: number;
  expiresAtMs: number;
};

/** A browser that somebody logged in with. */
export type Session = {
  id: SessionId;
  /** SHA-256 in hex of the cookie's token, which has 256 random bits. */
  tokenHash: string;
  userId: UserId;
  /** The organisation that the user works in at the moment. */
  tenantId: TenantId;
  createdAtMs: number;
  /** However much it is used. */
  expiresAtMs: number;
  lastSeenAtMs: number;
};
