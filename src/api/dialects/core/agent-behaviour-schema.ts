import { z } from 'zod';
import { MAX_SCHEMA_CHARACTERS, schemaFault } from '../../../actions/json-schema.js';
import { CUSTOM_FIELD_TYPES, PHONE_TYPES, VOICEMAIL_MODES } from '../../../domain/agent-behaviour.js';
import { isAgentTimezone } from '../../../domain/agent-clock.js';
import { NOISE_SUPPRESSION } from '../../../domain/ports/media.js';
import { required, text } from './text-schema.js';

const ms = (min: number, max: number) => z.number().int().min(min).max(max).optional();

const Welcome = z
  .strictObject({
    enabled: z.boolean().optional().meta({ description: 'false: the agent waits for the caller to speak. True when left out.' }),
    delay_ms: ms(0, 30_000).meta({
      description:
        'Between the answer and the first word. When left out: none; on calls out 1.2 s, in which whoever was called may begin to speak, and is greeted when they are done.',
    }),
  })
  .meta({ description: 'How the call begins; the words are `starting_message`.', example: { enabled: true, delay_ms: 500 } });

const TurnTaking = z
  .strictObject({
    interrupt_after_words: z.number().int().min(0).max(10).optional().meta({
      description:
        'How many words of the caller stop the agent. 0: speech never does; what was said meanwhile is answered after.',
    }),
    end_of_utterance_ms: ms(500, 10_000).meta({
      description: 'How long a caller is silent before the agent answers; shorter or longer where the words say so.',
    }),
    idle_message: required(5000).optional().meta({ description: 'Said into a long silence, in place of "Are you still there?"' }),
    idle_message_after_ms: ms(1000, 600_000),
    idle_end_after_ms: ms(1000, 3_600_000).meta({ description: 'A silence of this length ends the call.' }),
    transcribe_fillers: z.boolean().optional().meta({
      description: 'Whether "uhm" and the like stand in the transcript and reach the model.',
    }),
    uninterruptible_welcome: z.boolean().optional().meta({
      description: 'The greeting is spoken to its end; what the caller says over it is heard and answered.',
    }),
  })
  .refine((it) => (it.idle_message_after_ms ?? 0) < (it.idle_end_after_ms ?? Infinity), {
    path: ['idle_end_after_ms'],
    error: 'must be longer than idle_message_after_ms',
  })
  .meta({
    description: 'When the agent speaks, waits and gives way.',
    example: { interrupt_after_words: 2, end_of_utterance_ms: 800, idle_message: 'Hello?', idle_message_after_ms: 10_000 },
  });

const Answer = z
  .strictObject({
    max_words: z.number().int().min(1).max(1000).optional().meta({ description: 'About as many words an answer.' }),
    creativity: z.number().min(0).max(10).optional().meta({
      description: '0 (always the likeliest words) to 10; the temperature of the model, in tenths.',
    }),
    context_max_tokens: z
      .number()
      .int()
      .min(100)
      .max(1_000_000)
      .optional()
      .meta({
        description:
          'What one request may hold of prompt and conversation, by an estimate of its length. The oldest of the conversation is left ' +
          'out first; the prompt and what the caller said last never are.',
      }),
    model: required(200).optional().meta({ description: "The provider's name of a model, in place of the configured one." }),
  })
  .meta({ description: 'How a language model answers.', example: { max_words: 25, creativity: 3 } });

const Persona = z
  .strictObject({
    type: required(200).optional().meta({ description: "The agent's trade: sales, support, reception, …" }),
    background: required(20_000).optional(),
    goal: required(20_000).optional(),
    tone: required(2000).optional(),
    instructions: required(50_000).optional(),
    script_enabled: z.boolean().optional().meta({ description: 'Whether `script` is followed; true when left out.' }),
    script: required(50_000)
      .optional()
      .meta({ description: 'The course of the conversation in words, for a language model. Replies word by word are `script`.' }),
  })
  .meta({
    description: 'Who the agent is, told to the language model after `system_prompt`.',
    example: { type: 'sales', goal: 'Arrange a visit.', tone: 'Friendly and brief.' },
  });

const Voicemail = z
  .strictObject({
    enabled: z.boolean().optional().meta({ description: 'Whether calls out look for an answering machine.' }),
    mode: z
      .enum(VOICEMAIL_MODES)
      .optional()
      .meta({ description: '`message` leaves `text` after the beep, `hangup` ends the call.' }),
    text: required(5000).optional(),
    detection_timeout_ms: ms(1000, 60_000).meta({ description: 'Who has not been told for a machine by then is a human.' }),
  })
  .refine((it) => it.mode !== 'message' || it.text !== undefined, { path: ['text'], error: 'is what mode message leaves' })
  .meta({ description: 'What a call out does where a machine answers.', example: { enabled: true, mode: 'hangup' } });

const Sessions = z
  .strictObject({
    timeout_ms: ms(10_000, 31_536_000_000).meta({
      description: 'How long a text conversation may last; three days when left out.',
    }),
    idle_timeout_ms: ms(1_000, 31_536_000_000).meta({
      description: 'How long the contact may take to answer; as long as the conversation lasts when left out.',
    }),
    daily_limit: z.number().int().min(0).max(1_000_000).optional().meta({
      description: "How many may begin on one day of the agent's time zone; as many as want when left out.",
    }),
    answer_texts: z.boolean().optional().meta({
      description: 'Whether texts that are for the agent (SIP MESSAGE, SMS) are answered; true when left out.',
    }),
  })
  .meta({ description: 'Text conversations with the agent.', example: { timeout_ms: 86_400_000, daily_limit: 500 } });

const MemoryField = z
  .strictObject({
    enabled: z.boolean().optional().meta({ description: 'False when left out.' }),
    max_facts: z
      .number()
      .int()
      .min(0)
      .max(100)
      .optional()
      .meta({ description: 'How many of the newest facts are told; 20 when left out.' }),
  })
  .meta({
    description:
      'What is kept of conversations (summary and facts of their reports) and told to the language model in later ones with the same contact.',
    example: { enabled: true },
  });

const variableName = z.string().regex(/^[A-Za-z_][A-Za-z0-9_.-]{0,63}$/, 'must begin with a letter and hold no blanks');

const CustomFields = z
  .array(
    z.strictObject({
      id: required(64).optional().meta({ description: 'Made when left out.' }),
      name: variableName.meta({ description: 'Stands in texts as `{{name}}`.', example: 'order_number' }),
      label: required(500).meta({
        description: 'For people, and for the model that is to ask for it.',
        example: 'The order number',
      }),
      type: z.enum(CUSTOM_FIELD_TYPES).default('text'),
    }),
  )
  .max(100)
  .refine((fields) => new Set(fields.map(({ name }) => name)).size === fields.length, 'must have different names')
  .refine((fields) => {
    const ids = fields.flatMap(({ id }) => (id === undefined ? [] : [id]));
    return new Set(ids).size === ids.length;
  }, 'must have different ids')
  .meta({ description: 'What is to be known of callers: filled from `context_data` or asked for in the call.' });

const ContextData = z
  .record(variableName, text(5000))
  .refine((data) => Object.keys(data).length <= 100, 'must have at most 100 names')
  .meta({
    description: "What `{{name}}` stands for in the agent's texts where the call or task does not say.",
    example: { company: 'Green Valley Dental' },
  });

const ExtractionSchema = z
  .record(z.string(), z.unknown())
  .superRefine((schema, context) => {
    const fault = faultOfSchema(schema);
    if (fault !== undefined) context.addIssue({ code: 'custom', message: fault });
  })
  .meta({
    description:
      'A JSON Schema of `type` object: what is read out of each call when it is over, by the language model or else by rules, and stands in ' +
      '`extraction` of its report. `pattern` and `patternProperties` are not looked at.',
    example: { type: 'object', properties: { email: { type: 'string', format: 'email' } }, required: ['email'] },
  });

function faultOfSchema(schema: object): string | undefined {
  if (JSON.stringify(schema).length > MAX_SCHEMA_CHARACTERS) return `must not have more than ${MAX_SCHEMA_CHARACTERS} characters`;
  if (!('type' in schema) || schema.type !== 'object') return 'must be of type object';
  const fault = schemaFault(schema);
  return fault === undefined ? undefined : `is no JSON Schema: ${fault}`;
}

const Limits = z
  .strictObject({
    max_cost: z.number().positive().max(1_000_000).optional().meta({
      description:
        'In the currency of `speech.prices`: a call whose providers have cost so much is ended, with a sentence. Left out: as the server says.',
    }),
  })
  .meta({ description: 'What a call may come to.', example: { max_cost: 0.5 } });

/** Null, and in a new agent what is left out, leaves the agent as every agent is. */
export const BEHAVIOUR_FIELDS = {
  welcome: Welcome.nullable(),
  turn_taking: TurnTaking.nullable(),
  answer: Answer.nullable(),
  persona: Persona.nullable(),
  voicemail: Voicemail.nullable(),
  sessions: Sessions.nullable(),
  limits: Limits.nullable(),
  memory: MemoryField.nullable(),
  background_sound: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/, 'must be the name of a sound')
    .nullable()
    .meta({ description: 'A configured sound that plays under the conversation; any other is refused.' }),
  noise_suppression: z
    .enum(NOISE_SUPPRESSION)
    .nullable()
    .meta({ description: 'Takes steady noise out of what the agent hears. Null: as the trunk of the call says, else off.' }),
  call_recording: z.boolean().nullable().meta({ description: 'Whether calls are recorded; null: they are.' }),
  blocked_phone_types: z
    .array(z.enum(PHONE_TYPES))
    .max(PHONE_TYPES.length)
    .nullable()
    .meta({
      description:
        'Kinds of numbers the agent does not talk to: a call from one is declined, a task to one fails. In some countries, the USA ' +
        'among them, a number does not tell whether it is mobile: its kind is `fixed_line_or_mobile`.',
      example: ['premium_rate', 'toll_free'],
    }),
  timezone: z.string().max(100).refine(isAgentTimezone, 'is not a time zone such as Europe/Berlin or UTC+01:00').nullable().meta({
    description: 'Of the clock the agent goes by, and that a language model is told. Null: it is told no time.',
    example: 'Europe/Berlin',
  }),
  extraction_schema: ExtractionSchema.nullable(),
  custom_fields: CustomFields.nullable(),
  context_data: ContextData.nullable(),
};
