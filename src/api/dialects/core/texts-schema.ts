import { z } from 'zod';
import { isE164 } from '../../../domain/phone-number.js';
import { MAX_TEXT_BYTES, TEXT_DIRECTIONS, TEXT_STATUSES, type Text, type TextThread } from '../../../domain/text.js';
import { PAGE } from './query-schema.js';
import { required, text } from './text-schema.js';

const SIP_URI = /^sips?:[^\s<>"\\]+$/i;
const time = z.iso.datetime();

export const TextCreate = z
  .strictObject({
    to: z
      .string()
      .max(300)
      .refine((to) => isE164(to) || SIP_URI.test(to), 'must be an E.164 number or a SIP URI')
      .meta({
        description: 'A number goes out over the trunks as calls do; a SIP URI straight there.',
        example: '+442071234567',
      }),
    from: z
      .string()
      .regex(/^[\w.!~*'()%+-]{1,100}$/, 'must be a number or the user part of a SIP URI')
      .optional()
      .meta({ description: "Stands in From instead of the trunk's own.", example: '+4930123456' }),
    text: required(MAX_TEXT_BYTES)
      .refine((value) => Buffer.byteLength(value) <= MAX_TEXT_BYTES, `must not have more than ${MAX_TEXT_BYTES} bytes`)
      .meta({ example: 'Your table is booked for seven.' }),
  })
  .meta({ id: 'TextCreate' });

export const TextsQuery = z.object({
  contact: text(300).optional().meta({ description: 'The thread with this number or SIP URI.' }),
  direction: z.enum(TEXT_DIRECTIONS).optional(),
  status: z.enum(TEXT_STATUSES).optional(),
  call_id: z.uuid().optional().meta({ description: 'Texts in the dialog of this call.' }),
  ...PAGE,
});

export const ThreadsQuery = z.object(PAGE);

export const TextResource = z
  .object({
    id: z.uuid(),
    direction: z.enum(TEXT_DIRECTIONS),
    status: z.enum(TEXT_STATUSES).meta({
      description:
        '`received`; or `pending` until the far end has answered, `sent` when it took it to pass it on (202), `delivered` when it has it, `failed`.',
    }),
    contact: z.string().meta({ description: 'The other party: a number in E.164, or a SIP URI.', example: '+442071234567' }),
    from_uri: z.string(),
    to_uri: z.string(),
    text: z.string(),
    agent_id: z.uuid().nullable().meta({ description: 'Whom a text that came is for: the agent that calls to there reach.' }),
    call_id: z.uuid().nullable().meta({ description: 'The call in whose dialog it came.' }),
    trunk: z.object({ id: z.uuid(), name: z.string() }).nullable(),
    attempts: z.number().int(),
    next_attempt_at: time.nullable().meta({ description: 'Of a pending one.' }),
    sip_code: z.number().int().nullable().meta({ description: 'The last final status that one that goes out was given.' }),
    failure_reason: z.string().nullable().meta({ example: 'sip_404' }),
    api_key_id: z.uuid().nullable().meta({ description: 'Of one that goes out: the API key that asked for it.' }),
    created_at: time,
    updated_at: time,
  })
  .meta({ id: 'Text' });

export const TextThreadResource = z
  .object({ contact: z.string(), texts: z.number().int(), last: TextResource })
  .meta({ id: 'TextThread', description: 'All texts with one contact.' });

const isoTime = (ms: number): string => new Date(ms).toISOString();

export const presentText = (stored: Text): z.input<typeof TextResource> => ({
  id: stored.id,
  direction: stored.direction,
  status: stored.status,
  contact: stored.contact,
  from_uri: stored.fromUri,
  to_uri: stored.toUri,
  text: stored.text,
  agent_id: stored.agentId ?? null,
  call_id: stored.callId ?? null,
  trunk: stored.trunk ? { id: stored.trunk.id, name: stored.trunk.name } : null,
  attempts: stored.attempts,
  next_attempt_at: stored.nextAttemptAtMs === undefined ? null : isoTime(stored.nextAttemptAtMs),
  sip_code: stored.sipCode ?? null,
  failure_reason: stored.failureReason ?? null,
  api_key_id: stored.apiKeyId ?? null,
  created_at: isoTime(stored.createdAtMs),
  updated_at: isoTime(stored.updatedAtMs),
});

export const presentThread = ({ contact, texts, last }: TextThread): z.input<typeof TextThreadResource> => ({
  contact,
  texts,
  last: presentText(last),
});
