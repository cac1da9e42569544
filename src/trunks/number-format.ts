import { type CountryCode, parsePhoneNumberFromString } from 'libphonenumber-js';
import type { NumberRules } from '../domain/trunk.js';

/** An E.164 number as the trunk wants it written. */
export function writeNumber(e164: string, { out, country }: NumberRules): string {
  if (out === 'e164') return e164;
  const digits = e164.replace(/^\+/, '');
  if (out === 'e164_without_plus') return digits;
  const number = parsePhoneNumberFromString(e164);
  if (!number || country === undefined) return e164;
  const home = number.country === country || number.getPossibleCountries().includes(country as CountryCode);
  // What was never given out (a short or test number) has no form of its own abroad either.
  const written = home ? number.formatNational() : number.format('IDD', { fromCountry: country as CountryCode });
  return written?.replace(/\D/g, '') || digits;
}

/** What the trunk calls a number, as E.164; users that are no numbers stay as they are. */
export function readNumber(text: string, rules: NumberRules): string {
  if (!/^\+?[\d\s().-]+$/.test(text)) return text;
  const plain = text.replace(/[^\d+]/g, '');
  if (rules.in === 'e164_without_plus') return plain.startsWith('+') ? plain : `+${plain}`;
  if (rules.in === 'e164' || rules.country === undefined) return plain;
  const number = parsePhoneNumberFromString(plain, rules.country as CountryCode);
  return number?.isPossible() ? number.number : plain;
}
