import { z } from 'zod';
import { HEADER_PARTS } from '../domain/header-variables.js';

/** Of a header, in its long form. */
export const HeaderName = z
  .string()
  .regex(/^[A-Za-z][A-Za-z0-9!%*_+`'~.-]{1,59}$/, 'must be the name of a header, not abbreviated');

/** Without dots, which lead into objects where placeholders are filled. */
const VariableName = z.string().regex(/^[A-Za-z_][A-Za-z0-9_-]{0,63}$/, 'must be letters, digits, - and _');

/** They prove who somebody is, and are nobody else's business. */
const SECRET = /^(authorization|proxy-authorization|identity)$/i;

export const HeaderVariables = z
  .array(
    z.strictObject({
      name: VariableName.meta({ description: 'Fills `{{name}}` in what the agent says and is told.', example: 'customer_id' }),
      header: HeaderName.refine((name) => !SECRET.test(name), 'is not to be read').meta({ example: 'X-Customer-ID' }),
      part: z.enum(HEADER_PARTS).default('value').meta({
        description:
          'All of the value; of an address (P-Asserted-Identity, Diversion …) the display name, the user or the URI; of User-to-User the text that its digits stand for.',
      }),
    }),
  )
  .max(50)
  .meta({ description: 'Headers of the INVITE that become variables of the call; no others do.' });
