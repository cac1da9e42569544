import type { Clock } from '../core/clock.js';
import type { PhoneId, TrunkId } from '../core/ids.js';
import type { AccountOwner, ContactBinding } from '../domain/contact-binding.js';
import type { ContactRepository } from '../domain/ports/phone-repository.js';
import type { Peer } from '../domain/ports/telephony.js';

/** `gone`: it did not answer, or its connection is closed; `replaced`: by a newer one, there being as many as may be. */
export type BindingEnd = 'unregistered' | 'expired' | 'gone' | 'replaced' | 'account_removed';
export type LocationEvent =
  | { type: 'registered'; binding: ContactBinding }
  /** `moved`: it came from another address than before. */
  | { type: 'refreshed'; binding: ContactBinding; moved: boolean }
  | { type: 'ended'; binding: ContactBinding; why: BindingEnd };

type OwnerId = PhoneId | TrunkId;
export type LocationsDeps = { contacts: ContactRepository; clock: Clock; onEvent: (event: LocationEvent) => void };

const sourceKey = ({ transport, address, port }: Peer): string => `${transport} ${address} ${port}`;

/** Who is registered where: in memory to be asked at any time, and in storage for the next start. */
export class Locations {
  readonly #deps: LocationsDeps;
  readonly #byOwner = new Map<OwnerId, Map<string, ContactBinding>>();
  readonly #bySource = new Map<string, Set<ContactBinding>>();
  /** Changes of one account follow one another. */
  readonly #changing = new Map<OwnerId, Promise<unknown>>();

  constructor(deps: LocationsDeps) {
    this.#deps = deps;
  }

  /** To be called once, at the start. */
  async load(): Promise<void> {
    for (const binding of await this.#deps.contacts.all()) {
      this.#put(binding);
      this.#deps.onEvent({ type: 'registered', binding });
    }
  }

  /** The contacts of an account that hold now: the preferred ones first, of equals the newest. */
  of(owner: OwnerId): ContactBinding[] {
    const nowMs = this.#deps.clock.nowMs();
    return [...(this.#byOwner.get(owner)?.values() ?? [])]
      .filter(({ expiresAtMs }) => expiresAtMs > nowMs)
      .sort((a, b) => b.q - a.q || b.registeredAtMs - a.registeredAtMs);
  }

  /** The bindings that hold and came from just there. */
  at(source: Peer): ContactBinding[] {
    const nowMs = this.#deps.clock.nowMs();
    return [...(this.#bySource.get(sourceKey(source)) ?? [])].filter(({ expiresAtMs }) => expiresAtMs > nowMs);
  }

  /** Addresses that contacts came from. */
  sources(): string[] {
    const addresses = [...this.#byOwner.values()].flatMap((bindings) =>
      [...bindings.values()].map(({ source }) => source.address),
    );
    return [...new Set(addresses)];
  }

  get size(): number {
    let size = 0;
    for (const bindings of this.#byOwner.values()) size += bindings.size;
    return size;
  }

  /** How many accounts of each kind have a contact. */
  registered(): Record<AccountOwner['kind'], number> {
    const counts = { phone: 0, trunk: 0 };
    for (const bindings of this.#byOwner.values()) {
      for (const { owner } of bindings.values()) {
        counts[owner.kind] += 1;
        break;
      }
    }
    return counts;
  }

  /** Runs `decide` when all earlier changes of this account are done, stores what it decides, and only then lets it be seen. */
  change(owner: AccountOwner, decide: (present: readonly ContactBinding[]) => LocationChange): Promise<void> {
    const earlier = this.#changing.get(owner.id) ?? Promise.resolve();
    const change = earlier
      .catch(() => {})
      .then(() => this.#apply(owner, decide(this.of(owner.id))))
      .finally(() => {
        if (this.#changing.get(owner.id) === change) this.#changing.delete(owner.id);
      });
    this.#changing.set(owner.id, change);
    return change;
  }

  /** Takes this very binding away, unless it was refreshed or replaced meanwhile. */
  async end(binding: ContactBinding, why: BindingEnd): Promise<void> {
    await this.change(binding.owner, () => {
      const present = this.#byOwner.get(binding.owner.id)?.get(binding.key);
      return { put: [], removed: present === binding ? [{ binding, why }] : [] };
    });
  }

  /** Takes away what has expired. */
  async sweep(): Promise<void> {
    const nowMs = this.#deps.clock.nowMs();
    const all = [...this.#byOwner.values()].flatMap((bindings) => [...bindings.values()]);
    for (const binding of all) if (binding.expiresAtMs <= nowMs) await this.end(binding, 'expired');
  }

  /** Takes all contacts of an account away. */
  async forget(owner: AccountOwner): Promise<void> {
    if (!this.#byOwner.has(owner.id)) return;
    await this.change(owner, () => ({
      put: [],
      removed: [...(this.#byOwner.get(owner.id)?.values() ?? [])].map((binding) => ({ binding, why: 'account_removed' })),
    }));
  }

  async #apply(owner: AccountOwner, { put, removed }: LocationChange): Promise<void> {
    if (put.length === 0 && removed.length === 0) return;
    await this.#deps.contacts.change(owner, { put, removed: removed.map(({ binding }) => binding.key) });
    for (const { binding, why } of removed) {
      this.#drop(binding);
      this.#deps.onEvent({ type: 'ended', binding, why });
    }
    for (const binding of put) {
      const before = this.#byOwner.get(owner.id)?.get(binding.key);
      this.#put(binding);
      const moved = before?.source.address !== binding.source.address;
      this.#deps.onEvent(before ? { type: 'refreshed', binding, moved } : { type: 'registered', binding });
    }
  }

  #put(binding: ContactBinding): void {
    const { owner, key, source } = binding;
    const bindings = this.#byOwner.get(owner.id) ?? new Map<string, ContactBinding>();
    const before = bindings.get(key);
    if (before) this.#dropSource(before);
    bindings.set(key, binding);
    this.#byOwner.set(owner.id, bindings);
    const there = this.#bySource.get(sourceKey(source)) ?? new Set();
    this.#bySource.set(sourceKey(source), there.add(binding));
  }

  #drop({ owner, key }: ContactBinding): void {
    const bindings = this.#byOwner.get(owner.id);
    const present = bindings?.get(key);
    if (!bindings || !present) return;
    bindings.delete(key);
    if (bindings.size === 0) this.#byOwner.delete(owner.id);
    this.#dropSource(present);
  }

  #dropSource(binding: ContactBinding): void {
    const key = sourceKey(binding.source);
    const there = this.#bySource.get(key);
    there?.delete(binding);
    if (there?.size === 0) this.#bySource.delete(key);
  }
}

export type LocationChange = {
  put: readonly ContactBinding[];
  removed: readonly { binding: ContactBinding; why: BindingEnd }[];
};
