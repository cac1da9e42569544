import { z } from 'zod';
import { remembering } from '../core/remembering.js';
import type { AgentSettings, DtmfMenu, DtmfRule } from '../domain/agent.js';
import { CUSTOM_FIELD_TYPES, PHONE_TYPES, VOICEMAIL_MODES } from '../domain/agent-behaviour.js';
import { EXPECTATION_KINDS } from '../domain/expectation.js';
import { NOISE_SUPPRESSION } from '../domain/ports/media.js';

const ExpectationJson = z.object({
  kind: z.enum(EXPECTATION_KINDS),
  count: z.number().exactOptional(),
  choices: z.array(z.string()).exactOptional(),
});

const DtmfRuleJson: z.ZodType<DtmfRule> = z.object({
  say: z.string().exactOptional(),
  intent: z.string().exactOptional(),
  endCall: z.boolean().exactOptional(),
  action: z.literal('do_not_call').exactOptional(),
  tool: z.string().exactOptional(),
  goto: z.string().exactOptional(),
  menu: z.lazy(() => DtmfMenuJson).exactOptional(),
});

const DtmfMenuJson: z.ZodType<DtmfMenu> = z.object({
  name: z.string().exactOptional(),
  prompt: z.string(),
  options: z.record(z.string(), DtmfRuleJson),
  timeoutMs: z.number().exactOptional(),
  retries: z.number().exactOptional(),
  invalidSay: z.string().exactOptional(),
});

/** Every setting, so that none is forgotten in what is written. */
const FIELDS = {
  name: z.string(),
  systemPrompt: z.string(),
  startingMessage: z.string().optional(),
  language: z.string(),
  voiceSettings: z.record(z.string(), z.unknown()),
  dtmfRules: z.record(z.string(), DtmfRuleJson),
  script: z
    .object({
      intents: z.array(
        z.object({
          name: z.string(),
          phrases: z.array(z.string()),
          reply: z.string(),
          endCall: z.boolean(),
          expect: ExpectationJson.exactOptional(),
          tool: z.string().exactOptional(),
          arguments: z.record(z.string(), z.unknown()).exactOptional(),
          failureReply: z.string().exactOptional(),
        }),
      ),
      fallback: z.string(),
    })
    .optional(),
  knowledge: z.string().optional(),
  providers: z.object({
    stt: z.string().exactOptional(),
    llm: z.string().exactOptional(),
    tts: z.string().exactOptional(),
    realtime: z.string().exactOptional(),
  }),
  doNotCall: z
    .object({
      phrases: z.array(z.string()).exactOptional(),
      say: z.string().exactOptional(),
      endCall: z.boolean().exactOptional(),
    })
    .optional(),
  welcome: z.object({ enabled: z.boolean().exactOptional(), delayMs: z.number().exactOptional() }).optional(),
  turnTaking: z
    .object({
      interruptAfterWords: z.number().exactOptional(),
      endOfUtteranceMs: z.number().exactOptional(),
      idleMessage: z.string().exactOptional(),
      idleMessageAfterMs: z.number().exactOptional(),
      idleEndAfterMs: z.number().exactOptional(),
      transcribeFillers: z.boolean().exactOptional(),
      uninterruptibleWelcome: z.boolean().exactOptional(),
    })
    .optional(),
  answer: z
    .object({
      maxWords: z.number().exactOptional(),
      creativity: z.number().exactOptional(),
      contextMaxTokens: z.number().exactOptional(),
      model: z.string().exactOptional(),
    })
    .optional(),
  persona: z
    .object({
      type: z.string().exactOptional(),
      background: z.string().exactOptional(),
      goal: z.string().exactOptional(),
      tone: z.string().exactOptional(),
      instructions: z.string().exactOptional(),
      scriptEnabled: z.boolean().exactOptional(),
      script: z.string().exactOptional(),
    })
    .optional(),
  voicemail: z
    .object({
      enabled: z.boolean().exactOptional(),
      mode: z.enum(VOICEMAIL_MODES).exactOptional(),
      text: z.string().exactOptional(),
      detectionTimeoutMs: z.number().exactOptional(),
    })
    .optional(),
  sessions: z
    .object({
      timeoutMs: z.number().exactOptional(),
      idleTimeoutMs: z.number().exactOptional(),
      dailyLimit: z.number().exactOptional(),
      answerTexts: z.boolean().exactOptional(),
    })
    .optional(),
  limits: z.object({ maxCost: z.number().exactOptional() }).optional(),
  memory: z.object({ enabled: z.boolean().exactOptional(), maxFacts: z.number().exactOptional() }).optional(),
  backgroundSound: z.string().optional(),
  noiseSuppression: z.enum(NOISE_SUPPRESSION).optional(),
  callRecording: z.boolean().optional(),
  blockedPhoneTypes: z.array(z.enum(PHONE_TYPES)).optional(),
  timezone: z.string().optional(),
  customFields: z
    .array(z.object({ id: z.string(), name: z.string(), label: z.string(), type: z.enum(CUSTOM_FIELD_TYPES) }))
    .optional(),
  extractionSchema: z.record(z.string(), z.unknown()).optional(),
  contextData: z.record(z.string(), z.string()).optional(),
} satisfies Record<keyof AgentSettings, z.ZodType>;

const SettingsJson = z.object(FIELDS);

/** Checking all of them takes longer than finding the agent. */
const MOST_REMEMBERED = 8_000_000;

export const parseSettings = remembering((json: string): AgentSettings => {
  const { startingMessage, script, knowledge, ...rest } = SettingsJson.parse(JSON.parse(json));
  return { ...rest, startingMessage, script, knowledge };
}, MOST_REMEMBERED);

/** Only the settings, whatever else `agent` has. */
export const settingsJson = (agent: AgentSettings): string =>
  JSON.stringify(Object.fromEntries(Object.entries(agent).filter(([key]) => Object.hasOwn(FIELDS, key))));
