import { z } from 'zod';
import { ONWARD_TARGET } from '../../../domain/handoff.js';
import { isE164 } from '../../../domain/phone-number.js';

const words = (most: number) => z.string().trim().min(1, 'must not be empty').max(most);
const time = z.iso.datetime();

const E164 = z
  .string()
  .refine(isE164, 'must be a number in E.164, such as +49301234567')
  .meta({ description: 'A number in E.164.', example: '+49301234567' });

/** What an agent's texts are filled with. */
const Variables = z.record(z.string().max(100), z.union([z.string().max(5000), z.number(), z.boolean()]));

export const CallCreate = z
  .strictObject({
    agentId: z.uuid(),
    to: E164,
    name: words(200).optional().meta({ description: 'What the call is about, for people.', example: 'Reminder' }),
    greeting: words(5000).optional().meta({ description: "Said first in place of the agent's own greeting." }),
    variables: Variables.optional().meta({ description: 'What `{{name}}` stands for in the texts of the agent.' }),
  })
  .meta({ id: 'OverviewCallCreate' });

export const RespondBody = z
  .strictObject({
    text: words(5000).meta({ example: 'A colleague will call you back within the hour.' }),
    interrupt: z.boolean().default(true).meta({ description: 'Says it at once; false lets those who speak finish.' }),
  })
  .meta({ id: 'OverviewRespond' });

export const AUDIO_FORMATS = ['auto', 'raw'] as const;
export const RawQuery = z.strictObject({
  format: z
    .enum(AUDIO_FORMATS)
    .default('auto')
    .meta({ description: 'raw: 16-bit little-endian samples without a header, one channel.' }),
  sampleRate: z.coerce.number().int().min(8000).max(48_000).default(16_000).meta({ description: 'Of raw samples.' }),
});
export const AudioBody = z
  .union([z.strictObject({ url: z.url({ protocol: /^https?$/ }).max(2000) }), z.strictObject({ audio: z.base64().min(1) })])
  .meta({ id: 'OverviewAudio', description: 'Where the audio is to be fetched, or the file itself.' });

export const RouteBody = z
  .strictObject({
    to: words(300).regex(ONWARD_TARGET, 'must be a number in E.164, a SIP URI, or agent: and the id of an agent').meta({
      description: 'A number in E.164, a SIP URI, or `agent:` and the id of another agent.',
      example: 'sip:desk@pbx.example',
    }),
    announce: words(2000)
      .optional()
      .meta({ description: 'Said to whoever answers before the caller is joined with them; what another agent is told.' }),
  })
  .meta({ id: 'OverviewRoute' });

const Voice = z.union([
  words(200),
  z.strictObject({
    name: words(200).optional(),
    stability: z.number().min(0).max(1).optional(),
    similarityBoost: z.number().min(0).max(1).optional(),
    style: z.number().min(0).max(1).optional(),
    speed: z.number().min(0.25).max(4).optional(),
  }),
]);

const AGENT_FIELDS = {
  prompt: words(50_000).meta({ description: 'What the agent is to do.', example: 'You take orders for a bakery.' }),
  voice: Voice.meta({ description: 'The name of a voice, or how it speaks as well.' }),
  greeting: z.string().trim().max(5000).meta({ description: 'Said first; empty for nothing.' }),
  language: z
    .string()
    .max(35)
    .regex(/^[a-zA-Z]{2,3}(-[a-zA-Z0-9]{2,8})*$/, 'must be a BCP 47 tag')
    .meta({ example: 'en-US' }),
  description: z.string().max(2000),
  enabled: z.boolean(),
};

export const AgentCreate = z
  .strictObject({
    name: words(200).meta({ example: 'Front desk' }),
    prompt: AGENT_FIELDS.prompt.default('You are a helpful voice agent on the telephone.'),
    voice: AGENT_FIELDS.voice.optional(),
    greeting: AGENT_FIELDS.greeting.optional(),
    language: AGENT_FIELDS.language.default('en-US'),
    description: AGENT_FIELDS.description.optional(),
    enabled: AGENT_FIELDS.enabled.default(true),
  })
  .meta({ id: 'OverviewAgentCreate' });

export const AgentUpdate = z
  .strictObject({ name: words(200), ...AGENT_FIELDS })
  .partial()
  .meta({ id: 'OverviewAgentUpdate', description: 'What is left out stays as it is.' });

export const PersonaBody = z
  .strictObject({
    prompt: AGENT_FIELDS.prompt,
    voice: AGENT_FIELDS.voice.optional(),
    role: words(200).optional().meta({ example: 'receptionist' }),
    background: words(20_000).optional(),
    goal: words(20_000).optional(),
    tone: words(2000).optional().meta({ example: 'calm and friendly' }),
    greeting: AGENT_FIELDS.greeting.optional(),
    language: AGENT_FIELDS.language.optional(),
  })
  .meta({
    id: 'OverviewPersona',
    description: 'Who the agent is and how it sounds, together. It replaces an earlier one as a whole.',
  });

export const AgentResource = z
  .object({
    id: z.uuid(),
    name: z.string(),
    prompt: z.string(),
    voice: z.record(z.string(), z.unknown()),
    persona: z.object({
      role: z.string().nullable(),
      background: z.string().nullable(),
      goal: z.string().nullable(),
      tone: z.string().nullable(),
    }),
    greeting: z.string().nullable(),
    language: z.string(),
    description: z.string().nullable(),
    enabled: z.boolean(),
    createdAt: time,
    updatedAt: time,
  })
  .meta({ id: 'OverviewAgent' });

const TransferResource = z
  .object({
    to: z.string(),
    status: z.enum(['pending', 'consulting', 'completed', 'failed', 'cancelled']),
    reason: z.string().nullable().meta({ description: 'Why it failed: busy, no_answer, declined, …' }),
    sipCode: z.number().int().nullable(),
  })
  .meta({ id: 'OverviewTransfer' });

export const CallResource = z
  .object({
    id: z.uuid(),
    agentId: z.uuid().nullable(),
    direction: z.enum(['inbound', 'outbound']),
    status: z.enum(['initiated', 'in_progress', 'completed', 'failed']),
    from: z.string(),
    to: z.string(),
    startedAt: time,
    answeredAt: time.nullable(),
    endedAt: time.nullable(),
    durationSeconds: z.number().nullable(),
    endReason: z.string().nullable(),
    passedOn: z
      .array(z.object({ fromAgentId: z.uuid().nullable(), toAgentId: z.uuid().nullable(), afterSeconds: z.number() }))
      .meta({ description: 'From one agent to the next; `agentId` is the one that leads the call now, or led it last.' }),
    transfer: z
      .union([TransferResource, z.null()])
      .meta({ description: 'The newest attempt to route the call to somebody else.' }),
  })
  .meta({ id: 'OverviewCall' });

export const RespondedResource = z
  .object({ callId: z.uuid(), text: z.string(), begins: z.enum(['now', 'waiting']) })
  .meta({ id: 'OverviewResponded' });
export const PlayedResource = z
  .object({ callId: z.uuid(), durationMs: z.number().int(), beginsInMs: z.number().int() })
  .meta({ id: 'OverviewPlayed' });
