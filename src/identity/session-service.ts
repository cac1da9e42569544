import type { Clock } from '../core/clock.js';
import { AppError } from '../core/errors.js';
import { newSessionId, type TenantId } from '../core/ids.js';
import type { Organization, Role, Session, User } from '../domain/identity.js';
import type { SessionRepository, UserRepository } from '../domain/ports/identity.js';
import type { SessionPrincipal } from '../domain/principal.js';
import type { GuessLimit } from './guess-limit.js';
import { emailAddress } from './identity-input.js';
import type { Passwords } from './passwords.js';
import { hashOf, newToken } from './tokens.js';

const DAY_MS = 24 * 60 * 60 * 1000;
/** Nobody stays logged in for longer without saying their password again. */
const LIFETIME_MS = 7 * DAY_MS;
/** A session nobody uses ends overnight. */
const IDLE_MS = DAY_MS / 2;
/** "Last seen" needs to be no more exact, and so costs no write for every request. */
const TOUCH_INTERVAL_MS = 60_000;

export type SessionView = {
  user: Pick<User, 'id' | 'email' | 'name'>;
  organization: Organization;
  role: Role;
  organizations: readonly { organization: Organization; role: Role }[];
};

/** `token` is not kept and cannot be had again. */
export type OpenedSession = { token: string; expiresAtMs: number; principal: SessionPrincipal };

/** Of the one who says a password: `address` is where from. */
export type Credentials = { email: string; password: string; address: string };

export type SessionServiceDeps = {
  sessions: SessionRepository;
  users: UserRepository;
  passwords: Passwords;
  guesses: GuessLimit;
  clock: Clock;
};

export class SessionService {
  readonly #deps: SessionServiceDeps;

  constructor(deps: SessionServiceDeps) {
    this.#deps = deps;
  }

  /**
   * Opens a session in `tenant`, or in the organisation the user has belonged to for longest.
   *
   * @throws AppError `unauthorized`, the same for an unknown address and a wrong password, `rate_limited`, and `forbidden` for
   * one who belongs to no such organisation.
   */
  async login(credentials: Credentials, tenant?: TenantId): Promise<OpenedSession> {
    const user = await this.verify(credentials);
    const belongsTo = await this.#deps.users.organizationsOf(user.id);
    const chosen = tenant === undefined ? belongsTo[0] : belongsTo.find(({ organization }) => organization.id === tenant);
    if (!chosen) {
      throw new AppError('forbidden', 'no such membership', { publicMessage: 'You do not belong to this organisation' });
    }
    return await this.open(user, chosen.organization.id, chosen.role);
  }

  /** Whose password it is. @throws AppError `unauthorized` and `rate_limited`. */
  async verify({ email, password, address }: Credentials): Promise<User> {
    const { users, passwords, guesses } = this.#deps;
    const account = normalized(email);
    let user: User | undefined;
    const right = await guesses.guard(account, address, async () => {
      user = await users.findByEmail(account);
      return await passwords.matches(password, user?.passwordHash);
    });
    if (right && user) return user;
    throw new AppError('unauthorized', 'wrong e-mail or password', { publicMessage: 'Wrong e-mail address or password' });
  }

  /** @throws AppError `unauthorized` when password or membership changed while it was opened. */
  async open(user: User, tenantId: TenantId, role: Role): Promise<OpenedSession> {
    const { sessions, clock } = this.#deps;
    const nowMs = clock.nowMs();
    await sessions.deleteExpired({ expiredAtMs: nowMs, unseenSinceMs: nowMs - IDLE_MS });
    const { token, tokenHash } = newToken();
    const session: Session = {
      id: newSessionId(),
      tokenHash,
      userId: user.id,
      tenantId,
      createdAtMs: nowMs,
      expiresAtMs: nowMs + LIFETIME_MS,
      lastSeenAtMs: nowMs,
    };
    if (!(await sessions.insert(session, user.passwordHash))) {
      throw new AppError('unauthorized', 'password or membership changed', { publicMessage: 'Log in again' });
    }
    const principal = { kind: 'session', tenantId, sessionId: session.id, userId: user.id, role } as const;
    return { token, expiresAtMs: session.expiresAtMs, principal };
  }

  /** Undefined for a token of no session, or of one whose time is over. */
  async authenticate(token: string): Promise<SessionPrincipal | undefined> {
    const { sessions, clock } = this.#deps;
    const found = await sessions.findByHash(hashOf(token));
    const nowMs = clock.nowMs();
    if (!found || found.session.expiresAtMs <= nowMs || nowMs - found.session.lastSeenAtMs >= IDLE_MS) return undefined;
    const { id, userId, tenantId, lastSeenAtMs } = found.session;
    if (nowMs - lastSeenAtMs >= TOUCH_INTERVAL_MS) await sessions.touch(id, nowMs);
    return { kind: 'session', tenantId, sessionId: id, userId, role: found.role };
  }

  /** @throws AppError `unauthorized` when the user has just been removed. */
  async describe({ userId, tenantId }: SessionPrincipal): Promise<SessionView> {
    const { users } = this.#deps;
    const [user, organizations] = await Promise.all([users.find(userId), users.organizationsOf(userId)]);
    const present = organizations.find(({ organization }) => organization.id === tenantId);
    if (!user || !present) throw new AppError('unauthorized', 'session without a member');
    return { user, ...present, organizations };
  }

  /** Works in another of the user's organisations from now on. @throws AppError `not_found` */
  async switchTo(principal: SessionPrincipal, tenantId: TenantId): Promise<SessionPrincipal> {
    const { sessions, users } = this.#deps;
    const member = await users.member(tenantId, principal.userId);
    if (!member || !(await sessions.moveTo(principal.sessionId, tenantId))) {
      throw new AppError('not_found', 'no such membership', { publicMessage: 'Organization not found' });
    }
    return { ...principal, tenantId, role: member.role };
  }

  async logout(principal: SessionPrincipal): Promise<void> {
    await this.#deps.sessions.delete(principal.sessionId);
  }

  /** Ends the session of a token, if there is one. */
  async forget(token: string): Promise<void> {
    await this.#deps.sessions.deleteByHash(hashOf(token));
  }

  /**
   * Every session of the user ends; the one that is opened takes the place of that which asked.
   *
   * @throws AppError `unauthorized` for a wrong present password, `rate_limited`, `invalid_request` for a new one that is not allowed.
   */
  async changePassword(
    principal: SessionPrincipal,
    { current, next, address }: { current: string; next: string; address: string },
  ): Promise<OpenedSession> {
    const { users, passwords } = this.#deps;
    const { user } = await this.describe(principal);
    await this.verify({ email: user.email, password: current, address }).catch((error: unknown) => {
      throw error instanceof AppError && error.code === 'unauthorized' ? wrongPassword() : error;
    });
    const passwordHash = await passwords.hash(next, 'new_password');
    await users.setPassword(user.id, passwordHash);
    const changed = await users.find(user.id);
    if (!changed) throw new AppError('unauthorized', 'user removed');
    return await this.open(changed, principal.tenantId, principal.role);
  }
}

/** Whoever is logged in but does not know the password is told which field is wrong, and stays logged in. */
const wrongPassword = (): AppError =>
  new AppError('forbidden', 'wrong present password', { publicMessage: 'The present password is wrong' });

/** What is no address is nobody's, and is looked for and counted like one. */
function normalized(email: string): string {
  try {
    return emailAddress(email);
  } catch {
    return hashOf(email);
  }
}
