import type { z } from 'zod';
import type { AgentDraft, AgentPatch } from '../../../agents/agent-service.js';
import type { AgentId } from '../../../core/ids.js';
import type { Agent } from '../../../domain/agent.js';
import type { Call } from '../../../domain/call.js';
import { TASK_EVENTS } from '../../../domain/task.js';
import type { Transfer } from '../../../domain/transfer.js';
import type { TaskDraft } from '../../../tasks/task-service.js';
import type { AgentCreate, AgentResource, AgentUpdate, CallCreate, CallResource, PersonaBody } from './schema.js';

type Voice = NonNullable<z.output<typeof AgentUpdate>['voice']>;

export const toTaskDraft = (body: z.output<typeof CallCreate>): TaskDraft => ({
  agentId: body.agentId.toLowerCase() as AgentId,
  name: body.name ?? `Call to ${body.to}`,
  description: undefined,
  toNumber: body.to,
  startingMessage: body.greeting,
  contextData: body.variables ?? {},
  priority: 0,
  scheduledAtMs: undefined,
  callWindow: undefined,
  retry: undefined,
  webhookUrl: undefined,
  webhookEvents: TASK_EVENTS,
});

export const toAgentDraft = (body: z.output<typeof AgentCreate>): AgentDraft => ({
  name: body.name,
  systemPrompt: body.prompt,
  voiceSettings: body.voice === undefined ? {} : toVoiceSettings(body.voice),
  startingMessage: body.greeting || undefined,
  language: body.language,
  description: body.description || undefined,
  enabled: body.enabled,
  dtmfRules: {},
  script: undefined,
  knowledge: undefined,
  sipUser: undefined,
  providers: {},
});

export function toAgentPatch(body: z.output<typeof AgentUpdate>): AgentPatch {
  const patch: AgentPatch = {};
  if (body.name !== undefined) patch.name = body.name;
  if (body.prompt !== undefined) patch.systemPrompt = body.prompt;
  if (body.voice !== undefined) patch.voiceSettings = toVoiceSettings(body.voice);
  if (body.greeting !== undefined) patch.startingMessage = body.greeting || undefined;
  if (body.language !== undefined) patch.language = body.language;
  if (body.description !== undefined) patch.description = body.description || undefined;
  if (body.enabled !== undefined) patch.enabled = body.enabled;
  return patch;
}

/** Prompt, voice and who the agent is change at once, so that no call is answered by half of each. */
export function toPersonaPatch({ role, background, goal, tone, ...rest }: z.output<typeof PersonaBody>): AgentPatch {
  const persona = {
    ...(role && { type: role }),
    ...(background && { background }),
    ...(goal && { goal }),
    ...(tone && { tone }),
  };
  return { ...toAgentPatch(rest), persona };
}

const toVoiceSettings = (voice: Voice): Readonly<Record<string, unknown>> => {
  if (typeof voice === 'string') return { voice };
  const { name, similarityBoost, ...rest } = voice;
  return {
    ...rest,
    ...(name !== undefined && { voice: name }),
    ...(similarityBoost !== undefined && { similarity_boost: similarityBoost }),
  };
};

const isoTime = (ms: number): string => new Date(ms).toISOString();
const orNull = (ms: number | undefined): string | null => (ms === undefined ? null : isoTime(ms));

export const presentAgent = (agent: Agent): z.input<typeof AgentResource> => ({
  id: agent.id,
  name: agent.name,
  prompt: agent.systemPrompt,
  voice: presentVoice(agent.voiceSettings),
  persona: {
    role: agent.persona?.type ?? null,
    background: agent.persona?.background ?? null,
    goal: agent.persona?.goal ?? null,
    tone: agent.persona?.tone ?? null,
  },
  greeting: agent.startingMessage ?? null,
  language: agent.language,
  description: agent.description ?? null,
  enabled: agent.enabled,
  createdAt: isoTime(agent.createdAtMs),
  updatedAt: isoTime(agent.updatedAtMs),
});

const presentVoice = ({ voice, similarity_boost: similarityBoost, ...rest }: Readonly<Record<string, unknown>>) => ({
  ...rest,
  ...(voice !== undefined && { name: voice }),
  ...(similarityBoost !== undefined && { similarityBoost }),
});

export const presentCall = (call: Call): z.input<typeof CallResource> => ({
  id: call.id,
  agentId: call.agentId ?? null,
  direction: call.direction,
  status: call.status,
  from: call.fromUri,
  to: call.toUri,
  startedAt: isoTime(call.startedAtMs),
  answeredAt: orNull(call.answeredAtMs),
  endedAt: orNull(call.endedAtMs),
  durationSeconds:
    call.answeredAtMs === undefined || call.endedAtMs === undefined ? null : (call.endedAtMs - call.answeredAtMs) / 1000,
  endReason: call.termination?.reason ?? null,
  passedOn: (call.handoffs ?? []).map(({ from, to, afterMs }) => ({
    fromAgentId: from.agentId ?? null,
    toAgentId: to.agentId ?? null,
    afterSeconds: afterMs / 1000,
  })),
  transfer: call.transfer ? presentTransfer(call.transfer) : null,
});

export const presentTransfer = ({ target, status, reason, sipCode }: Transfer) => ({
  to: target,
  status,
  reason: reason ?? null,
  sipCode: sipCode ?? null,
});
