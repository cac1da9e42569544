import { z } from 'zod';
import { PARTICIPANT_MODES, PARTICIPANT_REASONS, PARTICIPANT_STATUSES, type Participant } from '../domain/participant.js';
import { LegJson } from './rows.js';

const ParticipantJson = z.object({
  id: z.string(),
  target: z.string(),
  mode: z.enum(PARTICIPANT_MODES),
  status: z.enum(PARTICIPANT_STATUSES),
  sipCode: z.number().optional(),
  reason: z.enum(PARTICIPANT_REASONS).optional(),
  startedAtMs: z.number(),
  joinedAtMs: z.number().optional(),
  endedAtMs: z.number().optional(),
  leg: LegJson,
});

export const participantOf = (json: string): Participant => ParticipantJson.parse(JSON.parse(json)) as Participant;

export const participantsOf = (json: string): Participant[] => z.array(ParticipantJson).parse(JSON.parse(json)) as Participant[];
