import { z } from 'zod';
import { PHONE_TYPES } from '../../../domain/agent-behaviour.js';
import { isAgentTimezone } from '../../../domain/agent-clock.js';
import { CALL_DIRECTIONS } from '../../../domain/call.js';
import { writtenNumber } from '../../../domain/phone-number.js';
import { PublicId, required, text } from './fields.js';

/** Characters of a URL or of an image in base64: about 190 kB of image. */
const MAX_AVATAR_LENGTH = 262_144;
const BASE64_IMAGE = /^(?:data:image\/[a-z0-9.+-]{1,40};base64,)?[A-Za-z0-9+/\s]{16,}={0,2}\s*$/;
const BLOCKED = /^\s*(?:\d{1,2}\s*(?:,\s*\d{1,2}\s*)*)?$/;

const isLanguageTag = (tag: string): boolean => {
  try {
    return Intl.getCanonicalLocales(tag).length === 1;
  } catch {
    return false;
  }
};
const isWebUrl = (value: string): boolean => ['https:', 'http:'].includes(URL.parse(value)?.protocol ?? '');
const isAvatar = (value: string): boolean => value === '' || isWebUrl(value) || BASE64_IMAGE.test(value);

/** The kinds of numbers by their order in libphonenumber, from 0. */
export const phoneTypesOf = (numbers: string): number[] =>
  numbers.split(',').flatMap((n) => (n.trim() === '' ? [] : [Number(n)]));
const areBlocked = (value: string): boolean =>
  BLOCKED.test(value) && phoneTypesOf(value).every((number) => number < PHONE_TYPES.length);

const whole = (min: number, max: number) => z.number().int().min(min).max(max);

const FIELDS = {
  name: required(200).meta({ example: 'Sales Bot' }),
  format: z.enum(CALL_DIRECTIONS).meta({ description: 'Whether the agent calls out or takes calls.', example: 'outbound' }),
  voice: required(200).meta({ description: 'The name of a voice of the speech provider.', example: 'alloy' }),
  agent_type: required(200).meta({ example: 'sales' }),
  background: required(20_000).meta({ example: 'You are a sales agent.' }),
  goal: required(20_000).meta({ example: 'Close deals.' }),
};

/** Left out they are as every agent has them; in an update, as they were. Null is the former in both. */
const OPTIONAL = {
  timezone: z
    .string()
    .max(100)
    .refine(isAgentTimezone, 'must be a time zone such as UTC+00:00')
    .meta({ description: '`UTC+00:00` when left out.', example: 'UTC+00:00' }),
  avatar: text(MAX_AVATAR_LENGTH)
    .refine(isAvatar, 'must be the URL of an image, or an image in base64')
    .meta({ example: 'https://your-app.example/avatar.png' }),
  lang: z
    .string()
    .max(35)
    .refine(isLanguageTag, 'must be a language such as en')
    .meta({ description: 'BCP 47; `en` when left out.', example: 'en' }),
  phone_number: z
    .string()
    .max(40)
    .refine((value) => value === '' || writtenNumber(value) !== undefined, 'must be a telephone number such as +123456789')
    .meta({
      description: 'Shown by the calls of the agent; calls to the number of an inbound agent reach it.',
      example: '+123456789',
    }),
  welcome_msg_flag: z.boolean().meta({ description: 'false: the caller speaks first.' }),
  welcome_msg: text(5000).meta({ example: 'How are you today?' }),
  welcome_msg_delay: z.number().min(0).max(30).meta({ description: 'Seconds.', example: 3 }),
  call_recording: z.boolean(),
  blocked_phone_types: z
    .string()
    .max(100)
    .refine(areBlocked, 'must be kinds of numbers such as 1,2,3')
    .meta({
      description:
        'Kinds of numbers the agent does not talk to, as libphonenumber counts them: 0 fixed line, 1 mobile, 2 fixed line or mobile, ' +
        '3 toll-free, 4 premium rate, 5 shared cost, 6 VoIP, 7 personal number, 8 pager, 9 UAN, 10 voicemail.',
      example: '1,2,3',
    }),
  enable_voice_mail: z.boolean(),
  voice_mail_mode: z.union([z.literal(1), z.literal(2)]).meta({ description: '1 leaves `voice_mail_text`, 2 hangs up.' }),
  voice_mail_text: text(5000).meta({ example: 'Please try again.' }),
  machine_detection_timeout: z.number().min(1).max(60).meta({ description: 'Seconds.', example: 10 }),
  openai_model: text(200).meta({ example: 'gpt-4o' }),
  answer_creativity: z.number().min(0).max(10).meta({ example: 3 }),
  context_max_tokens: whole(100, 1_000_000).meta({ example: 350 }),
  speech_stop_sensitivity: whole(0, 10).meta({ description: 'Words of the caller that stop the agent; 0: none do.', example: 5 }),
  answer_length: whole(1, 1000).meta({ description: 'Words, about.', example: 25 }),
  silence_message_delay: z.number().min(1).max(600).meta({ description: 'Seconds.', example: 10 }),
  silence_end_call: z.number().min(1).max(3600).meta({ description: 'Seconds.', example: 20 }),
  utterance_detection: whole(500, 10_000).meta({ description: 'Milliseconds.', example: 1000 }),
  transcribe_filler_words: z.boolean(),
  tone: text(2000).meta({ example: 'Professional' }),
  instructions: text(50_000),
  script_option: z.boolean(),
  script: text(50_000),
  background_sound: z
    .string()
    .regex(/^(?:[A-Za-z0-9][A-Za-z0-9_.-]{0,63})?$/, 'must be the name of a sound')
    .meta({ example: 'office-ambience.wav' }),
};

export const AgentPayload = z
  .object({ workspaceId: PublicId, ...FIELDS, ...nullish(OPTIONAL) })
  .refine(({ format, phone_number: number }) => format === 'inbound' || Boolean(number), {
    path: ['phone_number'],
    error: 'must be given of an outbound agent',
  })
  .meta({ id: 'CallfluentAgentPayload' });
export type AgentPayload = z.output<typeof AgentPayload>;

const time = z.iso.datetime();
export const CustomFieldResource = z.object({ id: z.string(), name: z.string(), label: z.string() }).meta({
  id: 'CallfluentCustomField',
  example: { id: 'd7d6946a-d90a-438e-954f-08cb5950d680', name: 'name', label: "Caller's name" },
});
export const CorsResource = z
  .object({ has_webhook_cors_origin: z.boolean(), webhook_cors_origin: z.array(z.string()) })
  .meta({ id: 'CallfluentCors', example: { has_webhook_cors_origin: true, webhook_cors_origin: ['https://google.com'] } });

export const AgentResource = z
  .object({
    id: PublicId,
    uuid: z.uuid().meta({ description: 'The id of the same agent in the other dialects.' }),
    workspaceId: PublicId,
    ...nullable({ ...FIELDS, ...OPTIONAL }),
    name: FIELDS.name,
    format: FIELDS.format,
    enabled: z.boolean(),
    custom_fields: z.array(CustomFieldResource),
    ...CorsResource.shape,
    created_at: time,
    updated_at: time,
  })
  .meta({ id: 'CallfluentAgent' });

type Shape = Readonly<Record<string, z.ZodType>>;

function nullish<S extends Shape>(shape: S): { [Key in keyof S]: z.ZodOptional<z.ZodNullable<S[Key]>> } {
  const entries = Object.entries(shape).map(([key, schema]) => [key, schema.nullish()]);
  return Object.fromEntries(entries) as { [Key in keyof S]: z.ZodOptional<z.ZodNullable<S[Key]>> };
}

function nullable<S extends Shape>(shape: S): { [Key in keyof S]: z.ZodNullable<S[Key]> } {
  const entries = Object.entries(shape).map(([key, schema]) => [key, schema.nullable()]);
  return Object.fromEntries(entries) as { [Key in keyof S]: z.ZodNullable<S[Key]> };
}
