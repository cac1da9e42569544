import t from 'tap';
import { failureWords } from '../../../src/calls/transfer/failure-words.js';
import { DEFAULT_TENANT } from '../../../src/core/ids.js';
import type { TransferPolicy } from '../../../src/domain/transfer.js';
import type { FarEnd } from '../../support/far-end.js';
import { header, type RawMessage } from '../../support/sip-peer.js';
import { ATTENDED, talking, theyTalk } from '../../support/transfers.js';

type Test = Parameters<typeof talking>[0];

const ABLE = ['Allow: INVITE, ACK, BYE, CANCEL, REFER, NOTIFY', 'Supported: timer, replaces'];

/** A caller and a target that has answered and heard of them; both say that they can do what `headers` say. */
async function consulted(t: Test, method: TransferPolicy, headers: readonly string[] = ABLE) {
  const talk = await talking(t, { headers });
  await talk.s.service.transfer(DEFAULT_TENANT, talk.id, { ...ATTENDED, method });
  await talk.target.invited();
  await talk.target.answer(200, 'OK', headers);
  return talk;
}

/** Reports the status of the call that it was asked to make. */
const reports = (caller: FarEnd, status: string): Promise<RawMessage> => {
  const state = status.startsWith('1') ? 'active;expires=60' : 'terminated;reason=noresource';
  const headers = ['Event: refer', `Subscription-State: ${state}`, 'Content-Type: message/sipfrag;version=2.0'];
  return caller.request('NOTIFY', headers, `SIP/2.0 ${status}\r\n`);
};

void t.test('attended: the caller is told to take our place with the target, and both are left alone when it has', async (t) => {
  const { s, caller, target, transferred } = await consulted(t, 'auto');
  const refer = await caller.asked('REFER', 202, 'Accepted');
  const [, uri, replaces = ''] = /^<(sip:[^?]+)\?Replaces=([^&>]+)>$/.exec(header(refer, 'Refer-To')) ?? [];
  t.equal(uri, `sip:target@127.0.0.1:${s.peer.port}`, 'where the target is');
  t.equal(decodeURIComponent(replaces), target.replacesHere, 'its dialog with us, as it sees it');
  t.match(replaces, /^[^;@=]+$/, 'escaped');
  await reports(caller, '100 Trying');
  t.match(await transferred(), { kind: 'attended', method: 'refer', status: 'consulting', sipCode: 100 });
  await theyTalk(caller, target);
  await target.hangUp();
  const bye = caller.asked('BYE');
  await reports(caller, '200 OK');
  await bye;
  t.match(await s.nextEnded(), {
    termination: { result: 'success', reason: 'transferred' },
    transfer: {
      method: 'refer',
      status: 'completed',
      sipCode: 200,
      answeredAtMs: Number,
      endedAtMs: Number,
      leg: { endedAtMs: Number },
    },
  });
});

void t.test('a target that stays on the line is hung up on when the caller has reached it', async (t) => {
  const { s, caller, target } = await consulted(t, 'refer', []);
  await caller.asked('REFER', 202, 'Accepted');
  const byes = [target.asked('BYE'), caller.asked('BYE')];
  await reports(caller, '200 OK');
  await Promise.all(byes);
  t.match(await s.nextEnded(), { transfer: { method: 'refer', status: 'completed' } });
});

void t.test('a caller that leaves without a word after the target has left has taken our place', async (t) => {
  const { s, caller, target } = await consulted(t, 'auto');
  await caller.asked('REFER', 202, 'Accepted');
  await target.hangUp();
  await caller.hangUp();
  t.match(await s.nextEnded(), { transfer: { method: 'refer', status: 'completed' } });
});

void t.test('a caller that will not, or fails, is bridged to the target', async (t) => {
  const refusing = await consulted(t, 'auto');
  await refusing.caller.asked('REFER', 603, 'Decline');
  await refusing.reaches('completed');
  t.match(await refusing.transferred(), { method: 'bridge', sipCode: 200 });
  await theyTalk(refusing.caller, refusing.target);

  const failing = await consulted(t, 'auto');
  await failing.caller.asked('REFER', 202, 'Accepted');
  await reports(failing.caller, '481 Call/Transaction Does Not Exist');
  await failing.reaches('completed');
  t.match(await failing.transferred(), { method: 'bridge', sipCode: 200 });
  await theyTalk(failing.caller, failing.target);
});

void t.test('who does not say that it can is not asked', async (t) => {
  const { s, caller, target, transferred, reaches } = await consulted(t, 'auto', [
    'Allow: INVITE, ACK, BYE',
    'Supported: replaces',
  ]);
  await reaches('completed');
  t.match(await transferred(), { method: 'bridge' });
  await theyTalk(caller, target);
  t.notOk(s.peer.received.some(({ method }) => method === 'REFER'));
});

void t.test(
  'where nothing but REFER is wanted, the agent has back a caller that will not, or whom the target has left',
  async (t) => {
    const refusing = await consulted(t, 'refer');
    const bye = refusing.target.asked('BYE');
    await refusing.caller.asked('REFER', 405, 'Method Not Allowed');
    await bye;
    await refusing.reaches('failed');
    t.match(await refusing.transferred(), { method: 'refer', reason: 'refused', sipCode: 405 });
    t.same(refusing.noted(), ['start', 'hold', 'unhold', `interrupt ${failureWords('refused')}`]);

    const left = await consulted(t, 'auto');
    await left.caller.asked('REFER', 202, 'Accepted');
    await left.target.hangUp();
    await reports(left.caller, '486 Busy Here');
    await left.reaches('failed');
    t.match(await left.transferred(), { reason: 'busy', sipCode: 486 });
    t.match(await left.s.database.calls.find(DEFAULT_TENANT, left.id), { status: 'in_progress' });
  },
);
