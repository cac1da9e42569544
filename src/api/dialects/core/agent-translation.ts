import type { z } from 'zod';
import type { AgentDraft, AgentPatch } from '../../../agents/agent-service.js';
import type { Agent, OptOutSettings, ProviderChoice, Script } from '../../../domain/agent.js';
import type { Expectation } from '../../../domain/expectation.js';
import { origins } from '../../../identity/identity-input.js';
import { presentBehaviour, toBehaviour } from './agent-behaviour-translation.js';
import type { AgentCreate, AgentPatchBody, AgentResource } from './agent-schema.js';
import { presentRules, toRules } from './dtmf-translation.js';

type Body = z.output<typeof AgentPatchBody>;

/** What does not belong to a version. */
const toFacts = ({ line, avatar, web_origins: webOrigins }: Body): Pick<AgentPatch, 'line' | 'avatar' | 'webOrigins'> => ({
  ...(line !== undefined && { line: line ? { direction: line.direction, number: line.number } : undefined }),
  ...(avatar !== undefined && { avatar: avatar || undefined }),
  ...(webOrigins !== undefined && {
    webOrigins: webOrigins
      ? { enforced: webOrigins.enforced, origins: origins(webOrigins.origins, 'web_origins.origins') }
      : undefined,
  }),
});

export const toDraft = (body: z.output<typeof AgentCreate>): AgentDraft => ({
  ...toBehaviour(body),
  ...toFacts(body),
  deployment: body.deployment,
  name: body.name,
  systemPrompt: body.system_prompt,
  description: body.description ?? undefined,
  startingMessage: body.starting_message || undefined,
  enabled: body.enabled,
  voiceSettings: body.voice_settings,
  dtmfRules: toRules(body.dtmf_rules),
  language: body.language,
  script: body.script ? toScript(body.script) : undefined,
  knowledge: body.knowledge || undefined,
  sipUser: body.sip_user,
  providers: toProviders(body.providers),
  doNotCall: body.do_not_call ? toOptOut(body.do_not_call) : undefined,
});

/** Fields that were not sent are absent, fields that were cleared are undefined. */
export function toPatch(body: Body): AgentPatch {
  const patch: AgentPatch = { ...toBehaviour(body), ...toFacts(body) };
  if (body.deployment !== undefined) patch.deployment = body.deployment;
  if (body.name !== undefined) patch.name = body.name;
  if (body.system_prompt !== undefined) patch.systemPrompt = body.system_prompt;
  if (body.description !== undefined) patch.description = body.description ?? undefined;
  if (body.starting_message !== undefined) patch.startingMessage = body.starting_message || undefined;
  if (body.enabled !== undefined) patch.enabled = body.enabled;
  if (body.voice_settings !== undefined) patch.voiceSettings = body.voice_settings;
  if (body.dtmf_rules !== undefined) patch.dtmfRules = toRules(body.dtmf_rules);
  if (body.language !== undefined) patch.language = body.language;
  if (body.script !== undefined) patch.script = body.script ? toScript(body.script) : undefined;
  if (body.knowledge !== undefined) patch.knowledge = body.knowledge || undefined;
  if (body.sip_user !== undefined) patch.sipUser = body.sip_user;
  if (body.providers !== undefined) patch.providers = toProviders(body.providers);
  if (body.do_not_call !== undefined) patch.doNotCall = body.do_not_call ? toOptOut(body.do_not_call) : undefined;
  return patch;
}

export const presentAgent = (agent: Agent): z.input<typeof AgentResource> => ({
  id: agent.id,
  name: agent.name,
  description: agent.description ?? null,
  system_prompt: agent.systemPrompt,
  starting_message: agent.startingMessage ?? null,
  enabled: agent.enabled,
  voice_settings: agent.voiceSettings,
  dtmf_rules: presentRules(agent.dtmfRules),
  language: agent.language,
  script: agent.script ? presentScript(agent.script) : null,
  knowledge: agent.knowledge ?? null,
  sip_user: agent.sipUser ?? null,
  line: agent.line ? { ...agent.line } : null,
  avatar: agent.avatar ?? null,
  web_origins: agent.webOrigins ? { ...agent.webOrigins, origins: [...agent.webOrigins.origins] } : null,
  providers: agent.providers,
  do_not_call: agent.doNotCall ? presentOptOut(agent.doNotCall) : null,
  ...presentBehaviour(agent),
  version: agent.version,
  deployment: agent.deployedVersion === undefined ? 'automatic' : 'manual',
  deployed_version: agent.deployedVersion ?? agent.version,
  created_at: new Date(agent.createdAtMs).toISOString(),
  updated_at: new Date(agent.updatedAtMs).toISOString(),
});

const toOptOut = ({ phrases, say, end_call: endCall }: NonNullable<Body['do_not_call']>): OptOutSettings => ({
  ...(phrases === undefined ? {} : { phrases }),
  ...(say === undefined ? {} : { say }),
  ...(endCall === undefined ? {} : { endCall }),
});

const presentOptOut = ({ phrases, say, endCall }: OptOutSettings) => ({
  ...(phrases === undefined ? {} : { phrases: [...phrases] }),
  ...(say === undefined ? {} : { say }),
  ...(endCall === undefined ? {} : { end_call: endCall }),
});

const toScript = (script: NonNullable<Body['script']>): Script => ({
  intents: script.intents.map(({ end_call: endCall, expect, tool, arguments: args, failure_reply: failureReply, ...intent }) => ({
    ...intent,
    endCall,
    ...(expect && { expect }),
    ...(tool !== undefined && { tool }),
    ...(args && { arguments: args }),
    ...(failureReply !== undefined && { failureReply }),
  })),
  fallback: script.fallback,
});

const presentScript = (script: Script) => ({
  intents: script.intents.map(({ endCall, phrases, expect, failureReply, arguments: args, ...intent }) => ({
    ...intent,
    phrases: [...phrases],
    end_call: endCall,
    ...(expect && { expect: presentExpectation(expect) }),
    ...(args && { arguments: { ...args } }),
    ...(failureReply !== undefined && { failure_reply: failureReply }),
  })),
  fallback: script.fallback,
});

const presentExpectation = ({ choices, ...rest }: Expectation) => ({ ...rest, ...(choices && { choices: [...choices] }) });

const toProviders = ({ stt, llm, tts, realtime }: NonNullable<Body['providers']>): ProviderChoice => ({
  ...(stt === undefined ? {} : { stt }),
  ...(llm === undefined ? {} : { llm }),
  ...(tts === undefined ? {} : { tts }),
  ...(realtime === undefined ? {} : { realtime }),
});
