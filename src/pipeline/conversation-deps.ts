import type { Clock } from '../core/clock.js';
import type { Logger } from '../core/log.js';
import type { AgentSettings } from '../domain/agent.js';
import type { ConversationRecord } from '../domain/ports/conversation-record.js';
import type { MediaSession } from '../domain/ports/media.js';
import type { SpeechSuite } from '../domain/ports/speech.js';
import type { Toolbox } from '../domain/ports/toolbox.js';
import type { VoiceActivity } from '../domain/ports/voice-activity.js';
import type { EndpointPolicy } from './endpointing.js';
import type { LiveEvent } from './live-event.js';

export type HangupReason = 'goodbye' | 'provider_failed';

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
  /** What the agent can do beside talking; nothing when absent. */
  toolbox?: Toolbox | undefined;
  /** When a silence ends the caller's turn. */
  endpointing?: EndpointPolicy | undefined;
};
