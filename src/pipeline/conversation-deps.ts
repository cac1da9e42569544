import type { Clock } from '../core/clock.js';
import type { Logger } from '../core/log.js';
import type { AgentSettings } from '../domain/agent.js';
import type { AnsweredBy } from '../domain/answered-by.js';
import type { Values } from '../domain/placeholders.js';
import type { ConversationRecord } from '../domain/ports/conversation-record.js';
import type { MediaSession } from '../domain/ports/media.js';
import type { ChatMessage, SpeechSuite } from '../domain/ports/speech.js';
import type { Toolbox } from '../domain/ports/toolbox.js';
import type { TurnModel } from '../domain/ports/turn-model.js';
import type { VoiceActivity } from '../domain/ports/voice-activity.js';
import type { FloorDeps } from './caller-floor.js';
import { type EndpointPolicy, silenceAndText } from './endpointing.js';
import type { FreezableTimers } from './freezable-timers.js';
import type { LiveEvent } from './live-event.js';

/**
 * `silence`: the caller did not speak any more. Of a call of ours: `voicemail_left`: the agent's message was; `voicemail`: a machine answered,
 * and none was; `fax`: a fax did.
 */
export type HangupReason = 'goodbye' | 'silence' | 'provider_failed' | 'voicemail_left' | 'voicemail' | 'fax';

export type ConversationDeps = {
  clock: Clock;
  log: Logger;
  media: MediaSession;
  voice: VoiceActivity;
  speech: SpeechSuite;
  agent: AgentSettings;
  band: 'narrow' | 'wide';
  record: ConversationRecord;
  /** Called once: the goodbye has been played out, or no provider is left to go on with. */
  hangup: (reason: HangupReason) => void;
  live?: ((event: LiveEvent) => void) | undefined;
  /** Whether what is said and keyed in from now on may be kept, or heard by others. */
  hush?: ((hushed: boolean) => void) | undefined;
  /** Of a call of ours alone: who has answered, and the same again where that turns out to be wrong. */
  answeredBy?: ((answeredBy: AnsweredBy) => void) | undefined;
  /** An answering machine's words were heard before the answer. */
  machineHeard?: boolean | undefined;
  /** What was said on the call while others led it, as a model reads it. */
  before?: readonly ChatMessage[] | undefined;
  /** What the agent can do beside talking; nothing when absent. */
  toolbox?: Toolbox | undefined;
  /** Fill what stands as `{{name}}` in the agent's texts until it is said; without them it is left out. */
  variables?: (() => Values) | undefined;
  /** The model may begin before the caller is certainly done. */
  speculation?: boolean | undefined;
  /** A model that takes longer is filled in for; 0, or absent: never. */
  fillerAfterMs?: number | undefined;
  /** When a silence ends the caller's turn. */
  endpointing?: EndpointPolicy | undefined;
  /** What tells by the sound whether the caller is done. */
  turnModel?: TurnModel | undefined;
};

/** The conversation's side of the caller, as the agent wants it. */
export function floorDeps(deps: ConversationDeps, timers: FreezableTimers): FloorDeps {
  const { clock, media, agent, band, speech, turnModel, endpointing: policy = silenceAndText } = deps;
  const phrases = (agent.script?.intents ?? []).flatMap((intent) => intent.phrases);
  return {
    clock,
    timers,
    media,
    stt: speech.stt,
    language: agent.language,
    band,
    vocabulary: speech.vocabulary ?? { sentences: phrases },
    policy,
    turnModel,
    endOfUtteranceMs: agent.turnTaking?.endOfUtteranceMs,
    transcribeFillers: agent.turnTaking?.transcribeFillers,
  };
}
