import { AppError } from '../core/errors.js';
import type { UserId } from '../core/ids.js';
import type { Member, Role } from '../domain/identity.js';
import type { UserRepository } from '../domain/ports/identity.js';
import type { Listed, Page } from '../domain/ports/repositories.js';
import type { SessionPrincipal } from '../domain/principal.js';

/** Who belongs to the organisation that somebody works in, and as what. */
export class MemberService {
  readonly #users: UserRepository;

  constructor({ users }: { users: UserRepository }) {
    this.#users = users;
  }

  list(by: SessionPrincipal, page: Page): Promise<Listed<Member>> {
    return this.#users.members(by.tenantId, page);
  }

  /** @throws AppError `not_found`, `forbidden` where ownership is touched by one who has none, `conflict` for the last owner. */
  async changeRole(by: SessionPrincipal, id: UserId, role: Role): Promise<Member> {
    const member = await this.#get(by, id);
    if (member.role === role) return member;
    if (role === 'owner' || member.role === 'owner') requireOwner(by);
    if (!(await this.#users.changeRole(by.tenantId, id, role))) throw await this.#lastOwner(by, id);
    return { ...member, role };
  }

  /** @throws AppError as `changeRole` does. */
  async remove(by: SessionPrincipal, id: UserId): Promise<void> {
    const member = await this.#get(by, id);
    if (member.role === 'owner') requireOwner(by);
    if (!(await this.#users.remove(by.tenantId, id))) throw await this.#lastOwner(by, id);
  }

  async #get(by: SessionPrincipal, id: UserId): Promise<Member> {
    const member = await this.#users.member(by.tenantId, id);
    if (!member) throw new AppError('not_found', `no member ${id}`, { publicMessage: 'User not found' });
    return member;
  }

  /** A change that was not made: the member has gone meanwhile, or is the last owner. */
  async #lastOwner(by: SessionPrincipal, id: UserId): Promise<AppError> {
    await this.#get(by, id);
    const publicMessage = 'An organisation keeps at least one owner: make somebody else an owner first';
    return new AppError('conflict', `member ${id} is the last owner`, { publicMessage });
  }
}

/** @throws AppError `forbidden` for any other role. */
export function requireOwner(by: SessionPrincipal): void {
  if (by.role === 'owner') return;
  throw new AppError('forbidden', 'not an owner', { publicMessage: 'Insufficient permissions: only owners may do this' });
}
