import { join } from 'node:path';
import t from 'tap';
import { DEFAULT_TENANT, newParticipantId } from '../../../src/core/ids.js';
import type { Participant } from '../../../src/domain/participant.js';
import { FarEnd } from '../../support/far-end.js';
import { rms, sine, toneShare } from '../../support/signal.js';
import { BLIND, saying, talking } from '../../support/transfers.js';
import { until } from '../../support/until.js';
import { readStereoWav } from '../../support/wav.js';

const CALLER_HZ = 440;
const AGENT_HZ = 850;
const ANN_HZ = 1_300;
const BOB_HZ = 1_900;
const TARGET_HZ = 2_500;
const ANN = '+15550111';
const BOB = '+15550122';
const RATE_HZ = 16_000;

/** How much of the newest packets, each by itself, a tone makes up where it makes up most; a machine under load sends pieces of one. */
function shareIn(end: FarEnd, hz: number, packets: number): number {
  const audio = end.rtp.received.slice(-packets).filter(({ payloadType }) => payloadType !== 101);
  const shares = audio.map((packet) => {
    const samples = end.rtp.decode(packet);
    return rms(samples) > 500 ? toneShare(samples, hz, 8_000) : 0;
  });
  return Math.max(0, ...shares);
}

const hearsOnly = (end: FarEnd, present: readonly number[], absent: readonly number[]): boolean =>
  present.every((hz) => shareIn(end, hz, 20) > 0.1) && absent.every((hz) => shareIn(end, hz, 10) < 0.05);

/** Whether the tone stands anywhere in it. */
function recorded(samples: Int16Array, hz: number): boolean {
  for (let at = 0; at + 640 <= samples.length; at += 640) {
    const part = samples.subarray(at, at + 640);
    if (rms(part) > 500 && toneShare(part, hz, RATE_HZ) > 0.1) return true;
  }
  return false;
}

async function conference(t: Parameters<typeof talking>[0]) {
  const call = await talking(t, { capacity: 16 });
  const { s, id } = call;
  const open = async (codec: 'PCMU' | 'PCMA'): Promise<FarEnd> => {
    const end = await FarEnd.open(s.peer, codec);
    t.teardown(() => end.rtp.close());
    return end;
  };
  const known = async (who: Participant['id']): Promise<Participant | undefined> =>
    (await s.database.calls.find(DEFAULT_TENANT, id))?.participants?.find((participant) => participant.id === who);
  const becomes = (who: Participant['id'], status: Participant['status']): Promise<void> =>
    until(async () => (await known(who))?.status === status);
  /** Calls somebody in, who answers. */
  const joins = async (end: FarEnd, target: string, mode: Participant['mode']): Promise<Participant['id']> => {
    const added = await s.service.addParticipant(DEFAULT_TENANT, id, { target, mode });
    await end.invited();
    await end.answer(200, 'OK');
    await becomes(added.id, 'joined');
    return added.id;
  };
  return { ...call, open, known, becomes, joins };
}

void t.test(
  'a supervisor and a third party are called into a call, talk, listen and whisper, and the recording holds it',
  async (t) => {
    const { s, caller, target, id, open, known, becomes, joins, reaches } = await conference(t);
    const [ann, bob] = [await open('PCMA'), await open('PCMU')];
    s.conversations[0]?.deps.media.playout.write(sine(AGENT_HZ, 60_000, RATE_HZ), RATE_HZ);
    const annId = await joins(ann, ANN, 'talk');
    const bobId = await joins(bob, BOB, 'listen');
    t.match(await known(annId), { target: ANN, mode: 'talk', sipCode: 200, reason: undefined, leg: { codec: 'PCMA' } });
    const talkers = [saying(caller, CALLER_HZ), saying(ann, ANN_HZ), saying(bob, BOB_HZ)];
    await ann.rtp.until(() => hearsOnly(ann, [CALLER_HZ, AGENT_HZ], [ANN_HZ, BOB_HZ]), 'Ann hears the caller and the agent');
    await bob.rtp.until(() => hearsOnly(bob, [CALLER_HZ, AGENT_HZ, ANN_HZ], [BOB_HZ]), 'Bob hears all three');
    await caller.rtp.until(() => hearsOnly(caller, [AGENT_HZ, ANN_HZ], [CALLER_HZ, BOB_HZ]), 'the caller hears who talks');

    t.equal((await s.service.changeParticipant(DEFAULT_TENANT, id, bobId, 'talk')).mode, 'talk');
    await caller.rtp.until(() => hearsOnly(caller, [AGENT_HZ, ANN_HZ, BOB_HZ], [CALLER_HZ]), 'Bob talks from now on');
    await ann.rtp.until(() => hearsOnly(ann, [CALLER_HZ, AGENT_HZ, BOB_HZ], [ANN_HZ]), 'to Ann too');
    await s.service.changeParticipant(DEFAULT_TENANT, id, annId, 'whisper');
    await caller.rtp.until(() => hearsOnly(caller, [AGENT_HZ, BOB_HZ], [ANN_HZ]), 'a whisper is not for the caller');

    s.conversations[0]?.deps.hush?.(true);
    await ann.rtp.until(() => hearsOnly(ann, [BOB_HZ], [CALLER_HZ, AGENT_HZ]), 'what is nobody’s to overhear is not heard');
    s.conversations[0]?.deps.hush?.(false);
    await ann.rtp.until(() => hearsOnly(ann, [CALLER_HZ, AGENT_HZ], [ANN_HZ]), 'and the rest is again');

    const byeToBob = bob.asked('BYE');
    t.match(await s.service.removeParticipant(DEFAULT_TENANT, id, bobId), { status: 'left', reason: 'removed' });
    await byeToBob;
    await t.rejects(s.service.changeParticipant(DEFAULT_TENANT, id, bobId, 'listen'), { code: 'conflict' });
    await t.rejects(s.service.removeParticipant(DEFAULT_TENANT, id, newParticipantId()), { code: 'not_found' });

    void s.service.transfer(DEFAULT_TENANT, id, BLIND);
    await target.invited();
    await target.answer(200, 'OK');
    await reaches('completed');
    talkers.push(saying(target, TARGET_HZ));
    await target.rtp.until(() => hearsOnly(target, [CALLER_HZ, ANN_HZ], [TARGET_HZ]), 'the colleague hears the whisper');
    await caller.rtp.until(() => hearsOnly(caller, [TARGET_HZ], [ANN_HZ, AGENT_HZ, BOB_HZ]), 'the caller still does not');
    await ann.rtp.until(() => hearsOnly(ann, [CALLER_HZ, TARGET_HZ], [ANN_HZ]), 'Ann hears both');
    await s.service.changeParticipant(DEFAULT_TENANT, id, annId, 'talk');
    await caller.rtp.until(() => hearsOnly(caller, [TARGET_HZ, ANN_HZ], [CALLER_HZ]), 'now all three talk');

    const byeToAnn = ann.asked('BYE');
    await Promise.all(talkers.map((stop) => stop()));
    await caller.hangUp();
    await byeToAnn;
    const ended = await s.nextEnded();
    t.match(ended.participants, [
      { id: annId, mode: 'talk', status: 'left', reason: 'call_ended' },
      { id: bobId, mode: 'talk', status: 'left', reason: 'removed' },
    ]);
    t.equal((await known(annId))?.status, 'left', 'on record too');
    const { left, right } = readStereoWav(join(s.dataDir, ended.recordingPath ?? ''));
    t.ok(recorded(left, CALLER_HZ) && !recorded(left, ANN_HZ), 'the caller on the left');
    t.ok(
      [AGENT_HZ, ANN_HZ, BOB_HZ, TARGET_HZ].every((hz) => recorded(right, hz)),
      'all that the caller hears on the right',
    );
    await becomes(annId, 'left');
  },
);

void t.test(
  'who does not answer, hangs up or is called off leaves the call as it is; as many as may be are called',
  async (t) => {
    const { s, caller, id, open, known, becomes, joins } = await conference(t);
    const ann = await open('PCMU');
    const busy = await s.service.addParticipant(DEFAULT_TENANT, id, { target: ANN, mode: 'talk' });
    await ann.invited();
    await ann.answer(486, 'Busy Here');
    await becomes(busy.id, 'failed');
    t.match(await known(busy.id), { reason: 'busy', sipCode: 486, joinedAtMs: undefined });

    const bob = await open('PCMA');
    const bobId = await joins(bob, BOB, 'listen');
    await bob.hangUp();
    await becomes(bobId, 'left');
    t.equal((await known(bobId))?.reason, 'hung_up');

    const called = [];
    for (let i = 0; i < 8; i++) called.push(await s.service.addParticipant(DEFAULT_TENANT, id, { target: ANN, mode: 'listen' }));
    await t.rejects(s.service.addParticipant(DEFAULT_TENANT, id, { target: BOB, mode: 'talk' }), { code: 'conflict' });
    const [first] = called;
    if (!first) throw new Error('eight were called');
    t.match(await s.service.removeParticipant(DEFAULT_TENANT, id, first.id), { status: 'failed', reason: 'removed' });

    await caller.hangUp();
    const { participants, termination } = await s.nextEnded();
    t.match(termination, { result: 'success', reason: 'caller_hangup' });
    t.match(participants?.at(-1), { status: 'failed', reason: 'call_ended' });
    await t.rejects(s.service.addParticipant(DEFAULT_TENANT, id, { target: BOB, mode: 'talk' }), { code: 'call_already_ended' });
  },
);
