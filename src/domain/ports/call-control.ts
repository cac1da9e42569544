import type { AgentId, ApiKeyId, CallId, ParticipantId, TaskId, TenantId } from '../../core/ids.js';
import type { Agent } from '../agent.js';
import type { GuidanceChange } from '../agent-guidance.js';
import type { Call } from '../call.js';
import type { CallQuality } from '../call-quality.js';
import type { Participant, ParticipantMode } from '../participant.js';
import type { Transfer, TransferConsent, TransferKind, TransferPolicy } from '../transfer.js';

/** What the API may do to a call in progress. */
export interface CallControl {
  /**
   * Hangs up and resolves with the ended call.
   *
   * @throws AppError `call_not_found`, or `call_already_ended` when it is over.
   */
  end(tenant: TenantId, id: CallId): Promise<Call>;
  /** As `end`, but the call counts as failed: it was not wanted any more. */
  cancel(tenant: TenantId, id: CallId): Promise<Call>;
  /**
   * Has the agent say these words in its voice: at once when nobody speaks or with `interrupt`, otherwise when what is being said has
   * been said and answered. They stand in the transcript as the agent's, and may be interrupted like them.
   *
   * @throws AppError `call_not_found`, `call_already_ended`, or `conflict` when it is not answered, about to end or no conversation.
   */
  say(tenant: TenantId, id: CallId, text: string, options: { interrupt: boolean }): Promise<Interjected>;
  /** As `say`, with audio; `text` stands for it in the transcript. */
  play(tenant: TenantId, id: CallId, audio: SpokenAudio, options: { interrupt: boolean }): Promise<Interjected>;
  /**
   * Sends key presses to the far end in the way agreed with it; those that go with the audio after what lies in the playout queue already.
   *
   * @throws AppError as `say`, and `conflict` before anything is agreed.
   */
  press(tenant: TenantId, id: CallId, digits: string): Promise<void>;
  /**
   * Hands the far end over to somebody else. Resolves once it has said whether it will call them itself, or we are calling them; the
   * rest stands in the call's `transfer`. The agent is silent meanwhile, and has the far end back when it fails.
   *
   * @throws AppError as `press`, `conflict` while it is being transferred already, and as `CallPlacer.waitMs` for the target where
   * it is we who call it.
   */
  transfer(tenant: TenantId, id: CallId, request: TransferRequest): Promise<Transfer>;
  /**
   * Has another agent go on with the call, as its calls are led now: its words, voice, tools and rules. It knows what was said before.
   * What the first one is saying is stopped in mid-sentence, and nothing that it does at the end of a call is done. Limits go on counting.
   * Resolves when the call's record says so.
   *
   * @throws AppError as `say`, `agent_not_found`, `agent_disabled`, and `conflict` while the call is being transferred, where the caller keys
   * in what nobody may hear, for a number the agent does not talk to, and when it was passed on as often as may be.
   */
  passOn(tenant: TenantId, id: CallId, request: HandoffRequest): Promise<Call>;
  /** Joins the far end with the target that is being consulted. @throws AppError as `press`, or `conflict` when none is. */
  completeTransfer(tenant: TenantId, id: CallId): Promise<Transfer>;
  /** Takes a transfer back that is not complete. @throws AppError as `press`, or `conflict` when there is none that can be. */
  cancelTransfer(tenant: TenantId, id: CallId): Promise<Transfer>;
  /**
   * Calls somebody into the call: what they hear and who hears them says their mode. Resolves when they are being called; what comes of that stands
   * in the call's `participants`. The call goes on without them, and they are hung up on with its end.
   *
   * @throws AppError as `press`, `conflict` when as many are on it as may be, `forbidden` for a number on the do-not-call list, and as
   * `CallPlacer.waitMs`.
   */
  addParticipant(tenant: TenantId, id: CallId, request: ParticipantRequest): Promise<Participant>;
  /** @throws AppError as `press`, `not_found`, or `conflict` when they have left. */
  changeParticipant(tenant: TenantId, id: CallId, participant: ParticipantId, mode: ParticipantMode): Promise<Participant>;
  /** Hangs up on them, or takes the call to them back. @throws as `changeParticipant`. */
  removeParticipant(tenant: TenantId, id: CallId, participant: ParticipantId): Promise<Participant>;
  /**
   * Neither side is recorded until `resumeRecording`: silence takes the place of what is said. Resolves when the call's record says so;
   * again and again is the same as once.
   *
   * @throws AppError as `press`, and `conflict` when the call is not recorded.
   */
  pauseRecording(tenant: TenantId, id: CallId): Promise<Call>;
  /** As `pauseRecording`. */
  resumeRecording(tenant: TenantId, id: CallId): Promise<Call>;
  /**
   * Leads the agent in another way from now on; what it is saying is stopped where it is to be silent. Resolves when the call's record
   * says so.
   *
   * @throws AppError as `say`, and `conflict` for instructions to an agent that answers by a script.
   */
  guide(tenant: TenantId, id: CallId, change: GuidanceChange): Promise<Call>;
  /**
   * Plays audio over whatever that side hears, behind what is being played so already. It is recorded with it; its
   * words stand in the transcript as an operator's where one has taken over, and are not taken down otherwise.
   *
   * @throws AppError `call_not_found`, `call_already_ended`, or `conflict` when it is not answered, nobody is on that side, or too much waits.
   */
  playOver(tenant: TenantId, id: CallId, audio: Omit<SpokenAudio, 'text'>, to: LineSide): Promise<{ beginsInMs: number }>;
  /** To listen to a call unheard, and to talk on it. @throws AppError `call_not_found`, `call_already_ended`, or `conflict` when it is not answered. */
  overhear(tenant: TenantId, id: CallId): Promise<OverheardLine>;
  /** How the audio of a call that lasts passes now; undefined of any other, and before audio is agreed. */
  quality(tenant: TenantId, id: CallId): CallQuality | undefined;
  /** Calls that exist now, in any state before the end. */
  activeCalls(): number;
}

/** The call's own far end, whoever it is handed over to, or both. */
export const LINE_SIDES = ['far_end', 'target', 'both'] as const;
export type LineSide = (typeof LINE_SIDES)[number];

/** Somebody outside who hears what passes on the line of a call. */
export interface LineListener {
  /** 16 kHz, in pairs of samples: what the far end says, and what it hears. Shared: not to be changed. */
  audio(pairs: Int16Array): void;
  /** The call is over; told once. */
  ended(): void;
}

export interface OverheardLine {
  /** Returns how to stop. @throws AppError `conflict` when as many listen as may. */
  listen(listener: LineListener): () => void;
  /**
   * Says something to that side, and to nobody else, as it comes; what the far end hears stands in the transcript as an operator's words. False: more came than time has passed, or nobody is there, and it was left out.
   */
  speak(pcm: Int16Array, rateHz: number, to: LineSide): boolean;
}

export type HandoffRequest = {
  agentId: AgentId;
  /** What the agent is told, beside what was said on the call. */
  briefing: string | undefined;
};

export type TransferRequest = {
  /** A number in E.164, which goes the way our own calls do, or a SIP URI. */
  target: string;
  kind: TransferKind;
  /** As the call's trunk says when absent. */
  method?: TransferPolicy | undefined;
  /** Said to the target before the far end is joined, in the agent's voice: attended only. */
  briefing?: string | undefined;
  consent: TransferConsent;
  /** The server's own limit when absent. */
  ringTimeoutMs?: number | undefined;
  /** The key that asks for it; the call's own, if it has one, when absent. */
  apiKeyId?: ApiKeyId | undefined;
  /** What the agent says when it has the far end back: its own words when absent, nothing when empty. */
  failureMessage?: string | undefined;
};

export type ParticipantRequest = {
  /** A number in E.164, which goes the way our own calls do, or a SIP URI. */
  target: string;
  mode: ParticipantMode;
  /** The server's own limit when absent. */
  ringTimeoutMs?: number | undefined;
  /** The key that asks for it; the call's own, if it has one, when absent. */
  apiKeyId?: ApiKeyId | undefined;
};

/** `waiting`: others speak, and are let finish. */
export type Interjected = { begins: 'now' | 'waiting' };

/** 16-bit mono at one of the playout queue's rates. */
export type SpokenAudio = { pcm: Int16Array; rateHz: number; text: string };

export type OutboundRequest = {
  agent: Agent;
  /** E.164, or `sip:user@` this server for a phone. */
  number: string;
  /** Said first instead of the agent's own. */
  startingMessage: string | undefined;
  /** Fills the `{{placeholders}}` in the agent's texts. */
  contextData: Readonly<Record<string, unknown>>;
  taskId: TaskId | undefined;
  /** The key that asked for it. */
  apiKeyId?: ApiKeyId | undefined;
};

/** A call that has its place but is not dialled yet. Exactly one of `start` and `release` is called. */
export type PreparedCall = {
  readonly call: Call;
  /** Dials. `recorded`: the call's first record is stored already. */
  start(options: { recorded: boolean }): void;
  /** There will be no such call. */
  release(): void;
};

export interface CallPlacer {
  /**
   * Keeps a place for one more outbound call.
   *
   * @throws AppError `outbound_not_configured`, `forbidden` (the number), as `TollGuard.check`, `capacity_exhausted`, `signalling_unavailable` (calls
   * keep failing on the line) or `draining`.
   */
  prepare(request: OutboundRequest): PreparedCall;
  /** How many more calls could be prepared now: of all tenants, or of one. */
  room(tenant?: TenantId): number;
  /**
   * How long a call to this number would wait for its line: for its turn, a free place, or the end of failures; 0 goes out now.
   *
   * @throws AppError `outbound_not_configured`, `forbidden` (the number), or as `TollGuard.check`.
   */
  waitMs(tenant: TenantId, number: string, apiKeyId?: ApiKeyId): number;
}
