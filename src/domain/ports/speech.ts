import type { AgentSettings } from '../agent.js';
import type { Passage, Source } from '../document.js';
import type { Expectation } from '../expectation.js';
import type { ProviderFailure, ProviderStage } from '../provider-failure.js';
import type { Metered, Prices } from '../provider-usage.js';

/** Called once for each request that a provider over the network answered; one that it refused costs nothing. */
export type OnUsage = (metered: Metered) => void;

/** The words a recogniser may expect: an agent's script, as plain sentences. Recognisers that cannot use it ignore it. */
export type Vocabulary = { sentences: readonly string[] };

export type RecognitionOptions = {
  language: string;
  vocabulary: Vocabulary;
  /** Telephone band (G.711) or wide band (Opus, G.722): the embedded recogniser chooses its acoustic transform by it. */
  band: 'narrow' | 'wide';
  /** What the caller has been asked for. Recognisers that cannot use it ignore it. */
  expectation?: Expectation | undefined;
  /** Aborts this utterance; `finish` then rejects. */
  signal: AbortSignal;
  onPartial?: ((text: string) => void) | undefined;
  /** Told what the request costs, where it costs something. */
  onUsage?: OnUsage | undefined;
};

/** `heardAs`: what a model that heard it itself knows it by. */
export type Recognition = { text: string; confidence: number | undefined; heardAs?: string | undefined };

/** One utterance. */
export interface RecognitionStream {
  /** 16 kHz mono, in order; copied before return. */
  write(pcm: Int16Array): void;
  /** The utterance is over: resolves with its text, empty when nothing was understood. @throws AppError `provider_failed` */
  finish(): Promise<Recognition>;
}

/** Where one stands in for another: by which name the last request was served. `name` when absent. */
type Served = { readonly servedBy?: string | undefined };

export interface SpeechToText extends Served {
  readonly name: string;
  /** False for the recogniser of last resort, which only knows *that* somebody spoke. */
  readonly understands: boolean;
  open(options: RecognitionOptions): RecognitionStream;
}

export type ChatMessage =
  /** `utterances`: the parts of `content` where somebody was answered before they were done. */
  | {
      role: 'user';
      content: string;
      utterances?: readonly string[];
      /** As URLs with their data in them; models that take none are told the content alone. */
      images?: readonly string[];
      /** What a model that heard it itself knows it by. */
      heardAs?: readonly string[];
    }
  /** `content` is what the caller heard, not what was generated. */
  | { role: 'assistant'; content: string; toolCalls?: readonly ToolCall[] | undefined; spokenAs?: readonly string[] | undefined }
  | { role: 'tool'; toolCallId: string; content: string };

export type ToolCall = { id: string; name: string; arguments: unknown };
/** `parameters` is a JSON Schema object. */
export type ToolDefinition = { name: string; description: string; parameters: Readonly<Record<string, unknown>> };

/** What the model is told for one reply beside the conversation: it is no part of the history, and never an instruction. */
export type ReplyMaterial = {
  /** Of the agent's documents, the best first. */
  passages: readonly Passage[];
  /** What is known of whom the agent speaks with, from earlier conversations. */
  known?: string | undefined;
};

export type ReplyRequest = {
  agent: AgentSettings;
  messages: readonly ChatMessage[];
  tools: readonly ToolDefinition[];
  material?: ReplyMaterial | undefined;
  /** Speech when absent. */
  medium?: 'text' | undefined;
  signal: AbortSignal;
  onUsage?: OnUsage | undefined;
};
export type ReplyEvent =
  | { type: 'text'; text: string }
  /** Of a model that speaks by itself. */
  | { type: 'spoken'; piece: SpokenPiece }
  | { type: 'tool'; call: ToolCall }
  /** What was looked up for it. */
  | { type: 'sources'; sources: readonly Source[] }
  /** What these words ask the caller for. */
  | { type: 'expect'; expectation: Expectation };

/** Ends the call once the words before it have been heard. Every model is offered it. */
export const END_CALL_TOOL: ToolDefinition = {
  name: 'end_call',
  description: 'Hang up after what you have just said has been heard. Use it when the caller says goodbye.',
  parameters: { type: 'object', properties: {}, additionalProperties: false },
};

/** A document to be written off the call path: `instructions` say how, `material` is what it is made from. */
export type WritingRequest = { instructions: string; material: string; signal: AbortSignal };

export interface LanguageModel extends Served {
  readonly name: string;
  /** The provider's name of the model, where there is a choice. */
  readonly model?: string;
  /** Opens the connection that the next request goes over, where there is one to open. Never fails. */
  connect?(): void;
  /** Streams the reply to the last message. Ends early and quietly when `signal` aborts. @throws AppError `provider_failed` */
  reply(request: ReplyRequest): AsyncIterable<ReplyEvent>;
  /** Writes one JSON object, as text that nobody has checked; absent in a model that has only a script. @throws AppError `provider_failed` */
  write?(request: WritingRequest): Promise<string>;
}

export type SynthesisRequest = {
  text: string;
  language: string;
  voiceSettings: Readonly<Record<string, unknown>>;
  signal: AbortSignal;
  onUsage?: OnUsage | undefined;
};
export type SpeechChunk = { pcm: Int16Array; rateHz: number };

/** Something that a model says by itself, in one breath. */
export type SpokenItem = {
  /** What the model knows it by. */
  id: string;
  /** No more than so much of it was heard, and the model is to remember no more. */
  cutOff(heardMs: number): void;
};

/** What has come of it: some of its audio, some of its words, or (`done`) the news that there is no more of either. */
export type SpokenPiece = { item: SpokenItem; text?: string; audio?: SpeechChunk; done?: true };

export interface TextToSpeech extends Served {
  readonly name: string;
  /** As `LanguageModel.connect`. */
  connect?(): void;
  /** Streams the audio of one clause. Ends early and quietly when `signal` aborts. @throws AppError `provider_failed` */
  synthesize(request: SynthesisRequest): AsyncIterable<SpeechChunk>;
}

/** Hears, thinks and speaks over one connection for a whole call. Who speaks when is the conversation's to say. */
export interface RealtimeModel {
  readonly name: string;
  open(agent: AgentSettings): RealtimeSession;
}

/**
 * One call's session, by its two sides: what is said to it goes in by `stt`, what it says comes out by `llm` with the voice it says it
 * in. It connects at the first use, and again, with the history, after it broke.
 */
export interface RealtimeSession {
  readonly stt: SpeechToText;
  readonly llm: LanguageModel;
  /** Connects, if it is not connected. Never fails. */
  connect(): void;
  close(): void;
}

/** The providers one call uses, and what its recogniser is told to expect (absent: the script's phrases as they stand). */
export type SpeechSuite = {
  stt: SpeechToText;
  llm: LanguageModel;
  tts: TextToSpeech;
  vocabulary?: Vocabulary | undefined;
  /** Opens the connections that the next turn goes over. Never fails. */
  connect?: (() => void) | undefined;
  /** The call is over. */
  close?: (() => void) | undefined;
};

/** Told of what the providers of one call do. */
export type ProviderWatch = {
  failed(failure: ProviderFailure, error: unknown): void;
  /** `prices`: of that provider, where the operator has told them. */
  used(stage: ProviderStage, provider: string, metered: Metered, prices: Prices | undefined): void;
};

export type SuiteOptions = {
  watch?: ProviderWatch | undefined;
  /** Nobody waits on the telephone: providers are given what time they take. */
  unhurried?: boolean | undefined;
  /** Somebody is on the line: a provider that hears and speaks by itself may do so. */
  onCall?: boolean | undefined;
};

export interface SpeechCatalog {
  /** @throws AppError `invalid_request` when the agent names a provider that does not exist. */
  suiteFor(agent: AgentSettings, options?: SuiteOptions): SpeechSuite;
  /** Loads what the agent's first turn will need (language model compiled, greeting synthesised into the cache). Never fails; logs. */
  warm(agent: AgentSettings): Promise<void>;
  close(): Promise<void>;
}
