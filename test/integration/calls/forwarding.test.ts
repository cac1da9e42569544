import t from 'tap';
import { systemClock } from '../../../src/core/clock.js';
import { AppError } from '../../../src/core/errors.js';
import { DEFAULT_TENANT, newRouteId } from '../../../src/core/ids.js';
import type { Sounds } from '../../../src/domain/ports/media.js';
import type { SpeechCatalog } from '../../../src/domain/ports/speech.js';
import { ANY_CALL, type RouteTarget } from '../../../src/domain/route.js';
import { RouteTable } from '../../../src/routes/route-table.js';
import { startCalls } from '../../support/calls.js';
import { FarEnd } from '../../support/far-end.js';
import { openTestEngine } from '../../support/media.js';
import { sine } from '../../support/signal.js';
import { header, SipPeer } from '../../support/sip-peer.js';
import { hears, saying, theyTalk } from '../../support/transfers.js';
import { until } from '../../support/until.js';

type Test = Parameters<typeof startCalls>[0];
type TransferTarget = Extract<RouteTarget, { type: 'transfer' }>;

const FIRST = '+15550101';
const SECOND = '+15550102';

/** A caller whose call a route sends on, and those who may be called for them. */
async function routed(t: Test, target: Partial<TransferTarget>, options: Parameters<typeof startCalls>[1] = {}) {
  const route = {
    id: newRouteId(),
    tenantId: DEFAULT_TENANT,
    name: 'only',
    enabled: true,
    priority: 1,
    version: 1,
    createdAtMs: 0,
    updatedAtMs: 0,
    match: ANY_CALL,
    target: { type: 'transfer', to: [FIRST], ringTimeoutMs: undefined, otherwise: undefined, ...target } as const,
    variables: [],
  };
  const routes = new RouteTable({ routes: { enabledOf: async () => [route] }, clock: systemClock });
  const speech = { suiteFor: () => ({ tts: { name: 'none' } }), warm: async () => {} } as unknown as SpeechCatalog;
  const s = await startCalls(t, { routes, speech, ...options });
  const peer = await SipPeer.udp(s.sipPort);
  const [caller, target1, target2] = [await FarEnd.open(peer), await FarEnd.open(s.peer, 'PCMA'), await FarEnd.open(s.peer)];
  t.teardown(async () => {
    await Promise.all([peer, caller.rtp, target1.rtp, target2.rtp].map((end) => end.close()));
  });
  return { s, peer, caller, target: target1, next: target2 };
}

void t.test('the target rings, then the caller hears that; both are joined when it answers, until it hangs up', async (t) => {
  const { s, peer, caller, target } = await routed(t, {});
  caller.invite('+4930123');
  const invite = await target.invited();
  t.match(invite.startLine, `INVITE sip:${FIRST}@`);
  t.match(header(invite, 'From'), /^<sip:desk@/, 'who we are at the gateway');
  t.match(header(invite, 'Diversion'), /^<sip:agent@127\.0\.0\.1>;reason=unconditional$/);
  t.notOk(
    peer.received.some(({ status }) => status > 100),
    'nobody rings yet',
  );
  await target.answer(180, 'Ringing');
  await peer.status(180);
  await target.answer(200, 'OK');
  t.equal((await caller.final()).status, 200);
  await theyTalk(caller, target);
  const [running] = await s.database.calls.unfinished();
  t.match(running, { status: 'in_progress', agentName: 'transfer', setup: { ringingAtMs: Number } });
  await t.rejects(s.service.say(DEFAULT_TENANT, running!.id, 'x', { interrupt: false }), { code: 'conflict' });
  const bye = caller.asked('BYE');
  await target.hangUp();
  await bye;
  const ended = await s.nextEnded();
  t.match(ended, {
    status: 'completed',
    termination: { result: 'success', reason: 'callee_hangup' },
    endedBy: 'callee',
    sipCode: 200,
    q850Cause: 16,
    transfer: { target: FIRST, by: 'route', method: 'bridge', status: 'completed', leg: { codec: 'PCMA', endedAtMs: Number } },
  });
  const { termination, transfer, sipCode } = (await s.database.calls.find(DEFAULT_TENANT, ended.id)) ?? {};
  t.match(
    { termination, transfer, sipCode },
    { termination: ended.termination, transfer: { status: 'completed' }, sipCode: 200 },
  );
});

void t.test('a caller who hangs up ends both; one who gives up while it rings takes the INVITE back', async (t) => {
  const answered = await routed(t, {});
  answered.caller.invite('desk');
  await answered.target.invited();
  await answered.target.answer(200, 'OK');
  await answered.caller.final();
  const bye = answered.target.asked('BYE');
  await answered.caller.hangUp();
  await bye;
  t.match(await answered.s.nextEnded(), {
    termination: { reason: 'caller_hangup' },
    endedBy: 'caller',
    transfer: { status: 'completed', endedAtMs: Number },
  });

  const { s, peer, caller, target } = await routed(t, {});
  caller.invite('desk');
  await target.invited();
  await target.answer(180, 'Ringing');
  await peer.status(180);
  const cancelled = target.asked('CANCEL');
  caller.cancel();
  await cancelled;
  await target.answer(487, 'Request Terminated');
  t.match(await s.nextEnded(), {
    termination: { result: 'client_error', reason: 'cancelled' },
    endedBy: 'caller',
    sipCode: 487,
    transfer: { status: 'cancelled', reason: 'hung_up', leg: { endedAtMs: Number } },
  });
  t.ok(peer.received.some(({ status, method }) => status === 487 && method === 'INVITE'));
});

for (const [status, phrase, sent, expected] of [
  [486, 'Busy Here', 486, { termination: { result: 'client_error', reason: 'busy' }, endedBy: 'callee', q850Cause: 17 }],
  [603, 'Decline', 603, { termination: { result: 'client_error', reason: 'rejected' }, endedBy: 'callee' }],
  [404, 'Not Found', 404, { termination: { result: 'client_error', reason: 'no_such_number' }, endedBy: 'network' }],
  [480, 'Away', 480, { termination: { result: 'client_error', reason: 'no_answer' }, sipReason: 'Away' }],
  [401, 'Unauthorized', 502, { termination: { result: 'upstream_error', reason: 'sip_401' } }],
  [503, 'Unavailable', 502, { termination: { result: 'upstream_error', reason: 'sip_503' } }],
] as const) {
  void t.test(`${status} of the target is ${sent} for the caller, and on the record`, async (t) => {
    const { s, caller, target } = await routed(t, {});
    caller.invite('desk');
    await target.invited();
    await target.answer(status, phrase);
    t.equal((await caller.final()).status, sent);
    const ended = await s.nextEnded();
    t.match(ended, { ...expected, status: 'failed', sipCode: sent, answeredAtMs: undefined });
    t.match(ended.transfer, { status: 'failed', sipCode: status, leg: { endedAtMs: Number } });
  });
}

void t.test('who does not answer in time is not waited for; the next one is called, then an agent has the call', async (t) => {
  const otherwise = { type: 'agent', agent: 'demo' } as const;
  const { s, caller, target, next } = await routed(t, { to: [FIRST, SECOND], ringTimeoutMs: 300, otherwise });
  caller.invite('desk');
  await target.invited();
  await target.answer(180, 'Ringing');
  await target.asked('CANCEL');
  await target.answer(487, 'Request Terminated');
  t.match((await next.invited()).startLine, `INVITE sip:${SECOND}@`);
  await next.answer(486, 'Busy Here');
  t.equal((await caller.final()).status, 200);
  await until(() => s.conversations[0]?.noted.includes('start') ?? false);
  const [running] = await s.database.calls.unfinished();
  t.match(running, { status: 'in_progress', agentName: 'Front Desk', transfer: { target: SECOND, reason: 'busy' } });
  await caller.hangUp();
  t.match(await s.nextEnded(), { termination: { reason: 'caller_hangup' } });
  const alone = await routed(t, { ringTimeoutMs: 300 });
  alone.caller.invite('desk');
  await alone.target.invited();
  await alone.target.answer(180, 'Ringing');
  await alone.target.asked('CANCEL');
  await alone.target.answer(487, 'Request Terminated');
  t.equal((await alone.caller.final()).status, 480);
  t.match(await alone.s.nextEnded(), {
    termination: { reason: 'no_answer' },
    sipCode: 480,
    q850Cause: 18,
    transfer: { reason: 'no_answer' },
  });
});

void t.test('what the target says before the answer is heard by the caller; the next one rings', async (t) => {
  const { s, peer, caller, target, next } = await routed(t, { to: [FIRST, SECOND] });
  caller.invite('desk');
  await target.invited();
  await target.answer(183, 'Session Progress', [], target.sdp);
  const progress = await peer.status(183);
  t.match(progress.body, /m=audio/);
  const stop = saying(target, 1_000);
  await caller.rtp.until(() => hears(caller, 1_000), 'the announcement of the network');
  await stop();
  await target.answer(480, 'Away');
  await next.invited();
  await caller.rtp.until(() => hears(caller, 425), 'a ring tone, now that the call has sound');
  await next.answer(180, 'Ringing');
  await next.answer(200, 'OK');
  const ok = await caller.final();
  t.equal(ok.body, progress.body, 'the answer repeats the description');
  await theyTalk(caller, next, 1_300);
  const bye = next.asked('BYE');
  await caller.hangUp();
  await bye;
  t.match(await s.nextEnded(), { transfer: { target: SECOND, status: 'completed' } });
});

void t.test('a caller who waits for the next one hears the configured recording in place of a ring tone', async (t) => {
  const engine = openTestEngine(t, { capacity: 1 });
  const beforeAnswer = { sound: engine.prepareSound(sine(900, 1_000, 8_000), 8_000), gainDb: -3 };
  const sounds: Sounds = { named: () => undefined, musicOnHold: undefined, beforeAnswer };
  const { caller, target, next } = await routed(t, { to: [FIRST, SECOND] }, { sounds });
  caller.invite('desk');
  await target.invited();
  await target.answer(183, 'Session Progress', [], target.sdp);
  const stop = saying(target, 1_300);
  await caller.rtp.until(() => hears(caller, 1_300), 'the announcement of the network');
  await stop();
  await target.answer(480, 'Away');
  await next.invited();
  await caller.rtp.until(() => hears(caller, 900), 'the recording');
  await next.answer(200, 'OK');
  await caller.final();
  await theyTalk(caller, next, 1_300);
  const bye = next.asked('BYE');
  await caller.hangUp();
  await bye;
});

void t.test('a call that has been here before, or has gone through too many, is not sent round again', async (t) => {
  const { s, caller, target } = await routed(t, {});
  caller.invite('desk', ['Diversion: <sip:desk@carrier.example>;reason=unconditional']);
  t.equal((await caller.final()).status, 482);
  t.match(await s.nextEnded(), { sipCode: 482, endedBy: 'system', termination: { result: 'client_error' } });
  const self = await routed(t, { to: ['+4930123'] });
  self.caller.invite('+4930123');
  t.equal((await self.caller.final()).status, 482, 'the number that was called, over the way it came');
  const through = await FarEnd.open(await peerOf(t, s.sipPort));
  t.teardown(() => through.rtp.close());
  through.invite('desk');
  t.equal(header(await target.invited(), 'Max-Forwards'), '69', 'one less than came');
  await target.answer(486, 'Busy Here');
  await through.final();
});

void t.test('whom we may not call is not called: the caller gets 403, and 503 when no line is free', async (t) => {
  const refusing = (code: 'destination_not_allowed' | 'capacity_exhausted') => () => ({
    waysTo: () => {
      throw new AppError(code, 'not now');
    },
    waysToUri: () => [],
  });
  const guarded = await routed(t, {}, { route: refusing('destination_not_allowed') });
  guarded.caller.invite('desk');
  t.equal((await guarded.caller.final()).status, 403);
  t.match(await guarded.s.nextEnded(), { termination: { reason: 'rejected' }, endedBy: 'system', sipCode: 403 });
  const full = await routed(t, {}, { route: refusing('capacity_exhausted') });
  full.caller.invite('desk');
  t.equal((await full.caller.final()).status, 503);
  t.match(await full.s.nextEnded(), { termination: { result: 'server_error', reason: 'capacity_exhausted' }, sipCode: 503 });
});

void t.test('an operator ends it while it rings', async (t) => {
  const { s, caller, target } = await routed(t, {});
  caller.invite('desk');
  await target.invited();
  await target.answer(180, 'Ringing');
  const [ringing] = await s.database.calls.unfinished();
  const cancelled = target.asked('CANCEL');
  const ending = s.service.end(DEFAULT_TENANT, ringing!.id);
  await cancelled;
  await target.answer(487, 'Request Terminated');
  await ending;
  t.equal((await caller.final()).status, 480);
  t.match(await s.nextEnded(), { endedBy: 'operator', transfer: { status: 'cancelled' } });
});

async function peerOf(t: Test, port: number): Promise<SipPeer> {
  const peer = await SipPeer.udp(port);
  t.teardown(() => peer.close());
  return peer;
}
