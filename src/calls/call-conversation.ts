import type { Clock } from '../core/clock.js';
import type { Logger } from '../core/log.js';
import type { AgentSettings } from '../domain/agent.js';
import type { ConversationRecord } from '../domain/ports/conversation-record.js';
import type { MediaSession } from '../domain/ports/media.js';
import type { SpeechSuite } from '../domain/ports/speech.js';
import type { VoiceActivity } from '../domain/ports/voice-activity.js';

/** What happens in a conversation as it happens; only ever passed on. */
export type LiveEvent = { readonly type: string };

export type ConversationDeps = {
  clock: Clock;
  log: Logger;
  media: MediaSession;
  voice: VoiceActivity;
  speech: SpeechSuite;
  agent: AgentSettings;
  band: 'narrow' | 'wide';
  record: ConversationRecord;
  /** The agent hangs up. */
  hangup: () => void;
  live: (event: LiveEvent) => void;
};

/** What a call needs of the conversation on it. */
export interface CallConversation {
  start(): void;
  digit(digit: string, durationMs: number): void;
  hold(): void;
  unhold(): void;
  end(): Promise<void>;
}
