import type { TranscriptEntry, Turn } from '../call.js';

/** Where a conversation writes what happened; the call layer adds ids and stores it at once, so that a crash loses nothing. */
export interface ConversationRecord {
  entry(entry: Omit<TranscriptEntry, 'callId' | 'sequence'>): void;
  turn(turn: Omit<Turn, 'id' | 'callId' | 'sequence'>): void;
}
