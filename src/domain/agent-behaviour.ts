import type { NoiseSuppression } from './ports/media.js';

/** The greeting, whose words are the agent's `startingMessage`. */
export type WelcomeSettings = {
  /** Off: the agent waits for the caller to speak. On when absent. */
  enabled?: boolean;
  /** From the moment the call is established. When absent: none; who was called is given the first word. */
  delayMs?: number;
};

export type TurnTakingSettings = {
  /** How many words of the caller stop the agent; 0: speech never does, only keys. */
  interruptAfterWords?: number;
  /** How long a caller is silent before what they said counts as all of it. */
  endOfUtteranceMs?: number;
  /** Said into a silence of `idleMessageAfterMs`. */
  idleMessage?: string;
  idleMessageAfterMs?: number;
  /** A silence of this length ends the call. */
  idleEndAfterMs?: number;
  /** Whether "uhm" and the like are part of what the caller said. */
  transcribeFillers?: boolean;
  /** The greeting is spoken to its end, whatever the caller says; they are heard all the same. */
  uninterruptibleWelcome?: boolean;
};

/** How a language model answers; a script says what it says. */
export type AnswerSettings = {
  /** About as many words an answer. */
  maxWords?: number;
  /** 0 (always the likeliest words) to 10. */
  creativity?: number;
  /** What one request may hold of prompt and conversation: the oldest of the conversation is left out first. */
  contextMaxTokens?: number;
  /** The provider's name of a model, in place of the configured one. */
  model?: string;
};

/** Who the agent is, beside its system prompt. */
export type PersonaSettings = {
  /** Its trade: sales, support, reception, … */
  type?: string;
  background?: string;
  goal?: string;
  tone?: string;
  instructions?: string;
  /** Whether `script` is followed; it is when absent. */
  scriptEnabled?: boolean;
  /** The course of the conversation in words, for a language model. */
  script?: string;
};

export const VOICEMAIL_MODES = ['message', 'hangup'] as const;
export type VoicemailMode = (typeof VOICEMAIL_MODES)[number];

/** What a call out does where a machine answers. */
export type VoicemailSettings = {
  enabled?: boolean;
  mode?: VoicemailMode;
  /** Left after the beep in mode `message`. */
  text?: string;
  /** Who has not been told for a machine by then is a human. */
  detectionTimeoutMs?: number;
};

/** Whether a machine is left a message: where nothing is said of it, if there is one. */
export const leavesMessage = ({ text, mode }: VoicemailSettings = {}): boolean => text !== undefined && mode !== 'hangup';

/** What a number is good for, as libphonenumber tells them apart. */
export const PHONE_TYPES = [
  'fixed_line',
  'mobile',
  'fixed_line_or_mobile',
  'toll_free',
  'premium_rate',
  'shared_cost',
  'voip',
  'personal_number',
  'pager',
  'uan',
  'voicemail',
] as const;
export type PhoneType = (typeof PHONE_TYPES)[number];

export const CUSTOM_FIELD_TYPES = ['text', 'number', 'boolean', 'email', 'phone', 'date', 'spelled'] as const;
export type CustomFieldType = (typeof CUSTOM_FIELD_TYPES)[number];

/** Text conversations with the agent. */
export type SessionSettings = {
  /** How long one may last. */
  timeoutMs?: number;
  /** How long a contact may take to answer. */
  idleTimeoutMs?: number;
  /** How many may begin on one day, by the agent's clock. */
  dailyLimit?: number;
  /** Whether texts (SIP MESSAGE, SMS) that are for the agent are answered; they are when absent. */
  answerTexts?: boolean;
};

/** What is kept of conversations, and told in later ones with the same contact. */
export type MemorySettings = {
  /** Off when absent. */
  enabled?: boolean;
  /** How many of the newest facts are told. */
  maxFacts?: number;
};

/** Something to know of a caller: filled from a call's context data or asked for in the call. */
export type CustomField = {
  id: string;
  /** Stands in texts as `{{name}}`. */
  name: string;
  /** For people, and for the model that is to ask for it. */
  label: string;
  type: CustomFieldType;
};

/** What a call may come to. */
export type LimitSettings = {
  /** In the currency of the configured prices: a call that has cost so much is ended. */
  maxCost?: number;
};

/** Groups of settings: one that is absent, or absent within its group, leaves the agent as every agent is. */
export type AgentBehaviour = {
  welcome?: WelcomeSettings | undefined;
  turnTaking?: TurnTakingSettings | undefined;
  answer?: AnswerSettings | undefined;
  persona?: PersonaSettings | undefined;
  voicemail?: VoicemailSettings | undefined;
  sessions?: SessionSettings | undefined;
  limits?: LimitSettings | undefined;
  memory?: MemorySettings | undefined;
  /** Name of a configured sound that plays under the conversation. */
  backgroundSound?: string | undefined;
  /** Absent: as the trunk says. */
  noiseSuppression?: NoiseSuppression | undefined;
  /** They are when absent. */
  callRecording?: boolean | undefined;
  /** Numbers the agent does not talk to. */
  blockedPhoneTypes?: readonly PhoneType[] | undefined;
  /** IANA name, or `UTC±hh:mm`. */
  timezone?: string | undefined;
  /** A JSON Schema of what is read out of each conversation when it is over. */
  extractionSchema?: Readonly<Record<string, unknown>> | undefined;
  customFields?: readonly CustomField[] | undefined;
  /** What placeholders stand for where the call does not say. */
  contextData?: Readonly<Record<string, string>> | undefined;
};
