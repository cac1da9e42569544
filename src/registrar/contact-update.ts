import type { ContactBinding } from '../domain/contact-binding.js';
import type { RegisterWish, RequestedContact } from '../domain/ports/registrar-signalling.js';
import type { Peer } from '../domain/ports/telephony.js';
import type { Account } from './accounts.js';
import type { LocationChange } from './locations.js';

export type ExpiryLimits = { minExpiresS: number; maxExpiresS: number; defaultExpiresS: number };

export type Update =
  | ({ is: 'change' } & LocationChange)
  /** Nothing of the request is done: all or nothing (RFC 3261 section 10.3). */
  | { is: 'refused'; status: number; headers?: Readonly<Record<string, string>> };

/** What a REGISTER does to the contacts that its account has (RFC 3261 section 10.3, steps 6 and 7). */
export function updateOf(
  present: readonly ContactBinding[],
  wish: RegisterWish,
  by: { account: Account; source: Peer; nowMs: number; limits: ExpiryLimits },
): Update {
  if (wish.contacts === '*') return removeAll(present, wish);
  const { limits } = by;
  const put: ContactBinding[] = [];
  const removed: ContactBinding[] = [];
  for (const contact of wish.contacts) {
    const key = keyOf(contact);
    const before = present.find((binding) => binding.key === key);
    if (before && isOutOfOrder(before, wish)) return { is: 'refused', status: 500 };
    const askedS = contact.expiresS ?? wish.expiresS ?? limits.defaultExpiresS;
    if (askedS === 0) {
      if (before) removed.push(before);
      continue;
    }
    if (askedS < limits.minExpiresS) {
      return { is: 'refused', status: 423, headers: { 'Min-Expires': String(limits.minExpiresS) } };
    }
    put.push(bindingOf(contact, wish, { ...by, key, before, expiresS: Math.min(askedS, limits.maxExpiresS) }));
  }
  return {
    is: 'change',
    put,
    removed: [...removed.map(unregistered), ...tooMany(present, put, removed, by.account.maxContacts)],
  };
}

/** `*` needs Expires 0 (RFC 3261 section 10.2.2), and takes back nothing when one contact is younger than the request. */
function removeAll(present: readonly ContactBinding[], wish: RegisterWish): Update {
  if (wish.expiresS !== 0) return { is: 'refused', status: 400 };
  if (present.some((binding) => isOutOfOrder(binding, wish))) return { is: 'refused', status: 500 };
  return { is: 'change', put: [], removed: present.map(unregistered) };
}

const unregistered = (binding: ContactBinding) => ({ binding, why: 'unregistered' as const });

const isOutOfOrder = (binding: ContactBinding, { callId, sequence }: RegisterWish): boolean =>
  binding.callId === callId && sequence <= binding.sequence;

/** A phone that comes back at another address without having taken leave must not be locked out: the oldest contacts give way. */
function tooMany(
  present: readonly ContactBinding[],
  put: readonly ContactBinding[],
  removed: readonly ContactBinding[],
  maxContacts: number,
): LocationChange['removed'] {
  const staying = present.filter((binding) => !removed.includes(binding) && !put.some(({ key }) => key === binding.key));
  const excess = Math.max(0, staying.length + put.length - maxContacts);
  return staying
    .toSorted((a, b) => a.refreshedAtMs - b.refreshedAtMs)
    .slice(0, excess)
    .map((binding) => ({ binding, why: 'replaced' as const }));
}

/** RFC 5626 section 6.1: a contact of the same instance is the same contact, wherever it is now. */
function keyOf({ instance, uri }: RequestedContact): string {
  if (instance !== undefined) return instance;
  const [, user = '', rest = uri] = /^sips?:(?:([^@]*)@)?(.*)$/i.exec(uri) ?? [];
  const [address = '', ...parameters] = rest.split(';');
  const transport = parameters.find((parameter) => /^transport=/i.test(parameter)) ?? '';
  // User parts are told apart by case, the rest is not (RFC 3261 section 19.1.4).
  return `${user}@${address.split('?', 1)[0]?.toLowerCase()}${transport && `;${transport.toLowerCase()}`}`;
}

function bindingOf(
  { uri, q }: RequestedContact,
  { callId, sequence, path, userAgent }: RegisterWish,
  by: {
    account: Account;
    source: Peer;
    nowMs: number;
    key: string;
    before: ContactBinding | undefined;
    expiresS: number;
  },
): ContactBinding {
  const { account, source, nowMs, key, before, expiresS } = by;
  return {
    owner: account.owner,
    tenantId: account.tenantId,
    key,
    uri,
    q,
    source,
    path,
    userAgent,
    callId,
    sequence,
    registeredAtMs: before?.registeredAtMs ?? nowMs,
    refreshedAtMs: nowMs,
    expiresAtMs: nowMs + expiresS * 1000,
  };
}
