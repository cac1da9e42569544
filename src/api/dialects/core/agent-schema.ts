import { z } from 'zod';
import { CALL_DIRECTIONS } from '../../../domain/call.js';
import { EXPECTATION_KINDS } from '../../../domain/expectation.js';
import { isE164 } from '../../../domain/phone-number.js';
import { BEHAVIOUR_FIELDS } from './agent-behaviour-schema.js';
import { DtmfRules } from './dtmf-schema.js';
import { required, text } from './text-schema.js';

function isLanguageTag(tag: string): boolean {
  try {
    return Intl.getCanonicalLocales(tag).length === 1;
  } catch {
    return false;
  }
}

const VoiceSettings = z
  .looseObject({
    stability: z.number().min(0).max(1).optional(),
    similarity_boost: z.number().min(0).max(1).optional(),
    style: z.number().min(0).max(1).optional(),
    use_speaker_boost: z.boolean().optional(),
    speed: z.number().min(0.25).max(4).optional(),
    voice: required(200).optional(),
  })
  .meta({
    description:
      'ElevenLabs voice settings, plus `voice` (the name of a voice of the provider) and `speed`. Other keys are kept and returned.',
    example: { stability: 0.5, similarity_boost: 0.75 },
  });

const DoNotCall = z
  .strictObject({
    phrases: z
      .array(required(200))
      .max(200)
      .optional()
      .meta({
        description:
          'How callers say it; replaces the English phrases that every agent knows, and an empty list means that only a key does it. ' +
          'A phrase counts as a whole, whatever stands around it, unless that turns it into its opposite ("don\'t stop calling me"). ' +
          'One that ends in a full stop only counts at the end of a sentence.',
      }),
    say: required(5000)
      .optional()
      .meta({ description: 'The confirmation, in place of "All right, we will not call you again."' }),
    end_call: z.boolean().optional().meta({ description: 'Whether the call ends after it; true when left out.' }),
  })
  .meta({
    description:
      "What happens when somebody asks not to be called again: the other party's number is put on the do-not-call list, the agent " +
      'confirms it, and the call ends. A caller without a number that we can see is told so.',
    example: { phrases: ['stop calling me', "don't call me again"], say: 'I have taken you off our list.', end_call: true },
  });

const Expect = z
  .strictObject({
    kind: z.enum(EXPECTATION_KINDS),
    count: z.number().int().min(1).max(40).exactOptional().meta({ description: 'How many `digits` there are.' }),
    choices: z.array(required(200)).max(50).exactOptional().meta({ description: 'The answers of a `choice`.' }),
  })
  .meta({
    description: 'What the reply asks the caller for: who dictates a number is waited for longer, who says "yes" less long.',
    example: { kind: 'digits', count: 6 },
  });

const Script = z
  .strictObject({
    intents: z
      .array(
        z.strictObject({
          name: required(200),
          phrases: z
            .array(required(500))
            .max(200)
            .meta({ description: 'Ways callers put it. `{day}`, `{time}`, `{number}` and `{name}` are slots.' }),
          reply: required(5000).meta({ description: '`{{day}}` repeats what was heard for the slot.' }),
          end_call: z.boolean().default(false).meta({ description: 'Hangs up when the reply has been heard.' }),
          expect: Expect.optional(),
          tool: required(64).optional().meta({
            description:
              'Uses an action of the agent first, by the name the model knows it by; `{{result.…}}` in the reply repeats what came of it.',
            example: 'look_up_order',
          }),
          arguments: z
            .record(z.string(), z.unknown())
            .optional()
            .meta({ description: 'What the action is given; `{{number}}` and the other slots in it are filled.' }),
          failure_reply: required(5000)
            .optional()
            .meta({ description: 'Said in place of the reply where the action has failed.' }),
        }),
      )
      .max(500),
    fallback: required(5000).meta({ description: 'Said when the caller was heard but not understood.' }),
  })
  .meta({
    description: 'What the agent can say without a language model (provider `script`).',
    example: {
      intents: [{ name: 'hours', phrases: ['When are you open?'], reply: 'From nine to five.', end_call: false }],
      fallback: 'Pardon?',
    },
  });

const providerName = z.string().regex(/^[a-z0-9_-]{1,40}$/, 'must be the name of a provider');
const Providers = z
  .strictObject({
    stt: providerName.optional(),
    llm: providerName.optional(),
    tts: providerName.optional(),
    realtime: providerName.optional().meta({
      description:
        'Hears, thinks and speaks at once on calls; the others stand in for it, and say what the agent says in fixed words.',
    }),
  })
  .meta({ description: 'Which provider serves a stage; absent means the default of the server.', example: { llm: 'openai' } });

const Line = z
  .strictObject({
    direction: z.enum(CALL_DIRECTIONS).meta({ description: '`inbound`: calls to the number reach the agent.' }),
    number: z.string().refine(isE164, 'must be a number in E.164').optional().meta({
      description: 'Shown to those whom the agent calls, in place of the number of the trunk.',
    }),
  })
  .meta({ description: 'The number that the agent works on.', example: { direction: 'inbound', number: '+442079460018' } });

const WebOrigins = z
  .strictObject({
    enforced: z.boolean().meta({ description: 'false: the `cors_origins` of the organisation count.' }),
    origins: z.array(z.string().max(300)).max(50),
  })
  .meta({
    description: 'Sites whose pages may use the agent where an API is made for that (callfluent).',
    example: { enforced: true, origins: ['https://app.example.com'] },
  });

const FIELDS = {
  name: required(200).meta({ example: 'Front desk' }),
  description: text(5000).nullable().meta({ example: 'Answers the practice in the daytime.' }),
  system_prompt: required(100_000).meta({ example: 'You answer the telephone of a dental practice. Be brief.' }),
  starting_message: text(5000).nullable().meta({
    description: 'Said first when the call is answered.',
    example: 'Hello, Green Valley Dental. How can I help you?',
  }),
  enabled: z.boolean(),
  voice_settings: VoiceSettings,
  dtmf_rules: DtmfRules,
  language: z.string().max(35).refine(isLanguageTag, 'must be a BCP 47 language tag such as en-US').meta({ example: 'en-US' }),
  script: Script.nullable(),
  knowledge: text(1_000_000).nullable().meta({ description: 'Plain text that questions are answered from.' }),
  sip_user: z.string().max(64).meta({
    description: 'The agent answers at `sip:<sip_user>@` this host. Made from the name when left out.',
    example: 'front-desk',
  }),
  providers: Providers,
  do_not_call: DoNotCall.nullable(),
  line: Line.nullable(),
  avatar: text(262_144).nullable().meta({ description: 'A picture for people: its URL, or a data URL.' }),
  web_origins: WebOrigins.nullable(),
  ...BEHAVIOUR_FIELDS,
  deployment: z.enum(['automatic', 'manual']).meta({
    description:
      '`manual`: changes are a draft, and calls go by `deployed_version` until another one is deployed. `automatic`: each is live at once.',
  }),
};

export const AgentCreate = z
  .strictObject({
    name: FIELDS.name,
    system_prompt: FIELDS.system_prompt,
    description: FIELDS.description.optional(),
    starting_message: FIELDS.starting_message.optional(),
    enabled: FIELDS.enabled.default(true),
    voice_settings: FIELDS.voice_settings.default({}),
    dtmf_rules: FIELDS.dtmf_rules.default({}),
    language: FIELDS.language.default('en-US'),
    script: FIELDS.script.optional(),
    knowledge: FIELDS.knowledge.optional(),
    sip_user: FIELDS.sip_user.optional(),
    providers: FIELDS.providers.default({}),
    do_not_call: FIELDS.do_not_call.optional(),
    line: FIELDS.line.optional(),
    avatar: FIELDS.avatar.optional(),
    web_origins: FIELDS.web_origins.optional(),
    ...z.object(BEHAVIOUR_FIELDS).partial().shape,
    deployment: FIELDS.deployment.default('automatic'),
  })
  .meta({ id: 'AgentCreate' });

export const AgentPatchBody = z
  .strictObject(FIELDS)
  .partial()
  .meta({ id: 'AgentPatch', description: 'Only the fields that change; objects are replaced as a whole, null clears.' });

export const AgentResource = z
  .object({
    id: z.uuid(),
    ...FIELDS,
    sip_user: FIELDS.sip_user.nullable(),
    version: z.number().int().meta({ description: 'Grows by one with every change; a call names the version it began with.' }),
    deployed_version: z.number().int().meta({ description: 'What calls go by; the other fields are those of `version`.' }),
    created_at: z.iso.datetime(),
    updated_at: z.iso.datetime(),
  })
  .meta({ id: 'Agent' });
