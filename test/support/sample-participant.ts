import { newParticipantId } from '../../src/core/ids.js';
import type { Participant } from '../../src/domain/participant.js';

/** Somebody who is being called. */
export const sampleParticipant = (changes: Partial<Participant> = {}): Participant => ({
  id: newParticipantId(),
  target: '+15550123',
  mode: 'talk',
  status: 'pending',
  sipCode: undefined,
  reason: undefined,
  startedAtMs: 1_700_000_000_000,
  joinedAtMs: undefined,
  endedAtMs: undefined,
  leg: {
    sipCallId: '',
    fromUri: '',
    toUri: 'sip:+15550123@gateway.example',
    trunk: undefined,
    codec: undefined,
    srtp: undefined,
    mediaPeer: undefined,
    answeredAtMs: undefined,
    endedAtMs: undefined,
  },
  ...changes,
});
