import { isSupportedCountry } from 'libphonenumber-js';
import { z } from 'zod';
import { NUMBER_FORMATS } from '../domain/trunk.js';

export const NumberRulesBody = z
  .strictObject({
    country: z
      .string()
      .refine((code): boolean => isSupportedCountry(code), 'must be an ISO 3166 code such as DE')
      .nullish()
      .meta({ description: 'Where national numbers are at home, and by whose tones its telephones ring.' }),
    out: z.enum(NUMBER_FORMATS).default('e164').meta({ description: 'The form in which numbers are sent.' }),
    in: z.enum(NUMBER_FORMATS).default('e164').meta({ description: 'The form in which numbers come.' }),
  })
  .refine((rules) => rules.country || (rules.out !== 'national' && rules.in !== 'national'), {
    path: ['country'],
    error: 'is needed for national numbers',
  })
  .meta({ description: 'Forms of numbers: `+49301234567`, `49301234567`, or as dialled in `country`: `0301234567`.' });
