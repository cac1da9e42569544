import type { ContactBinding } from '../domain/contact-binding.js';
import type { Phone, PhoneSettings } from '../domain/phone.js';
import type { PhoneBody, PhoneView } from './phone-input.js';

export const toSettings = (body: Omit<PhoneBody, 'enabled' | 'password'>): PhoneSettings => ({
  username: body.username,
  displayName: body.display_name ?? undefined,
  callProof: body.call_proof,
  mayCall: body.may_call,
  maxContacts: body.max_contacts,
  number: body.number ?? undefined,
  srtp: body.srtp ?? undefined,
});

export const presentSettings = (phone: Phone): Omit<PhoneBody, 'password'> => ({
  username: phone.username,
  enabled: phone.enabled,
  display_name: phone.displayName ?? null,
  call_proof: phone.callProof,
  may_call: phone.mayCall,
  max_contacts: phone.maxContacts,
  number: phone.number ?? null,
  srtp: phone.srtp ?? null,
});

/** What of a phone may be shown: everything but its password. */
export const presentPhone = (phone: Phone, contacts: readonly ContactBinding[]): PhoneView => ({
  id: phone.id,
  ...presentSettings(phone),
  registered: contacts.length > 0,
  contacts: contacts.map(({ uri, source, q, userAgent, registeredAtMs, expiresAtMs }) => ({
    uri,
    source: `${source.transport}:${source.address.includes(':') ? `[${source.address}]` : source.address}:${source.port}`,
    q,
    user_agent: userAgent ?? null,
    registered_at: new Date(registeredAtMs).toISOString(),
    expires_at: new Date(expiresAtMs).toISOString(),
  })),
  version: phone.version,
  created_at: new Date(phone.createdAtMs).toISOString(),
  updated_at: new Date(phone.updatedAtMs).toISOString(),
});
