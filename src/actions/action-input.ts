import { isSupportedCountry } from 'libphonenumber-js';
import { z } from 'zod';
import { type ActionConfigs, type ActionType, HTTP_METHODS, VALUE_TYPES } from '../domain/action.js';
import { ONWARD_TARGET } from '../domain/handoff.js';
import { TRANSFER_KINDS } from '../domain/transfer.js';
import { GhlCalendarConfig, GoogleCalendarConfig } from './calendars/calendar-config.js';
import { CollectDigitsConfig } from './collect-digits-config.js';
import { MAX_SCHEMA_CHARACTERS, schemaFault } from './json-schema.js';

/** What an operator says of an action, by REST. */
const words = (max: number) => z.string().trim().min(1).max(max);
const FieldName = z
  .string()
  .regex(/^[A-Za-z_][A-Za-z0-9_]{0,63}$/, 'must be a name of letters, digits and underscores')
  .meta({ example: 'email' });

const isUrl = (value: string): boolean => {
  try {
    return ['https:', 'http:'].includes(new URL(value.replace(/\{\{[^{}]*\}\}/g, 'x')).protocol);
  } catch {
    return false;
  }
};
const Url = z
  .string()
  .max(2000)
  .refine(isUrl, 'must be an http or https URL')
  .meta({ example: 'https://your-app.example/hooks/offhook' });
const Headers = z
  .record(z.string().regex(/^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}$/, 'must be the name of a header'), z.string().max(4000))
  .refine((headers) => Object.keys(headers).length <= 50, 'must not have more than 50 headers');
const Fields = z
  .array(FieldName)
  .max(100)
  .optional()
  .meta({ description: 'Which values of the call are sent; all that was collected when left out.', example: ['email'] });

const Parameters = z
  .record(z.string(), z.unknown())
  .refine((schema) => schema['type'] === 'object', 'must be a JSON Schema of an object')
  .refine((schema) => JSON.stringify(schema).length <= MAX_SCHEMA_CHARACTERS, 'is too long')
  .refine((schema) => schemaFault(schema) === undefined, 'is no valid JSON Schema')
  .meta({
    description: 'JSON Schema of what the model gives. `pattern` is shown to the model, but not checked.',
    example: { type: 'object', properties: { order_number: { type: 'string' } }, required: ['order_number'] },
  });

const Request = z.strictObject({
  method: z.enum(HTTP_METHODS).default('POST'),
  url: Url.meta({ description: 'May hold `{{placeholders}}`.' }),
  headers: Headers.default({}),
  body: z
    .union([z.record(z.string(), z.unknown()), z.array(z.unknown())])
    .optional()
    .meta({
      description: 'JSON with `{{placeholders}}` in its strings; the arguments when left out.',
      example: { order: '{{order_number}}' },
    }),
});

const CONFIGS = {
  data_collection: z.strictObject({
    fields: z
      .array(
        z.strictObject({
          name: FieldName.meta({ description: 'Stands in texts as `{{name}}` as soon as it is known.' }),
          type: z
            .enum(VALUE_TYPES)
            .default('text')
            .meta({ description: '`spelled`: letter by letter, "B as in Bravo".', example: 'email' }),
          label: words(200).optional().meta({ description: 'What it is; the label of the custom field when left out.' }),
          options: z.array(words(200)).min(1).max(100).optional().meta({ description: 'The only values there are.' }),
          country: z
            .string()
            .refine((code) => isSupportedCountry(code), 'must be an ISO 3166 country code')
            .optional()
            .meta({ description: 'Where a number without a country code is at home.', example: 'GB' }),
        }),
      )
      .min(1)
      .max(50)
      .refine((fields) => new Set(fields.map(({ name }) => name)).size === fields.length, 'must not name a field twice'),
  }),
  webhook: z.strictObject({ url: Url, fields: Fields }),
  http: Request.extend({
    method: z.enum(HTTP_METHODS).default('GET'),
    parameters: Parameters.default({ type: 'object', properties: {} }),
    result_path: words(500)
      .optional()
      .meta({ description: "Where in the answer's JSON the result lies.", example: 'data.0.status' }),
    max_response_bytes: z.number().int().min(1).max(1_048_576).default(65_536),
  }),
  send_email: z.strictObject({
    to: words(500).optional().meta({
      description: 'May hold `{{placeholders}}`; when left out the model has to give the address.',
      example: '{{email}}',
    }),
    subject: words(500).meta({ example: 'What we talked about' }),
    content: words(50_000).meta({ example: 'Dear {{name}}, here is what you asked for.' }),
  }),
  email_push: z.strictObject({ target_email: z.email().max(254), subject: words(500), fields: Fields }),
  sms: z.strictObject({
    to: words(200).optional().meta({
      description: 'A number in E.164, which may be a `{{placeholder}}`; the caller when left out.',
      example: '{{phone}}',
    }),
    content: words(2000).meta({ example: 'Your code is {{code}}.' }),
    request: Request.optional().meta({
      description: "A provider's HTTP interface, with `{{to}}` and `{{text}}`; sent by SIP MESSAGE when left out.",
    }),
  }),
  call_forwarding: z.strictObject({
    target: z
      .string()
      .max(300)
      .regex(ONWARD_TARGET, 'must be an E.164 number, a SIP URI, or agent: and the id of an agent')
      .meta({ example: '+442079460018' }),
    kind: z.enum(TRANSFER_KINDS).default('blind'),
    briefing: words(1000).optional().meta({
      description: 'Said to the target first: attended only. What another agent is told.',
      example: '{{name}} is on the line.',
    }),
    ring_timeout_s: z.number().int().min(5).max(120).optional(),
  }),
  collect_digits: CollectDigitsConfig,
  ghl_calendar: GhlCalendarConfig,
  google_calendar: GoogleCalendarConfig,
  mcp: z.strictObject({
    url: Url.meta({ description: 'Of a server that speaks the Model Context Protocol over streamable HTTP.' }),
    headers: Headers.default({}),
    tools: z.array(words(200)).min(1).max(50).optional().meta({ description: 'All that the server has when left out.' }),
  }),
} satisfies Record<ActionType, z.ZodType>;

const Terms = {
  name: words(100).meta({ example: 'Note the address', description: 'The model knows the action by it.' }),
  enabled: z.boolean(),
  instruction: words(2000).nullable().meta({
    description: 'When the agent is to do it. A webhook or email_push without one is sent when the call has ended.',
    example: 'When the caller tells their e-mail address.',
  }),
  pre_message: words(500)
    .nullable()
    .meta({ description: 'Said while it runs, unless the model says something itself.', example: 'One moment, please.' }),
  timeout_ms: z.number().int().min(100).max(60_000).meta({ description: 'Of each attempt.', example: 10_000 }),
  retries: z
    .number()
    .int()
    .min(0)
    .max(3)
    .meta({ description: 'Further attempts where the first has failed in a way that may pass.' }),
};

const SecretName = z.string().regex(/^[A-Za-z][A-Za-z0-9_]{0,63}$/, 'must be a name of letters, digits and underscores');
const Secrets = z
  .record(SecretName, words(10_000))
  .refine((secrets) => Object.keys(secrets).length <= 20, 'must not have more than 20 secrets')
  .meta({
    description: 'Stand in the configuration as `{{secret.name}}`; sealed, and never returned. `signing` signs webhooks.',
    example: { signing: 'a long random text' },
  });

const create = <Type extends ActionType, Config extends z.ZodType>(type: Type, config: Config) =>
  z
    .strictObject({
      type: z.literal(type),
      name: Terms.name,
      enabled: Terms.enabled.default(true),
      instruction: Terms.instruction.optional(),
      pre_message: Terms.pre_message.optional(),
      timeout_ms: Terms.timeout_ms.default(10_000),
      retries: Terms.retries.default(type === 'webhook' ? 2 : 0),
      config,
      secrets: Secrets.default({}),
    })
    .meta({ id: `ActionCreate_${type}` });

/** What has none runs when the call has ended. */
export const needsInstruction = (type: ActionType): boolean => type !== 'webhook' && type !== 'email_push' && type !== 'mcp';

/** As it is sent to make one. */
export const ActionCreate = z
  .discriminatedUnion('type', [
    create('data_collection', CONFIGS.data_collection),
    create('webhook', CONFIGS.webhook),
    create('http', CONFIGS.http),
    create('send_email', CONFIGS.send_email),
    create('email_push', CONFIGS.email_push),
    create('sms', CONFIGS.sms),
    create('call_forwarding', CONFIGS.call_forwarding),
    create('collect_digits', CONFIGS.collect_digits),
    create('ghl_calendar', CONFIGS.ghl_calendar),
    create('google_calendar', CONFIGS.google_calendar),
    create('mcp', CONFIGS.mcp),
  ])
  .refine(({ type, instruction }) => !needsInstruction(type) || instruction, {
    path: ['instruction'],
    error: 'must say when the agent is to do it',
  })
  .meta({ id: 'ActionCreate' });
export type ActionBody = z.output<typeof ActionCreate>;

/** As it is changed. The config is replaced as a whole, and must be one of the action's type. */
export const ActionPatchBody = z
  .strictObject({
    ...Terms,
    config: z.record(z.string(), z.unknown()),
    secrets: z
      .record(SecretName, words(10_000).nullable())
      .meta({ description: 'Only those that change; null takes one away.', example: { signing: null } }),
  })
  .partial()
  .meta({ id: 'ActionPatch', description: 'Only the fields that change. The type stays.' });
/** With a config that was checked to be one of the action's type. */
export type ActionChanges = Omit<z.output<typeof ActionPatchBody>, 'config'> & { config?: object | undefined };

export const ActionResource = z
  .object({
    id: z.uuid(),
    agent_id: z.uuid(),
    type: z.enum(Object.keys(CONFIGS) as [ActionType, ...ActionType[]]),
    ...Terms,
    config: z.record(z.string(), z.unknown()),
    secret_names: z.array(z.string()).meta({ example: ['signing'] }),
    version: z.number().int(),
    created_at: z.iso.datetime(),
    updated_at: z.iso.datetime(),
  })
  .meta({ id: 'Action' });

type Camel<Name extends string> = Name extends `${infer Head}_${infer Tail}` ? `${Head}${Capitalize<Camel<Tail>>}` : Name;
type CamelKeys<T> = { [Key in keyof T as Key extends string ? Camel<Key> : Key]: T[Key] };

const camel = (name: string): string => name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
const snake = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
const rekeyed = (config: object, rename: (name: string) => string): Record<string, unknown> =>
  Object.fromEntries(Object.entries(config).map(([key, value]) => [rename(key), value as unknown]));

/** Fails to compile where a config as it is sent is not one of the domain, but for how its outermost keys are written. */
type Checked = {
  [Type in ActionType]: CamelKeys<z.output<(typeof CONFIGS)[Type]>> extends ActionConfigs[Type] ? unknown : never;
};

/** Of a config that was checked to be of this type. */
export const toConfig = <Type extends ActionType>(_type: Type, config: object): ActionConfigs[Type] & Checked[Type] =>
  rekeyed(config, camel) as unknown as ActionConfigs[Type] & Checked[Type];

export const presentConfig = (config: object): Record<string, unknown> => rekeyed(config, snake);

export const configSchemaOf = (type: ActionType): z.ZodType<object> => CONFIGS[type];
