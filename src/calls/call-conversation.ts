import type { AgentGuidance } from '../domain/agent-guidance.js';
import type { KeyedIn, KeyRequest } from '../domain/key-collection.js';
import type { ChatMessage } from '../domain/ports/speech.js';
import type { Interjection } from '../pipeline/interjections.js';

/** What a call needs of the conversation on it. */
export interface CallConversation {
  start(): void;
  /** A key press that came by SIP INFO; those of RFC 4733 come from the media session by themselves. */
  digit(digit: string, durationMs: number): void;
  /** Waits for keys that the caller has been asked for; absent where nobody may ask. */
  keyIn?(request: KeyRequest): Promise<KeyedIn>;
  /** @throws AppError `conflict` when the call is about to end, or too much waits. */
  interject(interjection: Interjection, interrupt: boolean): 'now' | 'waiting';
  /** An operator leads the agent in another way from now on. @throws AppError `conflict` where that cannot be */
  guide(guidance: AgentGuidance): void;
  /** An operator has said this to the caller with their own voice; times are monotonic milliseconds. */
  operatorSaid(text: string, startMs: number, endMs: number): void;
  /**
   * Ends in mid-sentence, since another agent goes on with the call; returns what was said, as a model reads it.
   *
   * @throws AppError `conflict` where that cannot be: then nothing has changed.
   */
  giveWay(): readonly ChatMessage[];
  hold(): void;
  unhold(): void;
  end(): Promise<void>;
}
