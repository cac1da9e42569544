import type { TenantId } from '../../core/ids.js';

/** What is known by a whole number where clients know no other ids. */
export const NUMBERED_KINDS = ['workspace', 'agent', 'call', 'document', 'action'] as const;
export type NumberedKind = (typeof NUMBERED_KINDS)[number];

export interface PublicNumbers {
  /** In the order of `ids`. Who has none yet is given the next one, which nothing else ever has. */
  numbersOf(tenant: TenantId, kind: NumberedKind, ids: readonly string[]): Promise<number[]>;
  /** Undefined: nothing of this kind was given that number, or another tenant's was. */
  idOf(tenant: TenantId, kind: NumberedKind, number: number): Promise<string | undefined>;
}
