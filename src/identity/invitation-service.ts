import type { Clock } from '../core/clock.js';
import { AppError } from '../core/errors.js';
import { type InvitationId, newInvitationId, newUserId, type TenantId } from '../core/ids.js';
import { background, type Logger } from '../core/log.js';
import type { Invitation, Role, User } from '../domain/identity.js';
import type { InvitationRepository, OrganizationRepository, UserRepository } from '../domain/ports/identity.js';
import type { Mailer } from '../domain/ports/mailer.js';
import type { Listed, Page } from '../domain/ports/repositories.js';
import type { SessionPrincipal } from '../domain/principal.js';
import { emailAddress, properName } from './identity-input.js';
import { invitationMail } from './invitation-mail.js';
import { requireOwner } from './member-service.js';
import type { Passwords } from './passwords.js';
import type { OpenedSession, SessionService } from './session-service.js';
import { hashOf, newToken } from './tokens.js';

const LIFETIME_MS = 7 * 24 * 60 * 60 * 1000;

export type InvitationServiceDeps = {
  invitations: InvitationRepository;
  users: UserRepository;
  organizations: OrganizationRepository;
  sessions: SessionService;
  passwords: Passwords;
  /** Without one, whoever invites passes the link on. */
  mailer?: Mailer | undefined;
  clock: Clock;
  log: Logger;
};

export class InvitationService {
  readonly #deps: InvitationServiceDeps;
  readonly #underWay = new Set<Promise<void>>();

  constructor(deps: InvitationServiceDeps) {
    this.#deps = deps;
  }

  /**
   * Takes the place of an earlier invitation of the same address. `token` is not kept and cannot be had again; `linkOf` makes of it
   * what is mailed. What became of the mail is on the invitation later, and in the log.
   *
   * @throws AppError `invalid_request`, `forbidden` when an owner is invited by another, `conflict` for a member.
   */
  async invite(
    by: SessionPrincipal,
    draft: { email: string; role: Role },
    linkOf: (token: string) => string,
  ): Promise<{ invitation: Invitation; token: string }> {
    const { invitations, users, mailer, clock } = this.#deps;
    const email = emailAddress(draft.email);
    if (draft.role === 'owner') requireOwner(by);
    const known = await users.findByEmail(email);
    if (known && (await users.member(by.tenantId, known.id))) {
      throw new AppError('conflict', 'is a member', { publicMessage: 'There is a member with this e-mail address already' });
    }
    const { token, tokenHash } = newToken();
    const nowMs = clock.nowMs();
    const invitation: Invitation = {
      id: newInvitationId(),
      tenantId: by.tenantId,
      email,
      role: draft.role,
      tokenHash,
      invitedBy: by.userId,
      mail: mailer ? 'queued' : 'none',
      createdAtMs: nowMs,
      expiresAtMs: nowMs + LIFETIME_MS,
    };
    await invitations.put(invitation);
    if (mailer) this.#deliver(mailer, invitation, linkOf(token));
    return { invitation, token };
  }

  list(by: SessionPrincipal, page: Page): Promise<Listed<Invitation>> {
    return this.#deps.invitations.list(by.tenantId, page);
  }

  /** @throws AppError `not_found` */
  async revoke(by: SessionPrincipal, id: InvitationId): Promise<void> {
    if (!(await this.#deps.invitations.delete(by.tenantId, id))) throw noInvitation();
  }

  /** Whom a token invites, and where to. @throws AppError `not_found` for one that is unknown, withdrawn, accepted or too old. */
  async find(token: string): Promise<{ invitation: Invitation; organization: string; known: User | undefined }> {
    const { invitations, organizations, users, clock } = this.#deps;
    const invitation = await invitations.findByHash(hashOf(token));
    if (!invitation || invitation.expiresAtMs <= clock.nowMs()) throw noInvitation();
    const organization = await organizations.find(invitation.tenantId);
    return { invitation, organization: organization?.name ?? '', known: await users.findByEmail(invitation.email) };
  }

  /**
   * Makes the invited person a member and logs them in. Somebody new chooses a password; who has one already says it, since the
   * link alone proves nothing to an account.
   *
   * @throws AppError `not_found`, `unauthorized` and `rate_limited` for a wrong password of an account there is, `invalid_request`.
   */
  async accept(given: { token: string; name: string | undefined; password: string; address: string }): Promise<OpenedSession> {
    const { sessions, invitations, clock } = this.#deps;
    const { invitation, known } = await this.find(given.token);
    const { email, tenantId, role } = invitation;
    const { password, address } = given;
    const user = known ? await sessions.verify({ email, password, address }) : await this.#newUser(email, given);
    if (!(await invitations.accept(invitation, known ? known.id : user, clock.nowMs()))) throw noInvitation();
    return await sessions.open(user, tenantId, role);
  }

  /** Resolves when no mail is under way any more. */
  async settled(): Promise<void> {
    await Promise.all(this.#underWay);
  }

  async #newUser(email: string, { name, password }: { name: string | undefined; password: string }): Promise<User> {
    const { passwords, clock } = this.#deps;
    const named = properName(name ?? email);
    const passwordHash = await passwords.hash(password);
    return { id: newUserId(), email, name: named, passwordHash, createdAtMs: clock.nowMs() };
  }

  #deliver(mailer: Mailer, invitation: Invitation, link: string): void {
    const { log } = this.#deps;
    const delivery = this.#send(mailer, invitation, link).finally(() => this.#underWay.delete(delivery));
    this.#underWay.add(delivery);
    background(delivery, 'invitation mail', log);
  }

  async #send(mailer: Mailer, { id, email, tenantId }: Invitation, link: string): Promise<void> {
    const { organizations, invitations, log } = this.#deps;
    const fields = { invitationId: id, tenantId: tenantId satisfies TenantId };
    const organization = await organizations.find(tenantId);
    const sent = await mailer.send(invitationMail({ to: email, organization: organization?.name ?? '', link })).then(
      () => true,
      (err: unknown) => {
        log.warn({ ...fields, err }, 'invitation could not be mailed');
        return false;
      },
    );
    await invitations.setMail(id, sent ? 'sent' : 'failed');
    if (sent) log.info(fields, 'invitation mailed');
  }
}

const noInvitation = (): AppError =>
  new AppError('not_found', 'no such invitation', {
    publicMessage: 'The invitation does not exist: it was accepted, withdrawn or has expired',
  });
