import type { Interjection } from '../pipeline/interjections.js';

/** What a call needs of the conversation on it. */
export interface CallConversation {
  start(): void;
  /** A key press that came by SIP INFO; those of RFC 4733 come from the media session by themselves. */
  digit(digit: string, durationMs: number): void;
  /** @throws AppError `conflict` when the call is about to end, or too much waits. */
  interject(interjection: Interjection, interrupt: boolean): 'now' | 'waiting';
  hold(): void;
  unhold(): void;
  end(): Promise<void>;
}
