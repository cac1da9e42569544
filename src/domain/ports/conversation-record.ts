import type { TranscriptEntry, Turn } from '../call.js';
import type { OptOutSource } from '../do-not-call.js';

/** Where a conversation writes what happened; the call layer adds ids and stores it at once, so that a crash loses nothing. */
export interface ConversationRecord {
  entry(entry: Omit<TranscriptEntry, 'callId' | 'sequence'>): void;
  turn(turn: Omit<Turn, 'id' | 'callId' | 'sequence'>): void;
  /**
   * As `entry`, of words or a key by which the other party asks not to be called again: its number is put on the do-not-call
   * list in the same transaction. False when its number is not known: then there is only the entry.
   */
  optOut(entry: Omit<TranscriptEntry, 'callId' | 'sequence'>, source: OptOutSource): boolean;
}
