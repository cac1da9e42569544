const E164 = /^\+[1-9]\d{1,14}$/;

/** Whether this is a number as ITU-T E.164 writes it: `+`, country code, number, at most 15 digits. */
export const isE164 = (text: string): boolean => E164.test(text);

/** Marks that people put between the digits (RFC 3966 section 5.1.1), and the spaces of spreadsheets. */
const SEPARATORS = /[\s().-]+/g;
/** With fewer digits and no mark of an international number it may as well be an extension or a national number. */
const BARE_INTERNATIONAL = /^[1-9]\d{10,14}$/;

/** A number as people write it: marks between the digits are left out. Undefined when what remains is not E.164. */
export function writtenNumber(text: string): string | undefined {
  const digits = text.replace(SEPARATORS, '');
  return isE164(digits) ? digits : undefined;
}

/**
 * The telephone number of the other party, from the user part of its SIP URI or from its `tel:` URI.
 *
 * Gateways write it with `+`, with the international prefix `00`, or with the bare country code; a user that is none of these
 * (`alice`, the extension `1001`, a national number) has no number that we could know.
 */
export function numberOfUri(uri: string): string | undefined {
  const user = /^(?:sips?:([^@;?]+)(?:;[^@]*)?@|tel:([^;?]+))/i.exec(uri);
  const text = decoded(user?.[1] ?? user?.[2] ?? '').replace(SEPARATORS, '');
  if (isE164(text)) return text;
  if (text.startsWith('00')) return writtenNumber(`+${text.slice(2)}`);
  return BARE_INTERNATIONAL.test(text) ? `+${text}` : undefined;
}

function decoded(user: string): string {
  try {
    return decodeURIComponent(user);
  } catch {
    return user;
  }
}
