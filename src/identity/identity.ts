import type { Clock } from '../core/clock.js';
import type { Logger } from '../core/log.js';
import type {
  InvitationRepository,
  OrganizationRepository,
  SessionRepository,
  UserRepository,
} from '../domain/ports/identity.js';
import type { Mailer } from '../domain/ports/mailer.js';
import { GuessLimit } from './guess-limit.js';
import { InvitationService } from './invitation-service.js';
import { MemberService } from './member-service.js';
import { OrganizationService } from './organization-service.js';
import { Passwords } from './passwords.js';
import { SessionService } from './session-service.js';

export type IdentityRepositories = {
  organizations: OrganizationRepository;
  users: UserRepository;
  invitations: InvitationRepository;
  sessions: SessionRepository;
};

/** The use cases about people: who they are, what they belong to, and how they come in. */
export type Identity = {
  sessions: SessionService;
  members: MemberService;
  organizations: OrganizationService;
  invitations: InvitationService;
};

export function createIdentity(options: {
  repositories: IdentityRepositories;
  mailer?: Mailer | undefined;
  clock: Clock;
  log: Logger;
  passwords?: Passwords;
}): Identity {
  const { repositories, mailer, clock, log, passwords = new Passwords() } = options;
  const { organizations, users, invitations } = repositories;
  const sessions = new SessionService({
    sessions: repositories.sessions,
    users,
    passwords,
    guesses: new GuessLimit(),
    clock,
  });
  return {
    sessions,
    members: new MemberService({ users }),
    organizations: new OrganizationService({ organizations, users, clock }),
    invitations: new InvitationService({ invitations, users, organizations, sessions, passwords, mailer, clock, log }),
  };
}
