import { z } from 'zod';
import { isTimezone } from '../../../tasks/call-calendar.js';
import { orNull, PAGE, required, Time, text } from './fields.js';

function isLanguageTag(tag: string): boolean {
  try {
    return Intl.getCanonicalLocales(tag).length === 1;
  } catch {
    return false;
  }
}

const Script = z
  .strictObject({
    intents: z
      .array(
        z.strictObject({
          name: required(200),
          phrases: z.array(required(500)).max(200).meta({ description: 'Ways callers put it.' }),
          reply: required(5000),
          end_call: z.boolean().default(false).meta({ description: 'Hangs up when the reply has been heard.' }),
        }),
      )
      .max(500),
    fallback: required(5000).meta({ description: 'Said when the caller was heard but not understood.' }),
  })
  .meta({
    id: 'FlametalkScript',
    description: 'What the agent can say without a language model.',
    example: {
      intents: [{ name: 'hours', phrases: ['When are you open?'], reply: 'From nine to five.', end_call: false }],
      fallback: 'Pardon?',
    },
  });

const FIELDS = {
  name: required(200).meta({ example: 'Sales Agent' }),
  description: orNull(text(5000)).meta({ example: 'Handles inbound sales calls' }),
  instructions: required(100_000).meta({ description: 'The prompt.', example: 'You answer calls about our products. Be brief.' }),
  starting_message: orNull(text(5000)).meta({ description: 'Said first.', example: 'Hello, how can I help you?' }),
  enabled: z.boolean(),
  language: z.string().max(35).refine(isLanguageTag, 'must be a BCP 47 language tag such as en-US').meta({ example: 'en-US' }),
  voice_settings: z
    .looseObject({
      voice: required(200).optional(),
      speed: z.number().min(0.25).max(4).optional(),
      stability: z.number().min(0).max(1).optional(),
      similarity_boost: z.number().min(0).max(1).optional(),
    })
    .meta({ example: { voice: 'alloy', speed: 1 } }),
  script: orNull(Script),
  knowledge: orNull(text(1_000_000)).meta({ description: 'Plain text that questions are answered from.', example: null }),
  timezone: orNull(z.string().max(100).refine(isTimezone, 'is not a time zone such as Europe/Berlin')).meta({
    example: 'Europe/Berlin',
  }),
  call_recording: z.boolean(),
  variables: z.record(required(100), text(5000)).meta({
    description: 'What `{{placeholders}}` in the texts stand for where the call does not say.',
    example: { company: 'Green Valley' },
  }),
  sip_user: z.string().max(64).meta({ description: 'The agent answers at `sip:<sip_user>@` this host.', example: 'sales-agent' }),
};

export const AgentCreate = z
  .strictObject({
    name: FIELDS.name,
    instructions: FIELDS.instructions,
    description: FIELDS.description.optional(),
    starting_message: FIELDS.starting_message.optional(),
    enabled: FIELDS.enabled.default(true),
    language: FIELDS.language.default('en-US'),
    voice_settings: FIELDS.voice_settings.default({}),
    script: FIELDS.script.optional(),
    knowledge: FIELDS.knowledge.optional(),
    timezone: FIELDS.timezone.optional(),
    call_recording: FIELDS.call_recording.default(true),
    variables: FIELDS.variables.default({}),
    sip_user: FIELDS.sip_user.optional(),
  })
  .meta({ id: 'FlametalkAgentCreate' });

export const AgentPatchBody = z
  .strictObject(FIELDS)
  .partial()
  .meta({ id: 'FlametalkAgentPatch', description: 'Only the fields that change; objects are replaced as a whole, null clears.' });

const VersionRef = z
  .object({ id: z.string().meta({ example: 'v-2' }), version_label: z.string().meta({ example: 'v1.2' }) })
  .meta({ id: 'FlametalkVersionRef' });

const SUMMARY = {
  id: z.uuid(),
  name: FIELDS.name,
  description: orNull(z.string()),
  deployed_version: VersionRef.meta({ description: 'What calls go by.' }),
  latest_version_id: z
    .string()
    .meta({ description: 'The draft, where it is another one: name and settings are its.', example: 'v-3' }),
  enabled: z.boolean(),
  language: z.string().meta({ example: 'en-US' }),
  sip_user: orNull(z.string()),
  created_at: Time,
  updated_at: Time,
};
export const AgentSummary = z.object(SUMMARY).meta({ id: 'FlametalkAgentSummary' });
export const AgentResource = z
  .object({
    ...SUMMARY,
    instructions: FIELDS.instructions,
    starting_message: orNull(z.string()),
    voice_settings: z.record(z.string(), z.unknown()).meta({ example: { voice: 'alloy' } }),
    script: FIELDS.script,
    knowledge: orNull(z.string()),
    timezone: orNull(z.string()),
    call_recording: z.boolean(),
    variables: z.record(z.string(), z.string()).meta({ example: { company: 'Green Valley' } }),
  })
  .meta({ id: 'FlametalkAgent' });

export const AgentsQuery = z.object({
  enabled: z
    .enum(['true', 'false'])
    .transform((value) => value === 'true')
    .optional()
    .meta({ description: 'Filter by whether the agent takes calls.', type: 'boolean' }),
  ...PAGE,
});

const VersionId = z
  .string()
  .regex(/^v-[1-9]\d{0,14}$/, 'must be the id of a version such as v-2')
  .meta({ example: 'v-2' });
export const AgentDeploy = z
  .strictObject({
    version_id: VersionId.optional().meta({ description: 'The newest when left out.' }),
    version_label: required(200).optional().meta({ description: "The version's name for people.", example: 'v1.2' }),
  })
  .meta({ id: 'FlametalkAgentDeploy' });
export const AgentRollback = z
  .strictObject({
    version_id: VersionId.optional().meta({ description: 'The version that was deployed before the present one when left out.' }),
  })
  .meta({ id: 'FlametalkAgentRollback' });

export const AgentVersionResource = z
  .object({
    id: z.string().meta({ example: 'v-2' }),
    version_label: z.string().meta({ example: 'v1.2' }),
    name: z.string().meta({ description: "The agent's at that time.", example: 'Sales Agent' }),
    deployed: z.boolean().meta({ description: 'Calls go by it.' }),
    created_at: Time,
    deployed_at: orNull(Time).meta({ description: 'When it was deployed last; null where nobody did.' }),
  })
  .meta({ id: 'FlametalkAgentVersion' });
