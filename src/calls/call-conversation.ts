/** What a call needs of the conversation on it. */
export interface CallConversation {
  start(): void;
  /** A key press that came by SIP INFO; those of RFC 4733 come from the media session by themselves. */
  digit(digit: string, durationMs: number): void;
  hold(): void;
  unhold(): void;
  end(): Promise<void>;
}
