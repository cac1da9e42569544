import { parsePhoneNumberFromString } from 'libphonenumber-js';
import type { AudioSource, SourceSound } from '../domain/ports/media.js';
import { progressTone } from '../domain/progress-tones.js';

/** What callers hear while somebody else is called: as telephones ring in their country (ISO 3166). */
export const ringback = (country: string | undefined): AudioSource => ({
  type: 'cadence',
  steps: progressTone('ringback', country),
});

/** What callers hear who are not answered yet: a recording in place of a ring tone, where there is one. */
export const whileUnanswered = (country: string | undefined, sound: SourceSound | undefined): AudioSource =>
  sound ? { type: 'sound', ...sound } : ringback(country);

/** Where somebody's telephone is: as their trunk says, or their number (E.164). */
export const countryOf = (trunkCountry: string | undefined, number: string | undefined): string | undefined =>
  trunkCountry ?? (number === undefined ? undefined : parsePhoneNumberFromString(number)?.country);
