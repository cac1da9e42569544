import type { CallId, TenantId } from '../core/ids.js';
import type { Seat } from './outbound-lines.js';

type Place = { tenant: TenantId; seat: Pick<Seat, 'leave'>; dialled: boolean };

/** Who holds the places for outbound calls, from before the call is dialled until its end. */
export class OutboundPlaces {
  readonly #limits: { maxConcurrent: number; maxConcurrentPerTenant?: number | undefined };
  readonly #held = new Map<CallId, Place>();
  readonly #ofTenant = new Map<TenantId, number>();

  constructor(limits: { maxConcurrent: number; maxConcurrentPerTenant?: number | undefined }) {
    this.#limits = limits;
  }

  /** Places that are left, of all tenants or of one. */
  room(tenant: TenantId | undefined): number {
    const { maxConcurrent, maxConcurrentPerTenant = maxConcurrent } = this.#limits;
    const left = maxConcurrent - this.#held.size;
    return tenant === undefined ? left : Math.min(left, maxConcurrentPerTenant - (this.#ofTenant.get(tenant) ?? 0));
  }

  /** Held by calls that do not exist yet. */
  get notDialled(): number {
    return [...this.#held.values()].filter(({ dialled }) => !dialled).length;
  }

  take(id: CallId, tenant: TenantId, seat: Pick<Seat, 'leave'>): void {
    this.#held.set(id, { tenant, seat, dialled: false });
    this.#ofTenant.set(tenant, (this.#ofTenant.get(tenant) ?? 0) + 1);
  }

  dialled(id: CallId): void {
    const place = this.#held.get(id);
    if (place) place.dialled = true;
  }

  /** Nothing happens for a call that holds none. */
  leave(id: CallId): void {
    const place = this.#held.get(id);
    if (!place) return;
    this.#held.delete(id);
    const left = (this.#ofTenant.get(place.tenant) ?? 1) - 1;
    if (left === 0) this.#ofTenant.delete(place.tenant);
    else this.#ofTenant.set(place.tenant, left);
    place.seat.leave();
  }
}
