import t from 'tap';
import { failureWords } from '../../../src/calls/transfer/failure-words.js';
import { DEFAULT_TENANT } from '../../../src/core/ids.js';
import { FarEnd } from '../../support/far-end.js';
import { sine } from '../../support/signal.js';
import { header } from '../../support/sip-peer.js';
import { ATTENDED, BLIND, BRIEFING_HZ, hears, saying, TARGET, talking, theyTalk } from '../../support/transfers.js';
import { until } from '../../support/until.js';

void t.test(
  'a far end that refuses REFER is bridged: both hear each other, the recording goes on, the target ends it',
  async (t) => {
    const { s, caller, target, id, transferred, reaches, noted } = await talking(t);
    const starting = s.service.transfer(DEFAULT_TENANT, id, { ...BLIND, method: undefined });
    const invited = target.invited();
    await caller.asked('REFER', 603, 'Decline');
    t.match(await starting, { status: 'pending', method: 'bridge', by: 'operator' });
    const invite = await invited;
    t.match(invite.startLine, new RegExp(`^INVITE sip:\\${TARGET}@`));
    t.match(header(invite, 'Diversion'), /^<sip:agent@127\.0\.0\.1>;reason=deflection$/);
    t.match(header(invite, 'Referred-By'), /^<sip:agent@/);
    await target.answer(180, 'Ringing');
    const quiet = saying(caller, 440);
    await caller.rtp.until(() => hears(caller, 425), 'the caller hears it ring');
    await target.answer(200, 'OK');
    await quiet();
    await reaches('completed');
    await theyTalk(caller, target);
    t.same(noted(), ['start', 'hold'], 'the agent is silent');
    t.match(await s.database.calls.find(DEFAULT_TENANT, id), { status: 'in_progress' });
    t.match(await transferred(), { sipCode: 200, leg: { codec: 'PCMA', sipCallId: target.callId, answeredAtMs: Number } });
    await t.rejects(s.service.cancelTransfer(DEFAULT_TENANT, id), { code: 'conflict' });
    await t.rejects(s.service.transfer(DEFAULT_TENANT, id, BLIND), { code: 'conflict' });
    const bye = caller.asked('BYE');
    t.equal((await target.hangUp()).status, 200);
    await bye;
    const ended = await s.nextEnded();
    t.match(ended, {
      status: 'completed',
      termination: { result: 'success', reason: 'transferred' },
      endedBy: 'callee',
      transfer: { status: 'completed', method: 'bridge', endedAtMs: Number, leg: { endedAtMs: Number } },
    });
  },
);

void t.test('a caller who hangs up ends both; one who gives up while it rings takes the INVITE back', async (t) => {
  const bridged = await talking(t);
  void bridged.s.service.transfer(DEFAULT_TENANT, bridged.id, BLIND);
  await bridged.target.invited();
  await bridged.target.answer(200, 'OK');
  await bridged.reaches('completed');
  const bye = bridged.target.asked('BYE');
  await bridged.caller.hangUp();
  await bye;
  t.match(await bridged.s.nextEnded(), {
    termination: { reason: 'caller_hangup' },
    endedBy: 'caller',
    transfer: { status: 'completed', endedAtMs: Number },
  });

  const ringing = await talking(t);
  void ringing.s.service.transfer(DEFAULT_TENANT, ringing.id, BLIND);
  await ringing.target.invited();
  await ringing.target.answer(180, 'Ringing');
  const cancelled = ringing.target.asked('CANCEL');
  const hungUp = ringing.caller.hangUp();
  await cancelled;
  await ringing.target.answer(487, 'Request Terminated');
  await hungUp;
  t.match(await ringing.s.nextEnded(), {
    termination: { reason: 'caller_hangup' },
    transfer: { status: 'cancelled', reason: 'hung_up' },
  });
});

for (const [status, phrase, reason] of [
  [486, 'Busy Here', 'busy'],
  [603, 'Decline', 'declined'],
  [404, 'Not Found', 'no_such_number'],
  [500, 'Server Internal Error', 'failed'],
] as const) {
  void t.test(`${status}: the agent has the caller back and says why; who is called next is another matter`, async (t) => {
    const { s, caller, target, id, transferred, reaches, noted } = await talking(t);
    await s.service.transfer(DEFAULT_TENANT, id, BLIND);
    await target.invited();
    await target.answer(status, phrase);
    await reaches('failed');
    t.match(await transferred(), { sipCode: status, reason, endedAtMs: Number, leg: { endedAtMs: Number } });
    t.same(noted(), ['start', 'hold', 'unhold', `interrupt ${failureWords(reason)}`]);
    s.conversations[0]?.deps.media.playout.write(sine(880, 400, 16_000), 16_000);
    await caller.rtp.until(() => hears(caller, 880), 'the agent is heard again');
    const next = await FarEnd.open(s.peer);
    await s.service.transfer(DEFAULT_TENANT, id, { ...BLIND, failureMessage: '' });
    await next.invited();
    await next.answer(486, 'Busy Here');
    await until(() => noted()?.length === 6);
    t.same(noted()?.slice(4), ['hold', 'unhold'], 'nothing is said');
    await next.rtp.close();
  });
}

void t.test('who does not answer in time is not waited for, and a transfer can be taken back', async (t) => {
  const { s, target, id, transferred, reaches } = await talking(t);
  await s.service.transfer(DEFAULT_TENANT, id, { ...BLIND, ringTimeoutMs: 300 });
  await target.invited();
  await target.answer(180, 'Ringing');
  await target.asked('CANCEL');
  await target.answer(487, 'Request Terminated');
  await reaches('failed');
  t.match(await transferred(), { reason: 'no_answer' });

  const second = await FarEnd.open(s.peer);
  await s.service.transfer(DEFAULT_TENANT, id, BLIND);
  await second.invited();
  await second.answer(180, 'Ringing');
  const cancelled = second.asked('CANCEL');
  t.match(await s.service.cancelTransfer(DEFAULT_TENANT, id), { status: 'cancelled', reason: 'cancelled' });
  await cancelled;
  await second.answer(487, 'Request Terminated');
  await reaches('cancelled');
  await t.rejects(s.service.cancelTransfer(DEFAULT_TENANT, id), { code: 'conflict' }, 'nothing is left of it');
  await second.rtp.close();
});

void t.test('attended: the target is briefed, the caller hears it ring, then they are joined', async (t) => {
  const { s, caller, target, id, transferred, reaches } = await talking(t);
  await s.service.transfer(DEFAULT_TENANT, id, { ...ATTENDED, briefing: 'Ms Lee about her invoice.' });
  await target.invited();
  const quiet = saying(caller, 440);
  await target.answer(200, 'OK');
  await target.rtp.until(() => hears(target, BRIEFING_HZ), 'the briefing');
  t.equal((await transferred())?.status, 'consulting');
  t.notOk(hears(target, 440), 'not the caller yet');
  await reaches('completed');
  await quiet();
  await theyTalk(caller, target);
  const bye = target.asked('BYE');
  await caller.hangUp();
  await bye;
  t.match(await s.nextEnded(), { transfer: { kind: 'attended', status: 'completed' } });
});

void t.test(
  'attended: the target declines by a key or by hanging up, takes the call by 1, or is waited for by the API',
  async (t) => {
    const { s, target, id, transferred, reaches, noted } = await talking(t);
    const press = (end: FarEnd, digit: string): Promise<unknown> =>
      end.request('INFO', ['Content-Type: application/dtmf-relay'], `Signal=${digit}\r\nDuration=100\r\n`);
    await s.service.transfer(DEFAULT_TENANT, id, { ...ATTENDED, consent: 'key' });
    await target.invited();
    await target.answer(200, 'OK');
    await reaches('consulting');
    const bye = target.asked('BYE');
    await press(target, '2');
    await bye;
    await reaches('failed');
    t.match(await transferred(), { reason: 'declined', answeredAtMs: Number });
    t.same(noted()?.slice(1), ['hold', 'unhold', `interrupt ${failureWords('declined')}`]);

    const second = await FarEnd.open(s.peer);
    await s.service.transfer(DEFAULT_TENANT, id, { ...ATTENDED, consent: 'api' });
    await second.invited();
    await t.rejects(s.service.completeTransfer(DEFAULT_TENANT, id), { code: 'conflict' }, 'it has not answered');
    await second.answer(200, 'OK');
    await reaches('consulting');
    await second.hangUp();
    await reaches('failed');
    t.match(await transferred(), { reason: 'declined' });

    const third = await FarEnd.open(s.peer);
    await s.service.transfer(DEFAULT_TENANT, id, { ...ATTENDED, consent: 'key' });
    await third.invited();
    await third.answer(200, 'OK');
    await reaches('consulting');
    await press(third, '1');
    await reaches('completed');
    const gone = third.asked('BYE');
    await s.service.end(DEFAULT_TENANT, id).catch(() => {});
    await gone;
    await Promise.all([second.rtp.close(), third.rtp.close()]);
  },
);

void t.test('attended by the API: joined when the operator says so', async (t) => {
  const { s, caller, target, id, reaches } = await talking(t);
  await s.service.transfer(DEFAULT_TENANT, id, { ...ATTENDED, consent: 'api' });
  await target.invited();
  await target.answer(200, 'OK');
  await reaches('consulting');
  await s.service.completeTransfer(DEFAULT_TENANT, id);
  await reaches('completed');
  await theyTalk(caller, target);
});

void t.test('what we may not call is refused at once, or not tried after a REFER that was refused', async (t) => {
  const { s, caller, id, noted } = await talking(t);
  await t.rejects(s.service.transfer(DEFAULT_TENANT, id, { ...BLIND, target: 'sip:x@192.0.2.1' }), { code: 'forbidden' });
  t.same(noted(), ['start'], 'the agent has not noticed');
  const starting = s.service.transfer(DEFAULT_TENANT, id, { ...BLIND, target: 'sip:x@192.0.2.1', method: 'auto' });
  await caller.asked('REFER', 405, 'Method Not Allowed');
  t.match(await starting, { status: 'failed', reason: 'not_allowed', sipCode: 405 });
});
