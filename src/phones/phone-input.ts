import { z } from 'zod';
import { CALL_PROOFS, PHONE_REACHES } from '../domain/phone.js';
import { SRTP_POLICIES } from '../domain/ports/media.js';

/**
 * What an operator says of a phone, by REST and in the configuration file alike: the entries of `phones:` there have these very fields.
 */
const FIELDS = {
  username: z
    .string()
    .regex(/^[\w.!~*'()+-]{1,64}$/, 'must be the user part of a SIP URI')
    .meta({
      description: 'It registers as `sip:<username>@` this server, and is called so. One on the whole server.',
      example: 'reception',
    }),
  enabled: z.boolean(),
  password: z.string().min(8).max(200).meta({ description: 'Is never given back.', example: 'a long random word' }),
  display_name: z
    .string()
    .trim()
    .min(1)
    .max(100)
    .regex(/^[^\p{Cc}\p{Cs}]+$/u, 'has characters that are not allowed')
    .nullable(),
  call_proof: z.enum(CALL_PROOFS).meta({
    description:
      'Its calls prove by `digest` that they are its own, or by coming from where it is registered (`binding`), for phones that cannot answer a challenge of an INVITE.',
  }),
  may_call: z.enum(PHONE_REACHES).meta({
    description:
      'Whom it may call: `agents` alone, other `phones` of the organisation by user name or number too, or `anywhere`: numbers outside as well, over the trunks and under the guard of calls out. Routes that name who is called hold before.',
  }),
  max_contacts: z.number().int().min(1).max(20).meta({
    description: 'How many devices may be registered at once; one more takes the place of the oldest.',
  }),
  number: z
    .string()
    .regex(/^\+[1-9]\d{1,14}$/, 'must be an E.164 number')
    .nullable()
    .meta({ description: 'By which its calls are known to agents and in records.', example: '+4930123456' }),
  srtp: z.enum(SRTP_POLICIES).nullable().meta({
    description: 'Encrypted audio: never, where it offers it, or always. Null: as `media.srtp` of the configuration says.',
  }),
};

export const PhoneCreate = z
  .strictObject({
    username: FIELDS.username,
    password: FIELDS.password,
    enabled: FIELDS.enabled.default(true),
    display_name: FIELDS.display_name.default(null),
    call_proof: FIELDS.call_proof.default('digest'),
    may_call: FIELDS.may_call.default('phones'),
    max_contacts: FIELDS.max_contacts.default(5),
    number: FIELDS.number.default(null),
    srtp: FIELDS.srtp.default(null),
  })
  .meta({ id: 'PhoneCreate' });

export const PhonePatchBody = z.strictObject(FIELDS).partial().meta({
  id: 'PhonePatch',
  description: 'Only the fields that change; null clears. Another user name or password ends what is registered.',
});

const { password: _, ...SHOWN } = FIELDS;
export const PhoneResource = z
  .object({
    id: z.uuid(),
    ...SHOWN,
    registered: z.boolean(),
    contacts: z
      .array(
        z.object({
          uri: z.string(),
          source: z.string().meta({ description: 'Where it registered from.', example: 'udp:192.0.2.1:5060' }),
          q: z.number(),
          user_agent: z.string().nullable(),
          registered_at: z.iso.datetime(),
          expires_at: z.iso.datetime(),
        }),
      )
      .meta({ description: 'What is registered now, the preferred ones first.' }),
    version: z.number().int(),
    created_at: z.iso.datetime(),
    updated_at: z.iso.datetime(),
  })
  .meta({ id: 'Phone' });

export type PhoneBody = z.output<typeof PhoneCreate>;
export type PhoneChanges = z.output<typeof PhonePatchBody>;
export type PhoneView = z.input<typeof PhoneResource>;
