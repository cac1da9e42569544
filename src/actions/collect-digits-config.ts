import { z } from 'zod';
import { FINISH_KEYS, KEY_CHECKS } from '../domain/key-collection.js';

const said = (max: number) => z.string().trim().min(1).max(max);
const timeout = z.number().int().min(500).max(60_000);

/** What an operator says of digits that are asked for. */
export const CollectDigitsConfig = z
  .strictObject({
    field: z
      .string()
      .regex(/^[A-Za-z_][A-Za-z0-9_]{0,63}$/, 'must be a name of letters, digits and underscores')
      .meta({
        description: 'What the digits are called: they fill `{{field}}`, if they are not masked.',
        example: 'order_number',
      }),
    prompt: said(1000).meta({ example: 'Please key in your order number, and press the pound key.' }),
    min_length: z.number().int().min(1).max(40).optional().meta({ description: 'As `max_length` when left out.' }),
    max_length: z.number().int().min(1).max(40).meta({ description: 'With so many the number is complete.', example: 8 }),
    finish_key: z.enum(FINISH_KEYS).optional().meta({
      description: 'Ends a number before it is full. Where it is not `*`, that key begins the number again.',
      example: '#',
    }),
    first_digit_timeout_ms: timeout.default(8_000).meta({ description: 'From the end of the prompt.' }),
    inter_digit_timeout_ms: timeout.default(4_000),
    retries: z.number().int().min(0).max(5).default(1).meta({ description: 'How often it is asked for again.' }),
    invalid_say: said(1000).optional().meta({
      description: 'Said before the prompt where the digits cannot be right.',
      example: 'That is not a valid number.',
    }),
    validate: z.enum(KEY_CHECKS).default('none').meta({ description: '`luhn`: the check digit of payment cards.' }),
    masked: z
      .boolean()
      .default(false)
      .meta({
        description:
          'For cards and PINs: the digits reach the action `send_to` and nothing else. While they are keyed in, both sides are left out of the ' +
          'recording and of what listeners hear, and the caller is not listened to; transcript and events show `•`.',
      }),
    send_to: said(100).optional().meta({
      description: 'The name of the `http` or `webhook` action of the agent that is given the digits, as `{{field}}`.',
      example: 'Charge the card',
    }),
    say: said(1000).optional().meta({ description: 'What the caller is told when it is done.', example: 'Thank you.' }),
  })
  .refine(({ min_length: least, max_length: most }) => least === undefined || least <= most, {
    path: ['min_length'],
    error: 'must not exceed max_length',
  })
  .refine(({ masked, send_to: receiver }) => !masked || receiver !== undefined, {
    path: ['send_to'],
    error: 'must name the action that masked digits go to: nothing else may know them',
  });
