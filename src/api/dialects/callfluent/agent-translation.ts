import type { z } from 'zod';
import type { AgentDraft, AgentPatch } from '../../../agents/agent-service.js';
import { AppError } from '../../../core/errors.js';
import type { Agent, WebOrigins } from '../../../domain/agent.js';
import { type CustomField, PHONE_TYPES, type VoicemailSettings } from '../../../domain/agent-behaviour.js';
import { writtenNumber } from '../../../domain/phone-number.js';
import {
  type AgentPayload,
  type AgentResource,
  type CorsResource,
  type CustomFieldResource,
  phoneTypesOf,
} from './agent-schema.js';

/** What is left out of a new agent. The document asks for both, and leaves them out of its own example. */
const DEFAULTS = { timezone: 'UTC+00:00', lang: 'en' };
/** The rest of what the language model is told is the agent's persona. */
const SYSTEM_PROMPT = 'You are a voice agent on the telephone.';

/** @throws AppError `invalid_request` where fields contradict each other. */
export function toDraft(payload: AgentPayload): AgentDraft {
  const { name } = payload;
  const language = payload.lang ?? DEFAULTS.lang;
  const bare = { name, language, voiceSettings: {}, dtmfRules: {}, providers: {}, systemPrompt: SYSTEM_PROMPT };
  const empty = { startingMessage: undefined, script: undefined, knowledge: undefined };
  const unset = { description: undefined, enabled: true, sipUser: undefined };
  const sent = { ...payload, timezone: payload.timezone ?? DEFAULTS.timezone };
  return { ...bare, ...empty, ...unset, ...toPatch(sent, undefined) };
}

/** Fields that were left out stay as `present` has them. @throws AppError `invalid_request` where fields contradict each other. */
export function toPatch(payload: AgentPayload, present: Agent | undefined): AgentPatch {
  const patch: AgentPatch = {
    ...groups(payload, present),
    name: payload.name,
    voiceSettings: { ...present?.voiceSettings, voice: payload.voice },
  };
  const { lang, timezone, avatar, welcome_msg: welcome, call_recording: recording, background_sound: sound } = payload;
  const { blocked_phone_types: blocked } = payload;
  if (lang !== undefined) patch.language = lang ?? DEFAULTS.lang;
  if (timezone !== undefined) patch.timezone = timezone ?? DEFAULTS.timezone;
  if (avatar !== undefined) patch.avatar = avatar || undefined;
  if (welcome !== undefined) patch.startingMessage = welcome || undefined;
  if (recording !== undefined) patch.callRecording = recording ?? undefined;
  if (sound !== undefined) patch.backgroundSound = sound?.replace(/\.wav$/i, '') || undefined;
  if (blocked !== undefined) patch.blockedPhoneTypes = toPhoneTypes(blocked);
  patch.line = {
    direction: payload.format,
    number: payload.phone_number === undefined ? present?.line?.number : writtenNumber(payload.phone_number ?? ''),
  };
  check(patch);
  return patch;
}

const groups = (payload: AgentPayload, present: Agent | undefined) => ({
  welcome: merged(present?.welcome, { enabled: payload.welcome_msg_flag, delayMs: inMs(payload.welcome_msg_delay) }),
  turnTaking: merged(present?.turnTaking, {
    interruptAfterWords: payload.speech_stop_sensitivity,
    endOfUtteranceMs: payload.utterance_detection,
    idleMessageAfterMs: inMs(payload.silence_message_delay),
    idleEndAfterMs: inMs(payload.silence_end_call),
    transcribeFillers: payload.transcribe_filler_words,
  }),
  answer: merged(present?.answer, {
    maxWords: payload.answer_length,
    creativity: payload.answer_creativity,
    contextMaxTokens: payload.context_max_tokens,
    model: payload.openai_model,
  }),
  persona: merged(present?.persona, {
    type: payload.agent_type,
    background: payload.background,
    goal: payload.goal,
    tone: payload.tone,
    instructions: payload.instructions,
    scriptEnabled: payload.script_option,
    script: payload.script,
  }),
  voicemail: merged<VoicemailSettings>(present?.voicemail, {
    enabled: payload.enable_voice_mail,
    mode: payload.voice_mail_mode && MODES[payload.voice_mail_mode],
    text: payload.voice_mail_text,
    detectionTimeoutMs: inMs(payload.machine_detection_timeout),
  }),
});

const MODES = { 1: 'message', 2: 'hangup' } as const;

/** What an empty text leaves is what every agent has, as with null. */
type Changes<T> = { [Key in keyof T]?: T[Key] | null | undefined };

function merged<T extends object>(present: T | undefined, changes: Changes<T>): T | undefined {
  const sent = Object.entries(changes).filter(([, value]) => value !== undefined);
  const kept = Object.entries({ ...present, ...Object.fromEntries(sent) }).filter(([, value]) => value !== null && value !== '');
  return kept.length === 0 ? undefined : (Object.fromEntries(kept) as T);
}

/** Rules that span fields. */
function check({ turnTaking, voicemail }: AgentPatch): void {
  const fault = (field: string, message: string): AppError =>
    new AppError('invalid_request', `${field} ${message}`, { faults: [{ field, message }] });
  if ((turnTaking?.idleMessageAfterMs ?? 0) >= (turnTaking?.idleEndAfterMs ?? Number.POSITIVE_INFINITY)) {
    throw fault('silence_end_call', 'must be longer than silence_message_delay');
  }
  if (voicemail?.enabled !== false && voicemail?.mode === 'message' && voicemail.text === undefined) {
    throw fault('voice_mail_text', 'is what voice_mail_mode 1 leaves');
  }
}

/** Of an agent that is known by these numbers. */
export const presentAgent = (agent: Agent, ids: { id: number; workspaceId: number }): z.input<typeof AgentResource> => ({
  ...ids,
  uuid: agent.id,
  name: agent.name,
  format: agent.line?.direction ?? 'inbound',
  phone_number: agent.line?.number ?? null,
  enabled: agent.enabled,
  avatar: agent.avatar ?? null,
  lang: agent.language,
  timezone: agent.timezone ?? DEFAULTS.timezone,
  voice: typeof agent.voiceSettings['voice'] === 'string' ? agent.voiceSettings['voice'] : null,
  ...presentBehaviour(agent),
  custom_fields: presentCustomFields(agent.customFields),
  ...presentCors(agent.webOrigins),
  created_at: new Date(agent.createdAtMs).toISOString(),
  updated_at: new Date(agent.updatedAtMs).toISOString(),
});

const presentBehaviour = ({ welcome, turnTaking, answer, persona, voicemail, ...agent }: Agent) => ({
  welcome_msg_flag: welcome?.enabled ?? true,
  welcome_msg: agent.startingMessage ?? '',
  welcome_msg_delay: inSeconds(welcome?.delayMs) ?? 0,
  call_recording: agent.callRecording ?? true,
  blocked_phone_types: (agent.blockedPhoneTypes ?? []).map((type) => PHONE_TYPES.indexOf(type)).join(','),
  enable_voice_mail: voicemail?.enabled ?? false,
  voice_mail_mode: voicemail?.mode ? (voicemail.mode === 'message' ? (1 as const) : (2 as const)) : null,
  voice_mail_text: voicemail?.text ?? '',
  machine_detection_timeout: inSeconds(voicemail?.detectionTimeoutMs),
  openai_model: answer?.model ?? null,
  answer_creativity: answer?.creativity ?? null,
  context_max_tokens: answer?.contextMaxTokens ?? null,
  answer_length: answer?.maxWords ?? null,
  speech_stop_sensitivity: turnTaking?.interruptAfterWords ?? null,
  silence_message_delay: inSeconds(turnTaking?.idleMessageAfterMs),
  silence_end_call: inSeconds(turnTaking?.idleEndAfterMs),
  utterance_detection: turnTaking?.endOfUtteranceMs ?? null,
  transcribe_filler_words: turnTaking?.transcribeFillers ?? null,
  agent_type: persona?.type ?? null,
  background: persona?.background ?? null,
  goal: persona?.goal ?? null,
  tone: persona?.tone ?? '',
  instructions: persona?.instructions ?? '',
  script_option: persona?.scriptEnabled ?? true,
  script: persona?.script ?? '',
  background_sound: agent.backgroundSound === undefined ? null : `${agent.backgroundSound}.wav`,
});

export const presentCustomFields = (fields: readonly CustomField[] = []): z.input<typeof CustomFieldResource>[] =>
  fields.map(({ id, name, label }) => ({ id, name, label }));

export const presentCors = (
  { enforced, origins }: WebOrigins = { enforced: false, origins: [] },
): z.input<typeof CorsResource> => ({
  has_webhook_cors_origin: enforced,
  webhook_cors_origin: [...origins],
});

const toPhoneTypes = (blocked: string | null) => {
  const types = [...new Set(phoneTypesOf(blocked ?? ''))].flatMap((number) => PHONE_TYPES[number] ?? []);
  return types.length === 0 ? undefined : types;
};

const inMs = (seconds: number | null | undefined): number | null | undefined =>
  typeof seconds === 'number' ? Math.round(seconds * 1000) : seconds;
const inSeconds = (ms: number | undefined): number | null => (ms === undefined ? null : ms / 1000);
