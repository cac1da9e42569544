import { AppError } from '../core/errors.js';
import type { AgentId, ApiKeyId, CallId, TaskId, TenantId, TurnId } from '../core/ids.js';
import type { AgentGuidance } from './agent-guidance.js';
import type { AnsweredBy } from './answered-by.js';
import type { EndedBy } from './call-ending.js';
import type { CallQuality } from './call-quality.js';
import type { CallSetup } from './call-setup.js';
import type { Source } from './document.js';
import type { Feedback } from './feedback.js';
import type { Handoff } from './handoff.js';
import type { Variables } from './header-variables.js';
import type { Participant } from './participant.js';
import type { SrtpSuite } from './ports/media.js';
import type { ProviderFailure, ProviderStage } from './provider-failure.js';
import type { ProviderUsage } from './provider-usage.js';
import type { HeardTone } from './tone-recognizer.js';
import type { Transfer } from './transfer.js';
import type { TrunkRef } from './trunk.js';

export const CALL_STATUSES = ['initiated', 'in_progress', 'completed', 'failed'] as const;
export type CallStatus = (typeof CALL_STATUSES)[number];

export const CALL_RESULTS = ['success', 'client_error', 'upstream_error', 'server_error', 'indeterminate'] as const;

/** Who is answerable for how a call ended. Alerts fire on `server_error`; `upstream_error` is the carrier's or the provider's. */
export type Termination =
  | {
      result: 'success';
      reason:
        | 'caller_hangup'
        | 'callee_hangup'
        | 'agent_hangup'
        | 'silence'
        | 'api_hangup'
        | 'voicemail_left'
        | 'max_duration'
        | 'cost_limit'
        | 'transferred'
        | 'redirected';
    }
  | { result: 'client_error'; reason: 'cancelled' | 'no_common_codec' | 'agent_not_found' | 'bad_request' | UnansweredReason }
  | {
      result: 'upstream_error';
      reason: `sip_${number}` | 'provider_failed' | 'ack_timeout' | 'prack_timeout' | 'session_expired' | 'dialog_lost';
    }
  | { result: 'server_error'; reason: 'media_ports_exhausted' | 'capacity_exhausted' | RefusedReason | 'crashed' | 'internal' }
  | { result: 'indeterminate'; reason: 'media_timeout' | 'no_response' };

/** Calls that come in are refused while the server stops, and while those it has would suffer from more. */
type RefusedReason = 'draining' | 'overloaded';

/** What the called party, or the network on its behalf, made of a call of ours. */
type UnansweredReason = 'busy' | 'no_answer' | 'rejected' | 'no_such_number' | 'not_registered' | 'voicemail' | 'fax';

/** Audio that should have passed and did not: nothing of theirs came, nothing of ours arrived there by their own reports (RTCP), or both. */
export const MISSING_AUDIO = ['inbound', 'outbound', 'both'] as const;
export type MissingAudio = (typeof MISSING_AUDIO)[number];
export type AudioFault = {
  missing: MissingAudio;
  sinceMs: number;
  /** Undefined while it lasts. */
  healedAtMs: number | undefined;
};

/** Neither side is in the recording; silence of the same length stands there. */
export type RecordingPause = {
  pausedAtMs: number;
  /** Undefined while it lasts, and when it lasted to the end of the call. */
  resumedAtMs: number | undefined;
};

export const CALL_DIRECTIONS = ['inbound', 'outbound'] as const;
export type CallDirection = (typeof CALL_DIRECTIONS)[number];

/** Checked values; they fill `{{placeholders}}` as `variables` do. */
export type CollectedData = Readonly<Record<string, string | number | boolean>>;

export type ToneHeard = { tone: HeardTone; atMs: number };

export type Call = {
  id: CallId;
  tenantId: TenantId;
  direction: CallDirection;
  status: CallStatus;
  /** That leads it now, or led it last. Absent for the built-in `echo` and `tone`, which are no conversation. */
  agentId: AgentId | undefined;
  agentName: string;
  agentVersion: number | undefined;
  /** The task that an outbound call carries out. */
  taskId: TaskId | undefined;
  /** The API key on whose account an outbound call goes, if it is on one's. */
  apiKeyId?: ApiKeyId | undefined;
  /** Empty until an outbound call's INVITE has left. */
  sipCallId: string;
  fromUri: string;
  toUri: string;
  /** The other party's, in E.164; absent: it has none that we could know. */
  remoteNumber?: string | undefined;
  codec: string | undefined;
  /** The SRTP suite that audio is protected with; absent: in the clear. */
  srtp: SrtpSuite | undefined;
  startedAtMs: number;
  setup: CallSetup;
  answeredAtMs: number | undefined;
  endedAtMs: number | undefined;
  termination: Termination | undefined;
  /** The final SIP status of the INVITE where there was one, e.g. 200 or 488. */
  sipCode: number | undefined;
  /** The far end's own words beside that status, or the usual ones. */
  sipReason: string | undefined;
  endedBy: EndedBy | undefined;
  /** Why it ended as the telephone network puts it (Q.850): the far end's word, or what the status and reason amount to. */
  q850Cause: number | undefined;
  /** Where the INVITE came from: `udp:192.0.2.1:5060`. Not known of calls that we place. */
  sipPeer: string | undefined;
  /** Over which it came, or went out. */
  trunk: TrunkRef | undefined;
  /** Where audio is exchanged with: `192.0.2.1:4000`. */
  mediaPeer: string | undefined;
  /** The newest time that audio did not pass. */
  audioFault: AudioFault | undefined;
  /** The newest attempt to hand the far end over to somebody else. */
  transfer: Transfer | undefined;
  /** Who was called into it, in that order, those who have left too; absent: nobody ever was. */
  participants?: readonly Participant[] | undefined;
  /** What was read from the headers of a call that came in; fills `{{placeholders}}` in the agent's texts. */
  variables?: Variables | undefined;
  /** How an operator leads the agent, or led it to the end; absent: nobody ever did. */
  guidance?: AgentGuidance | undefined;
  /** From one agent to the next, in order; absent: one agent led it all. */
  handoffs?: readonly Handoff[] | undefined;
  /** What the agent has found out, by the names of the fields. */
  collectedData?: CollectedData | undefined;
  /** Relative to the data directory; present as soon as recording began. */
  recordingPath: string | undefined;
  /** Before the answer where early media was recorded. */
  recordingStartedAtMs: number | undefined;
  /** In order; absent: it never was. */
  recordingPauses?: readonly RecordingPause[] | undefined;
  /** What machines said by tones, in order; absent: nothing, or nobody listened. */
  heardTones?: readonly ToneHeard[] | undefined;
  /** Of a call of ours whose agent has us look; absent: it does not, or nobody has answered yet. */
  answeredBy?: AnsweredBy | undefined;
  /** When its speech providers did not do their part, in order; absent: they always did. */
  providerFailures?: readonly ProviderFailure[] | undefined;
  /** What was asked of providers over the network; absent: nothing. Stored with the end of the call. */
  providerUsage?: readonly ProviderUsage[] | undefined;
  /** Counters of the RTP session at the end of the call. */
  mediaStats: Readonly<Record<string, number>> | undefined;
  /** As it was at the end of the call. */
  quality?: CallQuality | undefined;
};

const NEXT = {
  initiated: ['in_progress', 'completed', 'failed'],
  in_progress: ['completed', 'failed'],
  completed: [],
  failed: [],
} as const satisfies Record<CallStatus, readonly CallStatus[]>;

/** @throws AppError `call_already_ended` when `to` cannot follow the present status. */
export function transition(call: Call, to: CallStatus): Call {
  const allowed: readonly CallStatus[] = NEXT[call.status];
  if (!allowed.includes(to)) {
    throw new AppError('call_already_ended', `illegal transition ${call.status} -> ${to}`);
  }
  return { ...call, status: to };
}

/** An operator's words are theirs whatever voice they are spoken in, as long as they have taken over. */
export const SPEAKERS = ['caller', 'agent', 'operator'] as const;
export type Speaker = (typeof SPEAKERS)[number];

/** One utterance as it belongs in the record. */
export type TranscriptEntry = {
  callId: CallId;
  /** Grows by one per entry of a call. */
  sequence: number;
  speaker: Speaker;
  /** The caller's words; a key press reads `[digit 5]`, speech that was heard but not understood is empty. Of ours: all that was meant to be said. */
  text: string;
  /** Our words that had really been sent when they stopped; equals `text` unless they were interrupted. */
  heardText: string;
  interrupted: boolean;
  /** Milliseconds since the call was answered. */
  startMs: number;
  endMs: number;
  /** What the other party thinks of it. */
  feedback?: Feedback | undefined;
};

/**
 * The wire-truth waterfall of one turn: when each stage was reached, in milliseconds after the caller's last speech packet
 * arrived. Absent where the turn had no such stage (a key press has no recogniser).
 */
export type TurnLatency = {
  vadEndMs?: number | undefined;
  endpointMs?: number | undefined;
  sttFinalMs?: number | undefined;
  /** When the model was asked whose words were spoken, where that was before the endpoint. */
  aheadMs?: number | undefined;
  /** The first packet of words that only say that the answer is being made. */
  fillerMs?: number | undefined;
  firstTextMs?: number | undefined;
  firstClauseMs?: number | undefined;
  firstAudioMs?: number | undefined;
  /** The first packet with the answer's audio left for the network. */
  firstPacketMs?: number | undefined;
};

/** Answers that a model began before the caller was certainly done. */
export type SpeculationCount = {
  attempts: number;
  /** Of these nothing was said. */
  discarded: number;
  /** Of the discarded ones, as far as the model had told before the turn was over; all of it is in the call's usage. */
  inputTokens: number;
  outputTokens: number;
};

export type TurnCause = 'greeting' | 'speech' | 'digit' | 'silence' | 'operator';

export type Turn = {
  id: TurnId;
  callId: CallId;
  sequence: number;
  cause: TurnCause;
  /** Milliseconds since the call was answered at which the zero of `latency` lies. */
  originMs: number;
  latency: TurnLatency;
  interrupted: boolean;
  /** Only of an interrupted turn: caller's first speech packet -> the agent's last full-level packet. */
  bargeInMs?: number | undefined;
  /** Who has heard, thought and spoken for it, where that was anybody's part; of several the one that did it. */
  providers?: Partial<Record<ProviderStage, string>> | undefined;
  /** What was looked up for it in the agent's documents, the best first. */
  sources?: readonly Source[] | undefined;
  /** Absent: no answer was begun ahead. */
  speculation?: SpeculationCount | undefined;
  /** That the caller was done, as a turn model judged their last pause by its sound (0 to 1). */
  doneProbability?: number | undefined;
};
