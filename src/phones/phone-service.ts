import type { Clock } from '../core/clock.js';
import { AppError } from '../core/errors.js';
import { newPhoneId, type PhoneId, type TenantId } from '../core/ids.js';
import type { Logger } from '../core/log.js';
import type { SecretBox } from '../core/secret-box.js';
import type { ContactBinding } from '../domain/contact-binding.js';
import type { Phone } from '../domain/phone.js';
import type { PhoneNames } from '../domain/ports/phone-directory.js';
import type { PhoneRepository } from '../domain/ports/phone-repository.js';
import type { Listed, Page } from '../domain/ports/repositories.js';
import type { Accounts } from '../registrar/accounts.js';
import type { Locations } from '../registrar/locations.js';
import type { PhoneBody, PhoneChanges } from './phone-input.js';
import { presentSettings, toSettings } from './phone-translation.js';

export type PhoneServiceDeps = {
  phones: PhoneRepository;
  accounts: Accounts;
  locations: Pick<Locations, 'of' | 'forget'>;
  box: SecretBox;
  clock: Clock;
  log: Logger;
};

/** Somebody else may change the same phone between our look and our write. */
const MAX_ATTEMPTS = 5;

export class PhoneService implements PhoneNames {
  readonly #deps: PhoneServiceDeps;
  /** Phones of all tenants that may call and be called, by id. */
  readonly #enabled = new Map<PhoneId, Phone>();

  constructor(deps: PhoneServiceDeps) {
    this.#deps = deps;
  }

  /** @throws AppError `conflict` when the user name is taken. */
  async create(tenant: TenantId, { enabled, password, ...body }: PhoneBody): Promise<Phone> {
    const id = newPhoneId();
    const nowMs = this.#deps.clock.nowMs();
    const phone: Phone = {
      ...toSettings(body),
      id,
      tenantId: tenant,
      enabled,
      sealedPassword: this.#deps.box.seal(password, id),
      version: 1,
      createdAtMs: nowMs,
      updatedAtMs: nowMs,
    };
    this.#checkFree(phone);
    await this.#deps.phones.insert(phone);
    this.#takeUp(phone);
    return phone;
  }

  /** @throws AppError `phone_not_found` */
  async get(tenant: TenantId, id: PhoneId): Promise<Phone> {
    const phone = await this.#deps.phones.find(tenant, id);
    if (!phone) throw notFound(id);
    return phone;
  }

  list(tenant: TenantId, page: Page): Promise<Listed<Phone>> {
    return this.#deps.phones.list(tenant, page);
  }

  contactsOf(id: PhoneId): readonly ContactBinding[] {
    return this.#deps.locations.of(id);
  }

  userOf(tenant: TenantId, called: string): string | undefined {
    for (const { tenantId, username, number } of this.#enabled.values()) {
      if (tenantId === tenant && (username === called || number === called)) return username;
    }
    return undefined;
  }

  /** One that is enabled, of any tenant. */
  enabled(id: PhoneId): Phone | undefined {
    return this.#enabled.get(id);
  }

  /** Takes all that are enabled up. To be called once, at the start, before the contacts are read. */
  async start(): Promise<void> {
    for (const phone of await this.#deps.phones.enabled()) this.#takeUp(phone);
  }

  /**
   * Two patches at once both take effect, one after the other.
   *
   * @throws AppError `phone_not_found`, or `conflict` when the user name is taken.
   */
  async patch(tenant: TenantId, id: PhoneId, changes: PhoneChanges): Promise<Phone> {
    for (let attempt = 1; ; attempt += 1) {
      const present = await this.get(tenant, id);
      const next = this.#changed(present, changes);
      this.#checkFree(next);
      try {
        await this.#deps.phones.update(next);
        this.#takeUp(next);
        // Who knew the old password, or the old name, is not known any more.
        const sameAccess = next.enabled && next.username === present.username && changes.password === undefined;
        if (!sameAccess) await this.#deps.locations.forget({ kind: 'phone', id });
        return next;
      } catch (error) {
        const changedMeanwhile = error instanceof AppError && error.code === 'conflict' && error.faults.length === 0;
        if (!changedMeanwhile || attempt === MAX_ATTEMPTS) throw error;
      }
    }
  }

  /** Calls in progress go on. @throws AppError `phone_not_found` */
  async delete(tenant: TenantId, id: PhoneId): Promise<void> {
    if (!(await this.#deps.phones.delete(tenant, id))) throw notFound(id);
    this.#enabled.delete(id);
    this.#deps.accounts.changed({ kind: 'phone', id }, undefined);
    await this.#deps.locations.forget({ kind: 'phone', id });
  }

  /** Makes the tenant's phones of these user names be as they are given; others stay. @throws AppError `conflict`, naming the phone. */
  async import(tenant: TenantId, bodies: readonly PhoneBody[]): Promise<void> {
    for (const body of bodies) {
      const present = await this.#deps.phones.findByUsername(tenant, body.username);
      try {
        if (!present) await this.create(tenant, body);
        else if (!this.#isAs(present, body)) await this.patch(tenant, present.id, body);
      } catch (error) {
        if (!(error instanceof AppError) || error.faults.length === 0) throw error;
        const faults = error.faults.map(({ field, message }) => `${field} ${message}`).join('; ');
        throw new AppError('invalid_request', `phone ${body.username} of the configuration: ${faults}`, { cause: error });
      }
    }
  }

  #changed(present: Phone, { password, ...changes }: PhoneChanges): Phone {
    const { enabled, ...body } = { ...presentSettings(present), ...definedOf(changes) };
    return {
      ...present,
      ...toSettings(body),
      enabled,
      sealedPassword: password === undefined ? present.sealedPassword : this.#deps.box.seal(password, present.id),
      version: present.version + 1,
      updatedAtMs: this.#deps.clock.nowMs(),
    };
  }

  /** Trunks that register to us have user names of the same kind, which the table of phones knows nothing of. */
  #checkFree({ username, id }: Phone): void {
    if (!this.#deps.accounts.isTaken(username, id)) return;
    throw new AppError('conflict', `user name of phone ${id} is taken`, {
      publicMessage: 'Another phone or trunk has this user name',
      faults: [{ field: 'username', message: 'is taken' }],
    });
  }

  #takeUp(phone: Phone): void {
    const { accounts, box, log } = this.#deps;
    const owner = { kind: 'phone', id: phone.id } as const;
    this.#enabled.delete(phone.id);
    const { tenantId, username: user, maxContacts, callProof } = phone;
    try {
      const password = phone.enabled ? box.open(phone.sealedPassword, phone.id) : undefined;
      const free = accounts.changed(
        owner,
        password === undefined ? undefined : { tenantId, user, maxContacts, callProof, password },
      );
      if (!free) log.error({ phoneId: phone.id }, 'phone cannot be used: its user name is taken');
      else if (phone.enabled) this.#enabled.set(phone.id, phone);
    } catch (error) {
      accounts.changed(owner, undefined);
      log.error({ err: error, phoneId: phone.id }, 'phone cannot be used');
    }
  }

  #isAs(present: Phone, { password, ...body }: PhoneBody): boolean {
    const same = JSON.stringify(toComparable(presentSettings(present))) === JSON.stringify(toComparable(body));
    try {
      return same && this.#deps.box.open(present.sealedPassword, present.id) === password;
    } catch {
      // Sealed with a key that is gone: the file has the password, so it is sealed anew.
      return false;
    }
  }
}

const notFound = (id: PhoneId): AppError => new AppError('phone_not_found', `no phone ${id}`);

const toComparable = ({ enabled, ...body }: Omit<PhoneBody, 'password'>): unknown[] => [enabled, toSettings(body)];

/** A field that was not sent leaves the present one. */
const definedOf = (changes: Omit<PhoneChanges, 'password'>): Partial<Omit<PhoneBody, 'password'>> =>
  Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined));
