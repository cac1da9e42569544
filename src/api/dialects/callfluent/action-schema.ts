import { z } from 'zod';
import { PublicId, required, text } from './fields.js';

/** `[{"value": "email", "label": "email"}]`, as text. */
const FieldsJson = z
  .string()
  .max(50_000)
  .refine((value) => fieldsIn(value) !== undefined, 'must be a JSON array of objects with a value')
  .meta({
    description: 'Custom fields as JSON; `label` is for people.',
    example: '[{"value":"dev1","label":"dev1"},{"value":"email","label":"email"}]',
  });
const Field = z.object({ value: z.string().min(1).max(64), label: z.string().max(500).optional() });

/** The names of the fields; undefined where the text is no list of them. */
export function fieldsIn(json: string): string[] | undefined {
  try {
    return z
      .array(Field)
      .max(100)
      .parse(JSON.parse(json))
      .map(({ value }) => value);
  } catch {
    return undefined;
  }
}

const NAME = {
  name: required(100).meta({ example: 'Send email action' }),
  secrets: z
    .record(z.string(), z.string())
    .optional()
    .meta({
      description:
        'Beside the document: what opens the calendar (`token` of GoHighLevel, `service_account` of Google), or `signing` of a webhook. Kept sealed, never returned; those that are left out stay.',
      example: { token: 'pit-…' },
    }),
};
const INSTRUCTION = {
  instruction: required(2000).meta({ description: 'When the agent is to do it.', example: 'When the caller wants an e-mail' }),
};
const PERIOD = { calendarPeriod: text(100).meta({ description: 'How far ahead times are offered.', example: '1week' }) };
const MAIL = { subject: required(500).meta({ example: 'Introduction email' }) };

/** What each type is told beside its name. */
const TYPES = {
  sendEmail: { ...INSTRUCTION, content: required(50_000).meta({ example: 'This is test email' }), ...MAIL },
  callForwarding: { ...INSTRUCTION, forwardNumber: text(300).meta({ example: '+442079460018' }) },
  sms: { ...INSTRUCTION, content: required(2000).meta({ example: 'It is test sms' }) },
  webhook: { webhook_url: text(2000).meta({ example: 'https://your-app.example/hooks/offhook' }), fields: FieldsJson },
  dataCollection: {
    ...INSTRUCTION,
    collectField: text(64).meta({ description: 'The name of a custom field.', example: 'email' }),
  },
  email_push: {
    target_email: text(254).meta({ example: 'jane@example.com' }),
    subject: required(500).meta({ example: 'Call summary' }),
    fields: FieldsJson,
  },
  ghl_calendar: {
    ...INSTRUCTION,
    ghlCalendarId: required(200).meta({ example: 'B6blCXXXXX' }),
    ...PERIOD,
  },
  google_calendar: {
    ...INSTRUCTION,
    google_title: required(300).meta({ example: 'Introduction meeting' }),
    google_description: text(5000).optional(),
    ...PERIOD,
    google_duration: text(100).meta({ example: '30 mins' }),
  },
};

const payload = <Type extends keyof typeof TYPES, Owner extends z.ZodRawShape>(actionType: Type, owner: Owner) =>
  z.object({ ...owner, actionType: z.literal(actionType), ...NAME, ...TYPES[actionType] });

const payloads = <Owner extends z.ZodRawShape>(owner: Owner) =>
  z.discriminatedUnion('actionType', [
    payload('sendEmail', owner),
    payload('callForwarding', owner),
    payload('sms', owner),
    payload('webhook', owner),
    payload('dataCollection', owner),
    payload('email_push', owner),
    payload('ghl_calendar', owner),
    payload('google_calendar', owner),
  ]);

export const ActionPayload = payloads({}).meta({ id: 'CallfluentActionPayload' });
export type ActionPayload = z.output<typeof ActionPayload>;
export const NewAction = payloads({ agentId: PublicId }).meta({ id: 'CallfluentNewAction' });

export const ActionResource = z
  .looseObject({
    id: PublicId,
    uuid: z.uuid(),
    agentId: PublicId,
    actionType: z.string().meta({ example: 'sendEmail' }),
    name: z.string(),
    instruction: z.string().nullable(),
  })
  .meta({ id: 'CallfluentAction', description: 'With the fields of its type.' });
