import t from 'tap';
import { failureWords } from '../../../src/calls/transfer/failure-words.js';
import { DEFAULT_TENANT } from '../../../src/core/ids.js';
import type { TransferRequest } from '../../../src/domain/ports/call-control.js';
import type { Transfer } from '../../../src/domain/transfer.js';
import { startCalls } from '../../support/calls.js';
import { header, type RawMessage } from '../../support/sip-peer.js';
import { ackText, inviteText, newCall, requestText, responseText } from '../../support/sip-texts.js';
import { until } from '../../support/until.js';

const blind = (target: string): TransferRequest => ({ target, kind: 'blind', consent: 'none' });

type Test = { teardown(task: () => Promise<void> | void): void };
type Talk = Awaited<ReturnType<typeof talking>>;

/** A caller and the demo agent on an answered call. */
async function talking(t: Test) {
  const s = await startCalls(t);
  const call = newCall();
  s.peer.send(inviteText(s.peer, call, { uri: 'sip:demo@127.0.0.1' }));
  const ok = await s.peer.status(200);
  s.peer.send(ackText(s.peer, call, ok));
  await until(() => s.conversations[0]?.noted.includes('start') ?? false);
  const [record] = (await s.database.calls.list(DEFAULT_TENANT, {}, { limit: 1, offset: 0 })).items;
  if (!record) throw new Error('no record of the call');
  const transferred = async (): Promise<Transfer | undefined> =>
    (await s.database.calls.find(DEFAULT_TENANT, record.id))?.transfer;
  return { s, call, ok, id: record.id, transferred };
}

let cseq = 10;
async function notify({ s, call, ok }: Talk, fragment: string, state: string): Promise<RawMessage> {
  cseq += 1;
  const headers = ['Event: refer', `Subscription-State: ${state}`, 'Content-Type: message/sipfrag;version=2.0'];
  s.peer.send(requestText(s.peer, 'NOTIFY', call, { to: header(ok, 'To'), cseq, headers, body: fragment }));
  return s.peer.next((m) => m.status >= 200 && m.method === 'NOTIFY', 'an answer to NOTIFY');
}

/** Has the call transferred, and answers the REFER. */
async function refer(talk: Talk, target: string, status: number): Promise<{ asked: RawMessage; answer: Transfer }> {
  const { s, id } = talk;
  const answer = s.service.transfer(DEFAULT_TENANT, id, blind(target));
  const asked = await s.peer.request('REFER');
  s.peer.send(responseText(asked, status, 'Said', ''));
  return { asked, answer: await answer };
}

void t.test('a caller who is transferred is let go, and the record says where to', async (t) => {
  const talk = await talking(t);
  const { s } = talk;
  const { asked, answer } = await refer(talk, '+15550199', 202);
  t.equal(header(asked, 'Refer-To'), `<sip:+15550199@127.0.0.1:${s.peer.port}>`, 'the way of our own calls');
  t.match(header(asked, 'Referred-By'), /^<sip:/);
  t.match(answer, { target: '+15550199', kind: 'blind', method: 'refer', by: 'operator', status: 'pending', sipCode: undefined });
  t.same(s.conversations[0]?.noted, ['start', 'hold'], 'the agent is silent');
  t.equal((await notify(talk, 'SIP/2.0 100 Trying\r\n', 'active;expires=60')).status, 200);
  t.equal((await notify(talk, 'SIP/2.0 180 Ringing\r\n', 'active')).status, 200);
  await until(async () => (await talk.transferred())?.sipCode === 180);
  await t.rejects(
    s.service.transfer(DEFAULT_TENANT, talk.id, blind('sip:other@127.0.0.1')),
    { code: 'conflict' },
    'one at a time',
  );
  await notify(talk, 'SIP/2.0 200 OK\r\n', 'terminated;reason=noresource');
  const bye = await s.peer.request('BYE');
  s.peer.send(responseText(bye, 200, 'OK', ''));
  const ended = await s.nextEnded();
  t.match(ended, {
    status: 'completed',
    termination: { result: 'success', reason: 'transferred' },
    transfer: { target: '+15550199', status: 'completed', sipCode: 200 },
  });
  t.match(await talk.transferred(), { status: 'completed', sipCode: 200, endedAtMs: Number });
});

for (const [what, fragment, state, sipCode, reason] of [
  ['is busy', 'SIP/2.0 486 Busy Here\r\n', 'terminated;reason=noresource', 486, 'busy'],
  ['is not heard of again', '', 'terminated;reason=timeout', undefined, 'failed'],
] as const) {
  void t.test(`when who is called ${what}, the agent takes the caller back`, async (t) => {
    const talk = await talking(t);
    await refer(talk, 'sip:sales@192.0.2.9', 202);
    t.equal((await notify(talk, fragment, state)).status, 200);
    await until(async () => (await talk.transferred())?.status === 'failed');
    t.equal((await talk.transferred())?.sipCode, sipCode);
    t.same(talk.s.conversations[0]?.noted, ['start', 'hold', 'unhold', `interrupt ${failureWords(reason)}`]);
    t.equal((await talk.transferred())?.reason, reason);
    const again = await refer(talk, 'sip:support@192.0.2.9', 202);
    t.equal(again.answer.status, 'pending', 'and may be sent elsewhere');
  });
}

void t.test('a far end that cannot transfer says so at once, and the call goes on', async (t) => {
  const talk = await talking(t);
  const { answer } = await refer(talk, 'sip:sales@192.0.2.9', 405);
  t.match(answer, { target: 'sip:sales@192.0.2.9', method: 'refer', status: 'failed', sipCode: 405, reason: 'not_allowed' });
  t.same(talk.s.conversations[0]?.noted, ['start', 'hold', 'unhold', `interrupt ${failureWords('not_allowed')}`]);
});

void t.test('a caller who hangs up meanwhile has hung up, and what came of it is not known', async (t) => {
  const talk = await talking(t);
  await refer(talk, 'sip:sales@192.0.2.9', 202);
  talk.s.peer.send(requestText(talk.s.peer, 'BYE', talk.call, { to: header(talk.ok, 'To'), cseq: 900 }));
  const ended = await talk.s.nextEnded();
  t.match(ended, { termination: { reason: 'caller_hangup' }, transfer: { status: 'cancelled', reason: 'hung_up' } });
});

void t.test('NOTIFY that nobody asked for, or that says nothing, is refused', async (t) => {
  const talk = await talking(t);
  t.equal((await notify(talk, 'SIP/2.0 200 OK\r\n', 'active')).status, 481);
  await refer(talk, 'sip:sales@192.0.2.9', 202);
  t.equal((await notify(talk, 'hello', 'active')).status, 400);
  t.equal((await talk.transferred())?.status, 'pending');
  await t.rejects(talk.s.service.transfer(DEFAULT_TENANT, talk.id, blind('sip:a b')), { code: 'conflict' });
});

void t.test('what is no SIP URI is asked of nobody', async (t) => {
  const { s, id } = await talking(t);
  const answer = await s.service.transfer(DEFAULT_TENANT, id, blind('sip:a b>'));
  t.same(answer.status, 'failed');
  t.notOk(s.peer.received.some(({ startLine }) => startLine.startsWith('REFER')));
});
