import type { AgentId, TenantId } from '../core/ids.js';
import type { AgentBehaviour } from './agent-behaviour.js';
import type { CallDirection } from './call.js';
import type { Expectation } from './expectation.js';

/** What an utterance may hold that a script can repeat. */
export const SCRIPT_SLOTS = ['day', 'time', 'number', 'name'] as const;

/** One thing a caller may want. `{day}`, `{time}`, `{number}` and `{name}` in a phrase are slots; `{{day}}` in the reply repeats what was heard. */
export type ScriptIntent = {
  name: string;
  /** Ways callers put it; the embedded recogniser's language model is compiled from them. */
  phrases: readonly string[];
  reply: string;
  /** The agent lets the reply finish, then hangs up. */
  endCall: boolean;
  /** What the reply asks the caller for. */
  expect?: Expectation;
  /** The agent's action, by the name the model knows it by: it is done first, and `{{result.…}}` in the reply repeats what came of it. */
  tool?: string;
  /** What it is given; `{{day}}` and the other slots stand for what was heard. */
  arguments?: Readonly<Record<string, unknown>>;
  /** In place of the reply where the tool has failed. */
  failureReply?: string;
};

/** What an agent can say without a language model. */
export type Script = {
  intents: readonly ScriptIntent[];
  /** Said when the caller was heard but not understood. */
  fallback: string;
};

/** What a key press does: speak, act as if an intent had been heard, use a tool, offer a menu, end the call, or take the number off our lists. */
export type DtmfRule = {
  say?: string;
  intent?: string;
  endCall?: boolean;
  action?: 'do_not_call';
  /** The agent's action, by the name the model knows it by. */
  tool?: string;
  menu?: DtmfMenu;
  /** The name of a menu of the agent, wherever it stands. */
  goto?: string;
};
/** Keyed by the digit. */
export type DtmfRules = Readonly<Record<string, DtmfRule>>;

/** Choices that are read out. While it is open only its own keys count; what the caller says leaves it. */
export type DtmfMenu = {
  /** For `goto`. */
  name?: string;
  prompt: string;
  options: DtmfRules;
  /** From the end of the prompt to when it is read out again. */
  timeoutMs?: number;
  /** How often it is read out again. */
  retries?: number;
  /** Said before it is, where the key was none of the options. */
  invalidSay?: string;
};

/** All of them, however deep. */
export const menusOf = (rules: DtmfRules): DtmfMenu[] =>
  Object.values(rules).flatMap(({ menu }) => (menu ? [menu, ...menusOf(menu.options)] : []));

export const menuNamed = (rules: DtmfRules, name: string): DtmfMenu | undefined =>
  menusOf(rules).find((menu) => menu.name === name);

/** How an agent deals with somebody who asks not to be called again. What is absent is as every agent does it. */
export type OptOutSettings = {
  /** How it is said; none at all means that only a key does it. */
  phrases?: readonly string[];
  /** The confirmation. */
  say?: string;
  /** Whether the call ends with it, which it does when absent. */
  endCall?: boolean;
};

/**
 * Which provider serves each stage; absent means the configured default. `realtime`: which one hears, thinks and speaks at once on
 * calls, while the others stand in for it; absent: none.
 */
export type ProviderChoice = { stt?: string; llm?: string; tts?: string; realtime?: string };

/** How an agent behaves: the part of it that a call keeps for its whole length. */
export type AgentSettings = AgentBehaviour & {
  name: string;
  systemPrompt: string;
  startingMessage: string | undefined;
  /** BCP 47, e.g. `en-US`. */
  language: string;
  /** ElevenLabs-shaped settings plus `voice` (provider voice name) and `speed`; unknown keys are kept and returned. */
  voiceSettings: Readonly<Record<string, unknown>>;
  dtmfRules: DtmfRules;
  script: Script | undefined;
  /** Plain text that questions are answered from when no intent matches. */
  knowledge: string | undefined;
  providers: ProviderChoice;
  doNotCall?: OptOutSettings | undefined;
};

/** The number an agent works on. */
export type AgentLine = {
  /** `inbound`: calls to the number reach the agent. */
  direction: CallDirection;
  /** E.164; shown to those whom the agent calls. */
  number: string | undefined;
};

/** Sites whose pages may use an agent. */
export type WebOrigins = {
  /** Off: those of the organisation may. */
  enforced: boolean;
  origins: readonly string[];
};

export type Agent = AgentSettings & {
  id: AgentId;
  tenantId: TenantId;
  description: string | undefined;
  enabled: boolean;
  /** The user part that reaches this agent: `sip:<sipUser>@our-host`. */
  sipUser: string | undefined;
  line?: AgentLine | undefined;
  /** A picture for people: an http(s) URL, or a data URL. */
  avatar?: string | undefined;
  webOrigins?: WebOrigins | undefined;
  /** Grows by one with every change; a call names the version it began with. */
  version: number;
  /** What calls go by; undefined: the newest, so that every change is live at once. */
  deployedVersion: number | undefined;
  createdAtMs: number;
  updatedAtMs: number;
};

/** One state an agent has been in. */
export type AgentVersion = {
  version: number;
  /** The agent's at that time. */
  name: string;
  label: string | undefined;
  createdAtMs: number;
  /** When somebody deployed it last. */
  deployedAtMs: number | undefined;
  /** Calls go by it. */
  live: boolean;
};
