import { getCountry } from 'countries-and-timezones';
import { type CountryCode, getCountries, getCountryCallingCode, parsePhoneNumberFromString } from 'libphonenumber-js/max';

/** Countries of the numbering plan that the list of time zones does not have. */
const ZONES_NOT_LISTED: Readonly<Record<string, readonly string[]>> = {
  AC: ['Atlantic/St_Helena'],
  TA: ['Atlantic/St_Helena'],
  XK: ['Europe/Belgrade'],
};

const zonesOfCallingCode = new Map<string, readonly string[]>();

/** The time zones, IANA names, that an E.164 number may be in; none when nobody can tell. */
export function zonesOf(number: string): readonly string[] {
  const parsed = parsePhoneNumberFromString(number);
  if (!parsed) return [];
  if (parsed.country && parsed.isValid()) return zonesOfCountry(parsed.country);
  // Not a number of any one country's plan as it is known here: it may be in each that shares the calling code.
  const code = parsed.countryCallingCode;
  const zones = zonesOfCallingCode.get(code) ?? zonesOfCountries(code);
  zonesOfCallingCode.set(code, zones);
  return zones;
}

function zonesOfCountries(callingCode: string): readonly string[] {
  const possible = getCountries().filter((country) => getCountryCallingCode(country) === callingCode);
  return [...new Set(possible.flatMap(zonesOfCountry))].sort();
}

function zonesOfCountry(country: CountryCode): readonly string[] {
  return ZONES_NOT_LISTED[country] ?? getCountry(country)?.timezones ?? [];
}
