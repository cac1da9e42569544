import type { z } from 'zod';
import type { AgentDraft, AgentPatch } from '../../../agents/agent-service.js';
import type { Agent, AgentVersion, Script } from '../../../domain/agent.js';
import type { AgentCreate, AgentPatchBody, AgentResource, AgentSummary, AgentVersionResource } from './agent-schema.js';
import { isoTime, isoTimeOrNull } from './fields.js';

type Body = z.output<typeof AgentPatchBody>;

/** What is changed is a draft until it is deployed; a new agent begins with its first version deployed. */
export const toDraft = (body: z.output<typeof AgentCreate>): AgentDraft => ({
  deployment: 'manual',
  name: body.name,
  systemPrompt: body.instructions,
  description: body.description ?? undefined,
  startingMessage: body.starting_message || undefined,
  enabled: body.enabled,
  language: body.language,
  voiceSettings: body.voice_settings,
  dtmfRules: {},
  script: body.script ? toScript(body.script) : undefined,
  knowledge: body.knowledge || undefined,
  timezone: body.timezone ?? undefined,
  callRecording: body.call_recording,
  contextData: body.variables,
  sipUser: body.sip_user,
  providers: {},
});

/** Fields that were not sent are absent, fields that were cleared are undefined. */
export const toPatch = (body: Body): AgentPatch => ({
  ...(body.name !== undefined && { name: body.name }),
  ...(body.instructions !== undefined && { systemPrompt: body.instructions }),
  ...(body.description !== undefined && { description: body.description ?? undefined }),
  ...(body.starting_message !== undefined && { startingMessage: body.starting_message || undefined }),
  ...(body.enabled !== undefined && { enabled: body.enabled }),
  ...(body.language !== undefined && { language: body.language }),
  ...(body.voice_settings !== undefined && { voiceSettings: body.voice_settings }),
  ...(body.script !== undefined && { script: body.script ? toScript(body.script) : undefined }),
  ...(body.knowledge !== undefined && { knowledge: body.knowledge || undefined }),
  ...(body.timezone !== undefined && { timezone: body.timezone ?? undefined }),
  ...(body.call_recording !== undefined && { callRecording: body.call_recording }),
  ...(body.variables !== undefined && { contextData: body.variables }),
  ...(body.sip_user !== undefined && { sipUser: body.sip_user }),
});

const toScript = (script: NonNullable<Body['script']>): Script => ({
  intents: script.intents.map(({ end_call: endCall, ...intent }) => ({ ...intent, endCall })),
  fallback: script.fallback,
});

export const versionIdOf = (version: number): string => `v-${version}`;
/** Of an id that its schema has let pass. */
export const versionOf = (id: string): number => Number(id.slice(2));

/** `label` is that of the version calls go by. */
export const presentSummary = (agent: Agent, label: string | undefined): z.input<typeof AgentSummary> => {
  const deployed = agent.deployedVersion ?? agent.version;
  return {
    id: agent.id,
    name: agent.name,
    description: agent.description ?? null,
    deployed_version: { id: versionIdOf(deployed), version_label: label ?? `v${deployed}` },
    latest_version_id: versionIdOf(agent.version),
    enabled: agent.enabled,
    language: agent.language,
    sip_user: agent.sipUser ?? null,
    created_at: isoTime(agent.createdAtMs),
    updated_at: isoTime(agent.updatedAtMs),
  };
};

export const presentAgent = (agent: Agent, label: string | undefined): z.input<typeof AgentResource> => ({
  ...presentSummary(agent, label),
  instructions: agent.systemPrompt,
  starting_message: agent.startingMessage ?? null,
  voice_settings: { ...agent.voiceSettings },
  script: agent.script ? presentScript(agent.script) : null,
  knowledge: agent.knowledge ?? null,
  timezone: agent.timezone ?? null,
  call_recording: agent.callRecording ?? true,
  variables: { ...agent.contextData },
});

const presentScript = ({ intents, fallback }: Script) => ({
  intents: intents.map(({ name, phrases, reply, endCall }) => ({ name, phrases: [...phrases], reply, end_call: endCall })),
  fallback,
});

export const presentVersion = (it: AgentVersion): z.input<typeof AgentVersionResource> => ({
  id: versionIdOf(it.version),
  version_label: it.label ?? `v${it.version}`,
  name: it.name,
  deployed: it.live,
  created_at: isoTime(it.createdAtMs),
  deployed_at: isoTimeOrNull(it.deployedAtMs),
});
