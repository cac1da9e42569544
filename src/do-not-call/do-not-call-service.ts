import type { Clock } from '../core/clock.js';
import { AppError } from '../core/errors.js';
import type { TenantId } from '../core/ids.js';
import type { DoNotCallEntry, DoNotCallSource } from '../domain/do-not-call.js';
import type { DoNotCallRepository } from '../domain/ports/do-not-call-repository.js';
import type { Listed, Page } from '../domain/ports/repositories.js';

/** What an operator says of a number that is not to be called. */
export type DoNotCallDraft = Pick<DoNotCallEntry, 'number' | 'reason' | 'expiresAtMs'>;

/** A tenant's do-not-call list, as operators keep it. */
export class DoNotCallService {
  readonly #list: DoNotCallRepository;
  readonly #clock: Clock;

  constructor(deps: { list: DoNotCallRepository; clock: Clock }) {
    this.#list = deps.list;
    this.#clock = deps.clock;
  }

  /** Lists a number; one that is listed already stays as it is, but for a longer time. */
  async add(tenant: TenantId, draft: DoNotCallDraft): Promise<{ entry: DoNotCallEntry; added: boolean }> {
    const { added } = await this.addAll(tenant, [draft], 'api');
    return { entry: await this.get(tenant, draft.number), added: added === 1 };
  }

  /** All or none. */
  async addAll(
    tenant: TenantId,
    drafts: readonly DoNotCallDraft[],
    source: DoNotCallSource,
  ): Promise<{ added: number; alreadyListed: number }> {
    const nowMs = this.#clock.nowMs();
    const entries = drafts.map((draft) => ({ ...draft, tenantId: tenant, source, callId: undefined, createdAtMs: nowMs }));
    const added = await this.#list.add(entries, nowMs);
    return { added, alreadyListed: new Set(drafts.map(({ number }) => number)).size - added };
  }

  /** @throws AppError `not_found` */
  async get(tenant: TenantId, number: string): Promise<DoNotCallEntry> {
    const entry = await this.#list.find(tenant, number, this.#clock.nowMs());
    if (!entry) throw notListed();
    return entry;
  }

  list(
    tenant: TenantId,
    filter: { search?: string | undefined; source?: DoNotCallSource | undefined },
    page: Page,
  ): Promise<Listed<DoNotCallEntry>> {
    return this.#list.list(tenant, filter, page, this.#clock.nowMs());
  }

  /** The number may be called again. @throws AppError `not_found` */
  async remove(tenant: TenantId, number: string): Promise<void> {
    if (!(await this.#list.remove(tenant, number, this.#clock.nowMs()))) throw notListed();
  }
}

const notListed = (): AppError =>
  new AppError('not_found', 'number is not listed', { publicMessage: 'The number is not on the do-not-call list' });
