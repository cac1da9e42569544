import t from 'tap';
import { calledBy, directionOf, type EstablishedCall, PCMU, sdp, versionOf } from '../../support/dialog-calls.js';
import type { RawMessage } from '../../support/sip-peer.js';
import { startTelephony, type TestTelephony } from '../../support/telephony.js';

let cseq = 100;

/** A re-INVITE of the peer's with this offer, or without one and with `answer` in its ACK. */
async function reinvite(s: TestTelephony, call: EstablishedCall, offer: string, answer?: string): Promise<RawMessage> {
  cseq += 1;
  call.send('INVITE', cseq, { body: offer });
  const ok = await s.peer.status(200);
  call.acknowledge(cseq, answer);
  // What the ACK says has been taken once this is answered.
  cseq += 1;
  call.send('OPTIONS', cseq);
  await s.peer.status(200, 'OPTIONS');
  return ok;
}

const AUDIO = 'm=audio 40000 RTP/AVP 0';
const MOVED = sdp('m=audio 40010 RTP/AVP 0').replace('c=IN IP4 127.0.0.1', 'c=IN IP4 127.0.0.2');
const HOLDS: readonly { how: string; offer: string; answered: string; agreed: string }[] = [
  { how: 'sendonly', offer: sdp(AUDIO, 'a=sendonly'), answered: 'recvonly', agreed: 'recvonly' },
  { how: 'inactive', offer: sdp(AUDIO, 'a=inactive'), answered: 'inactive', agreed: 'inactive' },
  { how: 'sendonly for the whole session', offer: sdp('a=sendonly', AUDIO), answered: 'recvonly', agreed: 'recvonly' },
  {
    how: 'c=0.0.0.0',
    offer: PCMU.replace('c=IN IP4 127.0.0.1', 'c=IN IP4 0.0.0.0'),
    answered: 'recvonly',
    agreed: 'recvonly',
  },
  { how: 'port 0', offer: sdp('m=audio 0 RTP/AVP 0'), answered: '', agreed: 'inactive' },
];

for (const { how, offer, answered, agreed } of HOLDS) {
  void t.test(`a hold by ${how} is answered so, refreshed, and ended at another address`, async (t) => {
    const s = await startTelephony(t);
    const call = await calledBy(s);
    const held = await reinvite(s, call, offer);
    t.equal(directionOf(held), answered);
    t.equal(call.agreements.at(-1)?.direction, agreed);
    const refresh = await reinvite(s, call, offer);
    t.equal(refresh.body, held.body, 'a refresh of the hold changes nothing');
    t.equal(call.agreements.length, 2, 'and does not disturb the media');
    const resumed = await reinvite(s, call, MOVED);
    t.equal(directionOf(resumed), 'sendrecv');
    t.match(resumed.body, 'm=audio 20000 ');
    t.ok(versionOf(resumed) > versionOf(held));
    t.match(call.agreements.at(-1), { direction: 'sendrecv', remote: { address: '127.0.0.2', rtpPort: 40_010 } });
  });

  void t.test(`a hold by ${how} in the ACK of a re-INVITE without an offer, and the way back`, async (t) => {
    const s = await startTelephony(t);
    const call = await calledBy(s);
    const asked = await reinvite(s, call, '', offer);
    t.equal(asked.body, call.ours.body, 'what stands is what we offer');
    t.equal(call.agreements.at(-1)?.direction, agreed);
    const back = await reinvite(s, call, '', PCMU);
    t.equal(directionOf(back), 'sendrecv', 'we offer what we want, not what holds');
    t.match(back.body, 'm=audio 20000 ');
    t.match(call.agreements.at(-1), { direction: 'sendrecv', remote: { rtpPort: 40_000 } });
  });
}

void t.test('a bodiless refresh answered by what stands does not disturb the media', async (t) => {
  const s = await startTelephony(t);
  const call = await calledBy(s);
  await reinvite(s, call, '', PCMU);
  await reinvite(s, call, PCMU);
  t.equal(call.agreements.length, 1);
});
