import { numberOfUri } from './phone-number.js';

const NUMBER = /^\+?[\d\s().\-/]+$/;

/**
 * A number or user in the form in which two ways of writing it are equal: the digits of a number without `+` and separators,
 * everything else in lower case.
 */
export function partyKey(text: string): string {
  const trimmed = text.trim();
  return NUMBER.test(trimmed) && /\d/.test(trimmed) ? trimmed.replace(/\D/g, '') : trimmed.toLowerCase();
}

/** Whom a `sip:`, `sips:` or `tel:` URI names, as `partyKey`; the host where it names no user, empty for what is no such URI. */
export function partyOf(uri: string): string {
  const [, scheme, rest] = /^(sips?|tel):(.*)$/is.exec(uri) ?? [];
  if (scheme === undefined || rest === undefined) return '';
  const at = rest.lastIndexOf('@');
  // Parameters of the user part (RFC 3261 section 19.1.1), a password, a port, or the parameters of a tel URI.
  const name = (at === -1 ? rest : rest.slice(0, at)).split(/[;:?]/, 1)[0] ?? '';
  const isHost = at === -1 && scheme.toLowerCase() !== 'tel';
  return isHost ? name.toLowerCase() : partyKey(decoded(name));
}

/** As people and other programs are shown whom a URI names: a number in E.164 where there is one, else as `partyOf`. */
export const shownParty = (uri: string): string => numberOfUri(uri) ?? partyOf(uri);

/** The host of a `sip:` or `sips:` URI in lower case, without port and brackets; undefined for what is none. */
export function hostOfUri(uri: string): string | undefined {
  const host = /^sips?:(?:[^@]*@)?(\[[^\]]+\]|[^@:;?\s]+)(?::\d{1,5})?(?:[;?]|$)/i.exec(uri)?.[1];
  return host?.replace(/^\[|\]$/g, '').toLowerCase();
}

function decoded(user: string): string {
  try {
    return decodeURIComponent(user);
  } catch {
    return user;
  }
}
