import type { Clock } from '../core/clock.js';
import { AppError } from '../core/errors.js';
import { newTenantId, type TenantId } from '../core/ids.js';
import type { Organization, OrganizationPatch, Role } from '../domain/identity.js';
import type { OrganizationRepository, UserRepository } from '../domain/ports/identity.js';
import type { SessionPrincipal } from '../domain/principal.js';
import { origins, properName } from './identity-input.js';
import { requireOwner } from './member-service.js';

export type OwnOrganization = { organization: Organization; role: Role };

export class OrganizationService {
  readonly #deps: { organizations: OrganizationRepository; users: UserRepository; clock: Clock };

  constructor(deps: { organizations: OrganizationRepository; users: UserRepository; clock: Clock }) {
    this.#deps = deps;
  }

  /** Whether pages of `origin` may use the API with keys of `tenant`; of any at all, where none is given. */
  allowsOrigin(origin: string, tenant?: TenantId): Promise<boolean> {
    return this.#deps.organizations.allowsOrigin(origin, tenant);
  }

  /** Those the user belongs to, wherever they work at the moment. */
  list(by: SessionPrincipal): Promise<OwnOrganization[]> {
    return this.#deps.users.organizationsOf(by.userId);
  }

  /** @throws AppError `not_found` for one the user does not belong to, too. */
  async get(by: SessionPrincipal, id: TenantId): Promise<OwnOrganization> {
    const found = (await this.list(by)).find(({ organization }) => organization.id === id);
    if (!found) throw new AppError('not_found', `no organization ${id}`, { publicMessage: 'Organization not found' });
    return found;
  }

  /**
   * Whoever makes it is its owner. Only owners may: another organisation takes part in the same server's lines and gateway.
   *
   * @throws AppError `forbidden`, `invalid_request`
   */
  async create(by: SessionPrincipal, draft: { name: string; corsOrigins: readonly string[] }): Promise<OwnOrganization> {
    requireOwner(by);
    const nowMs = this.#deps.clock.nowMs();
    const organization: Organization = {
      id: newTenantId(),
      name: properName(draft.name),
      corsOrigins: origins(draft.corsOrigins),
      retention: { callsDays: undefined, recordingsDays: undefined },
      createdAtMs: nowMs,
      updatedAtMs: nowMs,
    };
    await this.#deps.organizations.insert(organization, by.userId);
    return { organization, role: 'owner' };
  }

  /** Only where the user works at the moment, since it is their role there that was looked at. @throws AppError `not_found`, `conflict`, `invalid_request` */
  async patch(by: SessionPrincipal, id: TenantId, { name, corsOrigins, retention }: OrganizationPatch): Promise<OwnOrganization> {
    const { role } = await this.get(by, id);
    if (id !== by.tenantId) {
      throw new AppError('conflict', 'not the present organization', {
        publicMessage: 'You work in another organisation at the moment: switch to this one first',
      });
    }
    const changes = {
      name: name === undefined ? undefined : properName(name),
      corsOrigins: corsOrigins === undefined ? undefined : origins(corsOrigins),
      retention,
    };
    const organization = await this.#deps.organizations.patch(id, changes, this.#deps.clock.nowMs());
    if (!organization) throw new AppError('not_found', `no organization ${id}`);
    return { organization, role };
  }
}
