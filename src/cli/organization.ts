import { AppError } from '../core/errors.js';
import { DEFAULT_TENANT, type TenantId } from '../core/ids.js';
import type { OrganizationRepository } from '../domain/ports/identity.js';

/** The organisation that `--organization` names by its id or name; the first one without it. @throws AppError listing those there are. */
export async function organizationOf(organizations: OrganizationRepository, wanted: string | undefined): Promise<TenantId> {
  if (wanted === undefined) return DEFAULT_TENANT;
  const all = await organizations.all();
  const found = all.filter(({ id, name }) => id === wanted || name === wanted);
  if (found.length === 1 && found[0]) return found[0].id;
  const why = found.length === 0 ? 'there is no such organization' : 'there are several of this name: use the id';
  throw new AppError('not_found', `${why} (${all.map(({ id, name }) => `${id} ${name}`).join(', ')})`);
}
