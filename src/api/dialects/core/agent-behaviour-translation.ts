import type { z } from 'zod';
import { newCustomFieldId } from '../../../core/ids.js';
import type { AgentBehaviour } from '../../../domain/agent-behaviour.js';
import type { BEHAVIOUR_FIELDS } from './agent-behaviour-schema.js';
import type { AgentPatchBody, AgentResource } from './agent-schema.js';

type Body = z.output<typeof AgentPatchBody>;
type Presented = Pick<z.input<typeof AgentResource>, keyof typeof BEHAVIOUR_FIELDS>;

/** Fields that were not sent are absent, fields that were cleared are undefined. */
export function toBehaviour(body: Body): AgentBehaviour {
  const behaviour: AgentBehaviour = {};
  if (body.welcome !== undefined) behaviour.welcome = body.welcome ? camelKeys(body.welcome) : undefined;
  if (body.turn_taking !== undefined) behaviour.turnTaking = body.turn_taking ? camelKeys(body.turn_taking) : undefined;
  if (body.answer !== undefined) behaviour.answer = body.answer ? camelKeys(body.answer) : undefined;
  if (body.persona !== undefined) behaviour.persona = body.persona ? camelKeys(body.persona) : undefined;
  if (body.voicemail !== undefined) behaviour.voicemail = body.voicemail ? camelKeys(body.voicemail) : undefined;
  if (body.sessions !== undefined) behaviour.sessions = body.sessions ? camelKeys(body.sessions) : undefined;
  if (body.limits !== undefined) behaviour.limits = body.limits ? camelKeys(body.limits) : undefined;
  if (body.memory !== undefined) behaviour.memory = body.memory ? camelKeys(body.memory) : undefined;
  if (body.background_sound !== undefined) behaviour.backgroundSound = body.background_sound ?? undefined;
  if (body.noise_suppression !== undefined) behaviour.noiseSuppression = body.noise_suppression ?? undefined;
  if (body.call_recording !== undefined) behaviour.callRecording = body.call_recording ?? undefined;
  if (body.blocked_phone_types !== undefined) behaviour.blockedPhoneTypes = body.blocked_phone_types ?? undefined;
  if (body.timezone !== undefined) behaviour.timezone = body.timezone ?? undefined;
  if (body.custom_fields !== undefined) {
    behaviour.customFields = body.custom_fields?.map((field) => ({ ...field, id: field.id ?? newCustomFieldId() }));
  }
  if (body.extraction_schema !== undefined) behaviour.extractionSchema = body.extraction_schema ?? undefined;
  if (body.context_data !== undefined) behaviour.contextData = body.context_data ?? undefined;
  return behaviour;
}

export const presentBehaviour = (agent: AgentBehaviour): Presented => ({
  welcome: agent.welcome ? snakeKeys(agent.welcome) : null,
  turn_taking: agent.turnTaking ? snakeKeys(agent.turnTaking) : null,
  answer: agent.answer ? snakeKeys(agent.answer) : null,
  persona: agent.persona ? snakeKeys(agent.persona) : null,
  voicemail: agent.voicemail ? snakeKeys(agent.voicemail) : null,
  sessions: agent.sessions ? snakeKeys(agent.sessions) : null,
  limits: agent.limits ? snakeKeys(agent.limits) : null,
  memory: agent.memory ? snakeKeys(agent.memory) : null,
  background_sound: agent.backgroundSound ?? null,
  noise_suppression: agent.noiseSuppression ?? null,
  call_recording: agent.callRecording ?? null,
  blocked_phone_types: agent.blockedPhoneTypes ? [...agent.blockedPhoneTypes] : null,
  timezone: agent.timezone ?? null,
  custom_fields: agent.customFields?.map((field) => ({ ...field })) ?? null,
  extraction_schema: agent.extractionSchema ?? null,
  context_data: agent.contextData ?? null,
});

type Camel<Name extends string> = Name extends `${infer Head}_${infer Tail}` ? `${Head}${Capitalize<Camel<Tail>>}` : Name;
type Snake<Name extends string> = Name extends `${infer Head}${infer Tail}`
  ? `${Head extends Lowercase<Head> ? Head : `_${Lowercase<Head>}`}${Snake<Tail>}`
  : Name;
type CamelKeys<T> = { [Key in keyof T as Camel<Key & string>]: Exclude<T[Key], undefined> };
type SnakeKeys<T> = { [Key in keyof T as Snake<Key & string>]: T[Key] };

/** Of one group: what is in its values stays. */
const camelKeys = <T extends object>(group: T): CamelKeys<T> =>
  renamed(group, (name) => name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())) as CamelKeys<T>;
const snakeKeys = <T extends object>(group: T): SnakeKeys<T> =>
  renamed(group, (name) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)) as SnakeKeys<T>;

const renamed = (group: object, nameOf: (name: string) => string): object =>
  Object.fromEntries(
    Object.entries(group).flatMap(([name, value]: [string, unknown]) => (value === undefined ? [] : [[nameOf(name), value]])),
  );
