import t from 'tap';
import { DEFAULT_TENANT } from '../../../src/core/ids.js';
import { startCalls } from '../../support/calls.js';
import { FarEnd } from '../../support/far-end.js';
import { sampleAgent } from '../../support/sample-records.js';
import { sine } from '../../support/signal.js';
import { header, type RawMessage } from '../../support/sip-peer.js';
import { inviteText, newCall } from '../../support/sip-texts.js';
import { hears } from '../../support/transfers.js';

type Test = { teardown(task: () => Promise<void> | void): void };

/** A call of ours that rings at `desk`; `other` is a telephone beside it. */
async function ringing(t: Test) {
  const s = await startCalls(t);
  const agent = sampleAgent({ startingMessage: 'Hello.' });
  await s.database.agents.insert(agent);
  const [desk, other] = [await FarEnd.open(s.peer, 'PCMU'), await FarEnd.open(s.peer, 'PCMA')];
  t.teardown(() => Promise.all([desk.rtp.close(), other.rtp.close()]).then(() => {}));
  const request = { agent, number: '+15550100', startingMessage: undefined, contextData: {}, taskId: undefined };
  const prepared = s.service.prepare(request);
  prepared.start({ recorded: false });
  await desk.invited();
  await desk.answer(180, 'Ringing');
  const call = () => s.database.calls.find(DEFAULT_TENANT, prepared.call.id);
  return { s, desk, other, call };
}

/** Sends an INVITE that nobody answers with 2xx. */
async function refused({ peer }: { peer: FarEndPeer }, replaces: string, body?: string): Promise<RawMessage> {
  const invite = newCall();
  const headers = [`Replaces: ${replaces}`, 'Require: replaces'];
  peer.send(inviteText(peer, invite, { uri: 'sip:offhook@127.0.0.1', headers, ...(body !== undefined && { body }) }));
  const isFinal = (m: RawMessage): boolean => m.status >= 200 && header(m, 'Call-ID') === invite.callId;
  return peer.next(isFinal, 'a final');
}
type FarEndPeer = Parameters<typeof FarEnd.open>[0];

void t.test('a telephone picks up the call that rings at another, which stops ringing; the agent talks with it', async (t) => {
  const { s, desk, other, call } = await ringing(t);
  t.match(
    await refused(
      s,
      desk.replaces,
      'v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 9 RTP/AVP 3\r\n',
    ),
    {
      status: 488,
    },
  );
  t.match(await call(), { status: 'initiated' }, 'it rings on');
  const cancelled = desk.asked('CANCEL');
  await other.call('offhook', [`Replaces: ${desk.replaces};early-only`]);
  await cancelled;
  await desk.answer(487, 'Request Terminated');
  await other.rtp.play(sine(440, 100, 8_000), other.mediaPort);
  const media = s.conversations[0]?.deps.media;
  if (!media) throw new Error('no conversation');
  media.playout.write(sine(880, 500, 16_000), 16_000);
  await other.rtp.until(() => hears(other, 880), 'the agent');
  t.match(await call(), {
    status: 'in_progress',
    direction: 'outbound',
    codec: 'PCMA',
    transfer: { method: 'replaces', by: 'far_end', status: 'completed' },
  });
  await other.hangUp();
  t.match(await s.nextEnded(), { status: 'completed', termination: { reason: 'callee_hangup' } });
});

void t.test('a call that is over and another dialog are not picked up', async (t) => {
  const { s, desk } = await ringing(t);
  const [callId, toTag, fromTag] = desk.replaces.split(';');
  t.match(await refused(s, `${callId};${toTag};from-tag=x`), { status: 481 });
  t.match(await refused(s, desk.replacesHere), { status: 481 }, 'seen from the other side');
  await desk.answer(486, 'Busy Here');
  await s.nextEnded();
  t.match(await refused(s, `${callId};${toTag};${fromTag}`), { status: 481 });
});
