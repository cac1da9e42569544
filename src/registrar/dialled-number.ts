import { parsePhoneNumberFromString } from 'libphonenumber-js';
import { isE164, writtenNumber } from '../domain/phone-number.js';

/**
 * What somebody dials on a phone, as E.164: with `+`, as is usual in the country of the phone's `own` number, or with `00`. Undefined for
 * what is no number there, as extensions and emergency numbers are not.
 */
export function dialledNumber(dialled: string, own: string | undefined): string | undefined {
  const digits = dialled.replace(/[\s().-]+/g, '');
  if (isE164(digits)) return digits;
  if (!/^\d+$/.test(digits)) return undefined;
  const country = own === undefined ? undefined : parsePhoneNumberFromString(own)?.country;
  const number = country && parsePhoneNumberFromString(digits, country);
  if (number?.isValid()) return number.number;
  return digits.startsWith('00') ? writtenNumber(`+${digits.slice(2)}`) : undefined;
}
