import { z } from 'zod';
import { PARTICIPANT_MODES, PARTICIPANT_REASONS, PARTICIPANT_STATUSES } from '../../../domain/participant.js';
import { TransferTarget } from './transfer-target.js';

const time = z.iso.datetime();

const Mode = z.enum(PARTICIPANT_MODES).meta({
  description:
    '`talk`: everybody hears them. `whisper`: whom the caller was handed over to hears them, and other participants that whisper or listen; the caller does not, and an agent never. `listen`: nobody hears them. All of them hear the caller, the agent or whom it handed over to, and participants that talk.',
});

export const ParticipantBody = z
  .strictObject({
    target: TransferTarget,
    mode: Mode.default('talk'),
    ring_timeout_seconds: z
      .number()
      .int()
      .min(5)
      .max(300)
      .optional()
      .meta({ description: 'As `outbound.ringTimeoutMs` when left out.' }),
  })
  .meta({ id: 'ParticipantRequest' });

export const ParticipantChange = z.strictObject({ mode: Mode }).meta({ id: 'ParticipantChange' });

export const ParticipantResource = z
  .object({
    id: z.uuid(),
    target: z.string().meta({ example: '+15550123' }),
    mode: Mode,
    status: z
      .enum(PARTICIPANT_STATUSES)
      .meta({ description: '`pending`: being called. `failed`: it never came to more than that.' }),
    reason: z.enum(PARTICIPANT_REASONS).nullable().meta({ description: 'Why they never joined, or are there no more.' }),
    sip_code: z.number().int().nullable().meta({ description: 'Final SIP status of our INVITE.' }),
    started_at: time,
    joined_at: time.nullable(),
    ended_at: time.nullable(),
  })
  .meta({ id: 'Participant' });

export const ParticipantOfCall = z
  .object({ call_id: z.uuid(), participant: ParticipantResource })
  .meta({ id: 'ParticipantOfCall' });

export const ParticipantsOfCall = z
  .object({ call_id: z.uuid(), participants: z.array(ParticipantResource) })
  .meta({ id: 'ParticipantsOfCall' });
