import type { Clock } from '../core/clock.js';
import { AppError, type FieldFault } from '../core/errors.js';
import { newTrunkId, type TenantId, type TrunkId } from '../core/ids.js';
import type { SecretBox } from '../core/secret-box.js';
import type { Listed, Page } from '../domain/ports/repositories.js';
import type { TrunkRepository } from '../domain/ports/trunk-repository.js';
import type { Trunk, TrunkSettings } from '../domain/trunk.js';
import type { ActiveTrunks, TrunkStatus } from './active-trunks.js';
import type { TrunkBody, TrunkChanges } from './trunk-input.js';
import { numbersOf, type TrunkNumber } from './trunk-numbers.js';
import { presentSettings, toSettings } from './trunk-translation.js';

export type TrunkServiceDeps = {
  trunks: TrunkRepository;
  box: SecretBox;
  clock: Clock;
  active: Pick<ActiveTrunks, 'changed' | 'statusOf' | 'isTaken'>;
};

/** Somebody else may change the same trunk between our look and our write. */
const MAX_ATTEMPTS = 5;

export class TrunkService {
  readonly #deps: TrunkServiceDeps;

  constructor(deps: TrunkServiceDeps) {
    this.#deps = deps;
  }

  /** @throws AppError `invalid_request`, or `conflict` when the name is taken. */
  async create(tenant: TenantId, { name, enabled, password, ...body }: TrunkBody): Promise<Trunk> {
    const settings = toSettings(body);
    check(settings, password !== null);
    const id = newTrunkId();
    const nowMs = this.#deps.clock.nowMs();
    const trunk: Trunk = {
      ...settings,
      id,
      tenantId: tenant,
      name,
      enabled,
      sealedPassword: this.#seal(password, id),
      version: 1,
      createdAtMs: nowMs,
      updatedAtMs: nowMs,
    };
    this.#checkFree(trunk);
    await this.#deps.trunks.insert(trunk);
    this.#deps.active.changed(id, trunk);
    return trunk;
  }

  /** @throws AppError `trunk_not_found` */
  async get(tenant: TenantId, id: TrunkId): Promise<Trunk> {
    const trunk = await this.#deps.trunks.find(tenant, id);
    if (!trunk) throw notFound(id);
    return trunk;
  }

  /** What it is doing now. @throws AppError `trunk_not_found` */
  async status(tenant: TenantId, id: TrunkId): Promise<TrunkStatus> {
    return this.#deps.active.statusOf((await this.get(tenant, id)).id);
  }

  /** Puts all that are enabled to work. To be called once, at the start. */
  async start(): Promise<void> {
    for (const trunk of await this.#deps.trunks.enabled()) this.#deps.active.changed(trunk.id, trunk);
  }

  /** Of the trunks that are enabled, each once. */
  async numbers(tenant: TenantId): Promise<TrunkNumber[]> {
    const { items } = await this.#deps.trunks.list(tenant, { limit: Number.MAX_SAFE_INTEGER, offset: 0 });
    return numbersOf(items.filter(({ enabled }) => enabled));
  }

  list(tenant: TenantId, page: Page): Promise<Listed<Trunk>> {
    return this.#deps.trunks.list(tenant, page);
  }

  /**
   * Two patches at once both take effect, one after the other. Calls in progress go on as they began.
   *
   * @throws AppError `trunk_not_found`, `invalid_request`, or `conflict` when the name is taken.
   */
  async patch(tenant: TenantId, id: TrunkId, changes: TrunkChanges): Promise<Trunk> {
    for (let attempt = 1; ; attempt += 1) {
      const next = this.#changed(await this.get(tenant, id), changes);
      this.#checkFree(next);
      try {
        await this.#deps.trunks.update(next);
        this.#deps.active.changed(id, next);
        return next;
      } catch (error) {
        const changedMeanwhile = error instanceof AppError && error.code === 'conflict' && error.faults.length === 0;
        if (!changedMeanwhile || attempt === MAX_ATTEMPTS) throw error;
      }
    }
  }

  /** Calls in progress go on. @throws AppError `trunk_not_found` */
  async delete(tenant: TenantId, id: TrunkId): Promise<void> {
    if (!(await this.#deps.trunks.delete(tenant, id))) throw notFound(id);
    this.#deps.active.changed(id, undefined);
  }

  /** Makes the tenant's trunks of these names be as they are given; others stay. @throws AppError `invalid_request`, naming the trunk. */
  async import(tenant: TenantId, bodies: readonly TrunkBody[]): Promise<void> {
    for (const body of bodies) {
      const present = await this.#deps.trunks.findByName(tenant, body.name);
      try {
        if (!present) await this.create(tenant, body);
        else if (!this.#isAs(present, body)) await this.patch(tenant, present.id, body);
      } catch (error) {
        if (!(error instanceof AppError) || error.faults.length === 0) throw error;
        const faults = error.faults.map(({ field, message }) => `${field} ${message}`).join('; ');
        throw new AppError('invalid_request', `trunk ${body.name} of the configuration: ${faults}`, { cause: error });
      }
    }
  }

  #changed(present: Trunk, { password, ...changes }: TrunkChanges): Trunk {
    const { name, enabled, ...body } = { ...presentSettings(present), ...definedOf(changes) };
    const sealedPassword = password === undefined ? present.sealedPassword : this.#seal(password, present.id);
    const settings = toSettings(body);
    check(settings, sealedPassword !== undefined);
    return {
      ...present,
      ...settings,
      name,
      enabled,
      sealedPassword,
      version: present.version + 1,
      updatedAtMs: this.#deps.clock.nowMs(),
    };
  }

  /** Those who register to us say who they are before anybody knows whose they are: user names are one on the whole server. */
  #checkFree({ kind, username, id }: Trunk): void {
    if (kind !== 'accept' || username === undefined || !this.#deps.active.isTaken(username, id)) return;
    throw new AppError('conflict', `user name of trunk ${id} is taken`, {
      publicMessage: 'Another phone or trunk has this user name',
      faults: [{ field: 'username', message: 'is taken' }],
    });
  }

  #isAs(present: Trunk, { password, ...body }: TrunkBody): boolean {
    const same = JSON.stringify(toComparable(presentSettings(present))) === JSON.stringify(toComparable(body));
    try {
      const { sealedPassword: sealed } = present;
      return same && (sealed === undefined ? null : this.#deps.box.open(sealed, present.id)) === password;
    } catch {
      // Sealed with a key that is gone: the file has the password, so it is sealed anew.
      return false;
    }
  }

  #seal(password: string | null, id: TrunkId): string | undefined {
    return password === null ? undefined : this.#deps.box.seal(password, id);
  }
}

const notFound = (id: TrunkId): AppError => new AppError('trunk_not_found', `no trunk ${id}`);

const toComparable = ({ name, enabled, ...body }: Omit<TrunkBody, 'password'>): unknown[] => [name, enabled, toSettings(body)];

/** A field that was not sent leaves the present one. */
const definedOf = (changes: Omit<TrunkChanges, 'password'>): Partial<Omit<TrunkBody, 'password'>> =>
  Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined));

/** Rules that span fields; the shape of each is the schema's business. */
function check(settings: TrunkSettings, hasPassword: boolean): void {
  const faults: FieldFault[] = [];
  if (settings.kind !== 'static') {
    if (settings.username === undefined) faults.push({ field: 'username', message: 'is needed to register' });
    if (!hasPassword) faults.push({ field: 'password', message: 'is needed to register' });
  }
  if (hasPassword && settings.username === undefined && settings.authUsername === undefined && settings.kind === 'static') {
    faults.push({ field: 'username', message: 'is needed with a password' });
  }
  if (faults.length > 0) throw new AppError('invalid_request', 'trunk breaks a rule', { faults });
}
