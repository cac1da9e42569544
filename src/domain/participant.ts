import type { ParticipantId } from '../core/ids.js';
import { type TransferLeg, UNREACHED_REASONS } from './transfer.js';

/**
 * `talk`: everybody hears them. `whisper`: whoever the far end was handed over to hears them, and so do those who only listen or whisper;
 * the far end does not. `listen`: nobody hears them.
 */
export const PARTICIPANT_MODES = ['talk', 'whisper', 'listen'] as const;
export type ParticipantMode = (typeof PARTICIPANT_MODES)[number];

/** `pending`: being called. `failed`: it never came to more than that. */
export const PARTICIPANT_STATUSES = ['pending', 'joined', 'left', 'failed'] as const;
export type ParticipantStatus = (typeof PARTICIPANT_STATUSES)[number];

/** Why they never joined, or are there no more. */
export const PARTICIPANT_REASONS = [...UNREACHED_REASONS, 'hung_up', 'removed', 'call_ended', 'media_timeout'] as const;
export type ParticipantReason = (typeof PARTICIPANT_REASONS)[number];

/** Somebody who was called into a call that lasts. */
export type Participant = {
  id: ParticipantId;
  /** As it was asked for. */
  target: string;
  mode: ParticipantMode;
  status: ParticipantStatus;
  /** The final SIP status of our INVITE, if there was one. */
  sipCode: number | undefined;
  reason: ParticipantReason | undefined;
  startedAtMs: number;
  joinedAtMs: number | undefined;
  endedAtMs: number | undefined;
  leg: TransferLeg;
};

/** Whether one participant hears another. */
export const hearsParticipant = (listener: ParticipantMode, talker: ParticipantMode): boolean =>
  talker === 'talk' || (talker === 'whisper' && listener !== 'talk');

/** As they are known once the call is over, however it ended. */
export const afterTheCall = (participants: readonly Participant[], endedAtMs: number): Participant[] =>
  participants.map((participant) =>
    participant.endedAtMs === undefined
      ? { ...participant, status: participant.status === 'joined' ? 'left' : 'failed', reason: 'call_ended', endedAtMs }
      : participant,
  );
