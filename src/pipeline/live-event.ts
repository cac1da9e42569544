import type { Speaker, Turn } from '../domain/call.js';

export const CONVERSATION_STATES = ['idle', 'listening', 'caller_speaking', 'thinking', 'agent_speaking', 'ended'] as const;
export type ConversationState = (typeof CONVERSATION_STATES)[number];

/** What a terminal or a live feed shows of a conversation as it happens. `atMs` counts from the answer. */
export type LiveEvent =
  | { type: 'state'; state: ConversationState; atMs: number }
  /** What `speaker` has said (caller: understood; of ours: sent to the caller) so far, or in the end. Each replaces the one before. */
  | { type: 'speech'; speaker: Speaker; text: string; final: boolean; interrupted: boolean; atMs: number }
  | { type: 'digit'; digit: string; atMs: number }
  /** What the agent would say, where an operator decides. */
  | { type: 'suggestion'; text: string; atMs: number }
  | { type: 'turn'; turn: Omit<Turn, 'id' | 'callId' | 'sequence'>; atMs: number };
