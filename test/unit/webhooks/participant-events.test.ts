import t from 'tap';
import { DEFAULT_TENANT } from '../../../src/core/ids.js';
import type { Participant } from '../../../src/domain/participant.js';
import { openDatabase } from '../../../src/storage/database.js';
import { participantPayloadOf } from '../../../src/webhooks/payload.js';
import { sampleParticipant } from '../../support/sample-participant.js';
import { sampleCall } from '../../support/sample-records.js';

void t.test('each step of whom a call was joined by is told once, as it was then', async (t) => {
  const database = await openDatabase(':memory:');
  t.teardown(() => database.close());
  const call = sampleCall({ status: 'in_progress' });
  await database.calls.insert(call);
  const [ann, bob] = [sampleParticipant(), sampleParticipant({ target: '+15550124', mode: 'listen' })];
  const store = (participants: readonly Participant[]): Promise<void> => database.calls.update({ ...call, participants });
  const joined: Participant = { ...ann, status: 'joined', sipCode: 200, joinedAtMs: ann.startedAtMs + 3000.4 };
  const talks: Participant = { ...joined, mode: 'whisper' };
  const left: Participant = { ...talks, status: 'left', reason: 'hung_up', endedAtMs: ann.startedAtMs + 9000 };
  const busy: Participant = { ...bob, status: 'failed', reason: 'busy', sipCode: 486, endedAtMs: ann.startedAtMs + 4000 };
  for (const participants of [[ann], [ann, bob], [joined, bob], [joined, bob], [talks, bob], [talks, busy], [left, busy]]) {
    await store(participants);
  }
  const events = (await database.webhooks.undispatched(10)).filter(({ participant }) => participant);
  t.match(events, [
    { type: 'participant_joined', callId: call.id, tenantId: DEFAULT_TENANT, atMs: ann.startedAtMs + 3000, participant: joined },
    { type: 'participant_failed', participant: busy },
    { type: 'participant_left', atMs: ann.startedAtMs + 9000, participant: left },
  ]);
  t.equal(events.length, 3);
  const [, , last] = events;
  if (!last?.participant) throw new Error('there are three');
  t.same(JSON.parse(participantPayloadOf(last, last.participant)), {
    event_type: 'participant_left',
    task_id: null,
    call_id: call.id,
    status: 'in_progress',
    data: {
      participant: {
        id: ann.id,
        target: '+15550123',
        mode: 'whisper',
        status: 'left',
        reason: 'hung_up',
        sip_code: 200,
        started_at: '2023-11-14T22:13:20.000Z',
        joined_at: '2023-11-14T22:13:23.000Z',
        ended_at: '2023-11-14T22:13:29.000Z',
      },
    },
  });
  t.same(
    (await database.calls.find(DEFAULT_TENANT, call.id))?.participants?.map(({ status }) => status),
    ['left', 'failed'],
  );
});
