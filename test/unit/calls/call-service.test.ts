import { join } from 'node:path';
import t from 'tap';
import { AppError } from '../../../src/core/errors.js';
import { DEFAULT_TENANT, newAgentId, newCallId, type TenantId } from '../../../src/core/ids.js';
import type { Agent } from '../../../src/domain/agent.js';
import { AGREEMENT, DEMO_AGENT, rest, startFixture } from './call-fixture.js';

const AGENT: Agent = {
  ...DEMO_AGENT,
  id: newAgentId(),
  tenantId: 'tenant-2' as TenantId,
  name: 'Front desk',
  description: undefined,
  enabled: true,
  sipUser: '100',
  version: 7,
  deployedVersion: undefined,
  createdAtMs: 0,
  updatedAtMs: 0,
};

void t.test('an echo call is answered, echoed, recorded and closed when the caller hangs up', async (t) => {
  const f = startFixture();
  t.teardown(f.remove);
  const invite = await f.call('echo');
  t.same(invite.sent, [200], 'a built-in has nothing to load and does not ring');
  t.same(f.sessions[0]?.sources, [{ type: 'echo' }]);
  t.same(f.sessions[0]?.configured, [AGREEMENT]);
  t.equal(f.sessions[0]?.recording, join(f.dataDir, 'recordings', `${f.row().id}.wav`));
  t.match(f.row(), {
    status: 'in_progress',
    agentName: 'echo',
    agentId: undefined,
    codec: 'PCMA',
    sipCode: 200,
    direction: 'inbound',
  });
  t.equal(f.service.activeCalls(), 1);
  t.same(f.watched, [], 'nobody listens to an echo call');

  invite.dialog.remoteEnd({ by: 'remote' });
  await rest();
  t.match(f.row(), {
    status: 'completed',
    termination: { result: 'success', reason: 'caller_hangup' },
    mediaStats: { packetsReceived: 10 },
    recordingPath: join('recordings', `${f.row().id}.wav`),
  });
  t.equal(f.service.activeCalls(), 0);
  t.same(
    f.events.map((event) => event.type),
    ['started', 'answered', 'ended'],
  );
  t.same(f.calls.history, ['insert initiated', 'update in_progress', 'update completed']);
  t.equal(f.logged.filter(({ level }) => level === 'info').length, 1, 'one end line');
});

void t.test('the tone call sends 440 Hz', async (t) => {
  const f = startFixture();
  t.teardown(f.remove);
  await f.call('tone');
  t.same(f.sessions[0]?.sources, [{ type: 'tone', hz: 440 }]);
});

void t.test('voice activity runs on echo calls only when asked for, and stops with the call', async (t) => {
  const f = startFixture({ vadOnBuiltIns: true });
  t.teardown(f.remove);
  const invite = await f.call('echo');
  t.same(f.watched, ['open']);
  invite.dialog.remoteEnd({ by: 'remote' });
  await rest();
  t.same(f.watched, ['open', 'close']);
});

void t.test('an agent of any tenant is found by its SIP user, rings while it warms up, and converses', async (t) => {
  const f = startFixture({ agent: AGENT });
  t.teardown(f.remove);
  let warmed = (): void => {};
  f.speech.warm = () =>
    new Promise((resolve) => {
      warmed = resolve;
    });
  const invite = await f.call('100');
  t.same(invite.sent, [180]);
  warmed();
  await rest();
  t.same(invite.sent, [180, 200]);
  t.match(f.row(), { agentId: AGENT.id, agentVersion: 7, agentName: 'Front desk', tenantId: 'tenant-2', status: 'in_progress' });
  const [conversation] = f.conversations;
  t.match(conversation?.deps, { band: 'narrow', agent: { name: 'Front desk' } });
  t.same(conversation?.heard, ['start']);
  invite.dialog.pressed('5');
  t.same(conversation?.heard, ['start', '5'], 'digits by INFO reach the conversation');
});

void t.test('a model that loads for too long does not keep the caller ringing', async (t) => {
  const f = startFixture();
  t.teardown(f.remove);
  f.speech.warm = () => new Promise(() => {});
  const invite = await f.call('demo');
  t.same(invite.sent, [180]);
  f.clock.advance(10_000);
  await rest();
  t.same(invite.sent, [180, 200]);
});

void t.test('entries and turns are stored in order, and an agent that hangs up ends everything in order, once', async (t) => {
  const f = startFixture();
  t.teardown(f.remove);
  const invite = await f.call('demo');
  const [conversation] = f.conversations;
  const said = { speaker: 'agent' as const, text: 'Hello.', heardText: 'Hello.', interrupted: false, startMs: 0, endMs: 500 };
  conversation?.deps.record.entry(said);
  conversation?.deps.record.entry({ ...said, text: 'Bye.', heardText: 'Bye.' });
  conversation?.deps.record.turn({ cause: 'greeting', originMs: 0, latency: {}, interrupted: false });
  conversation?.deps.live?.({ type: 'digit', digit: '5', atMs: 1 });
  conversation?.deps.hangup('goodbye');
  invite.dialog.remoteEnd({ by: 'remote' });
  await rest();
  t.same(
    f.calls.entries.map(({ sequence, text }) => [sequence, text]),
    [
      [1, 'Hello.'],
      [2, 'Bye.'],
    ],
  );
  t.match(f.calls.turnRows, [{ sequence: 1, cause: 'greeting', callId: f.row().id }]);
  t.same(f.trace, ['conversation', 'hangup', 'media']);
  t.match(f.row().termination, { result: 'success', reason: 'agent_hangup' }, 'who asks first is who ended it');
  t.equal(f.events.filter(({ type }) => type === 'ended').length, 1);
});

void t.test('hold and unhold reach the agent, whichever way the far end holds', async (t) => {
  const f = startFixture();
  t.teardown(f.remove);
  const invite = await f.call('demo');
  const heard = f.conversations[0]?.heard;
  invite.agree?.({ ...AGREEMENT, direction: 'recvonly' });
  invite.agree?.({ ...AGREEMENT, direction: 'inactive' });
  invite.agree?.({ ...AGREEMENT, direction: 'sendrecv' });
  invite.agree?.({ ...AGREEMENT, remote: { ...AGREEMENT.remote, address: '0.0.0.0' } });
  invite.agree?.({ ...AGREEMENT, remote: { ...AGREEMENT.remote, rtpPort: 0 } });
  invite.agree?.(AGREEMENT);
  t.same(heard, ['start', 'hold', 'unhold', 'hold', 'unhold']);
  t.equal(f.sessions[0]?.configured.length, 7, 'every agreement reached the engine');
});

void t.test('a delayed offer starts the conversation when the ACK brings the answer', async (t) => {
  const f = startFixture();
  t.teardown(f.remove);
  const invite = await f.call('demo', (invite) => {
    invite.delayedOffer = true;
  });
  t.same(f.conversations, [], 'no codec is known yet');
  invite.agree?.({ ...AGREEMENT, codec: 'opus' });
  await rest();
  t.match(f.conversations[0], { heard: ['start'], deps: { band: 'wide' } });
  t.equal(f.row().codec, 'opus');
});

void t.test('how a dialog ended decides who is answerable', async (t) => {
  const rows = [
    [{ by: 'ack_timeout' }, { result: 'upstream_error', reason: 'ack_timeout' }],
    [{ by: 'signalling_lost' }, { result: 'server_error', reason: 'internal' }],
    [{ by: 'no_agreement' }, { result: 'client_error', reason: 'no_common_codec' }],
  ] as const;
  for (const [end, termination] of rows) {
    const f = startFixture();
    t.teardown(f.remove);
    const invite = await f.call('echo');
    invite.dialog.remoteEnd(end);
    await rest();
    t.match(f.row(), { status: 'failed', termination }, end.by);
    t.equal(f.sessions[0]?.closed, 1);
  }
});

void t.test('a caller who gives up while it rings leaves a record and nothing open', async (t) => {
  const f = startFixture();
  t.teardown(f.remove);
  f.speech.warm = () => new Promise(() => {});
  const invite = await f.call('demo');
  invite.cancel('caller');
  await rest();
  t.match(f.row(), { status: 'failed', termination: { result: 'client_error', reason: 'cancelled' }, sipCode: 487 });
  t.equal(f.sessions[0]?.closed, 1);
  t.same(invite.sent, [180], 'the signalling server answers a CANCEL itself');
  f.clock.advance(60_000);
  await rest();
  t.same(invite.sent, [180], 'no answer follows');
});

void t.test('the Q.850 cause that the far end gives is on the record, unless it is none', async (t) => {
  const f = startFixture();
  t.teardown(f.remove);
  const hungUp = async (q850: number): Promise<number | undefined> => {
    (await f.call('echo')).dialog.remoteEnd({ by: 'remote', reason: { q850 } });
    await rest();
    return f.row().q850Cause;
  };
  t.same([await hungUp(31), await hungUp(0), await hungUp(640)], [31, 16, 16]);
  f.speech.warm = () => new Promise(() => {});
  (await f.call('demo')).cancel('caller', { q850: 26, text: 'answered elsewhere' });
  await rest();
  t.match(f.row(), { sipCode: 487, q850Cause: 26, endedBy: 'caller' });
  (await f.call('demo')).cancel('no_prack');
  await rest();
  t.match(f.row(), { sipCode: 504, q850Cause: 102, endedBy: 'network', termination: { reason: 'prack_timeout' } });
});

void t.test('a refusal is sent, recorded, and says who is answerable', async (t) => {
  const f = startFixture({ builtInAgents: { echo: false, demo: true, tone: true } });
  t.teardown(f.remove);
  const unknown = await f.call('nobody');
  t.same(unknown.sent, [{ status: 404, headers: {} }]);
  t.match(f.row(), {
    status: 'failed',
    sipCode: 404,
    agentName: 'nobody',
    termination: { result: 'client_error', reason: 'agent_not_found' },
  });
  t.match((await f.call('echo')).sent, [{ status: 404 }], 'a built-in that is turned off');
  t.match((await f.call(undefined)).sent, [{ status: 404 }], 'nobody was asked for');

  await f.call('demo', (invite) => {
    invite.offerFault = new AppError('no_common_codec', 'G.729 only');
  });
  t.match(f.row(), { sipCode: 488, termination: { reason: 'no_common_codec' } });
  t.equal(f.sessions.length, 0, 'no port was taken for it');
  await f.call('demo', (invite) => {
    invite.answerFault = new AppError('invalid_request', 'rubbish');
  });
  t.match(f.row(), { sipCode: 400, termination: { result: 'client_error', reason: 'bad_request' } });
  t.equal(f.sessions[0]?.closed, 1);

  f.media.fault = new AppError('media_ports_exhausted', 'none free');
  t.match((await f.call('tone')).sent, [{ status: 503, headers: { 'Retry-After': '5' } }]);
  t.match(f.row(), { sipCode: 503, termination: { result: 'server_error', reason: 'media_ports_exhausted' } });
  f.media.fault = undefined;
  f.speech.fault = new AppError('invalid_request', 'no such provider');
  t.match((await f.call('demo')).sent, [{ status: 500 }]);
  t.match(f.row(), { termination: { result: 'server_error', reason: 'internal' } });
  t.equal(f.service.activeCalls(), 0);
});

void t.test('one call too many is 503 with Retry-After, and costs the others nothing', async (t) => {
  const f = startFixture({ maxConcurrent: 1 });
  t.teardown(f.remove);
  const first = await f.call('echo');
  t.match((await f.call('echo')).sent, [{ status: 503, headers: { 'Retry-After': '5' } }]);
  t.match(f.row().termination, { result: 'server_error', reason: 'capacity_exhausted' });
  t.equal(f.service.activeCalls(), 1);
  first.dialog.remoteEnd({ by: 'remote' });
  await rest();
  t.same((await f.call('echo')).sent, [200], 'the next one fits again');
});

void t.test('an agent whose providers are gone hangs up, and they are answerable', async (t) => {
  const f = startFixture();
  t.teardown(f.remove);
  await f.call('demo');
  f.conversations[0]?.deps.hangup('provider_failed');
  await rest();
  t.match(f.row(), { status: 'failed', termination: { result: 'upstream_error', reason: 'provider_failed' } });
});

void t.test('the API ends a call of its own tenant, once', async (t) => {
  const f = startFixture();
  t.teardown(f.remove);
  const invite = await f.call('echo');
  const { id } = f.row();
  await t.rejects(f.service.end('other' as TenantId, id), { code: 'call_not_found' });
  const ended = await f.service.end(DEFAULT_TENANT, id);
  t.match(ended, { status: 'completed', termination: { result: 'success', reason: 'api_hangup' } });
  t.equal(invite.dialog.hangups, 1);
  await t.rejects(f.service.end(DEFAULT_TENANT, id), { code: 'call_already_ended' });
  await t.rejects(f.service.end(DEFAULT_TENANT, newCallId()), { code: 'call_not_found' });
});

void t.test('the API ends a call that still rings with a refusal', async (t) => {
  const f = startFixture();
  t.teardown(f.remove);
  f.speech.warm = () => new Promise(() => {});
  const invite = await f.call('demo');
  await f.service.end(DEFAULT_TENANT, f.row().id);
  t.match(invite.sent, [180, { status: 480 }]);
});

void t.test('a recording that cannot start or breaks off does not end the call', async (t) => {
  const f = startFixture();
  t.teardown(f.remove);
  f.media.recordingFault = new Error('ENOSPC');
  await f.call('echo');
  t.match(f.row(), { status: 'in_progress', recordingPath: undefined });
  f.sessions[0]?.emit({ type: 'recordingFailed', reason: 'disk full' });
  await rest();
  t.equal(f.service.activeCalls(), 1);
  t.same(
    f.logged.map(({ message }) => message),
    ['recording not started', 'recording stopped early'],
  );
});

void t.test('a database that fails costs the record, not the call', async (t) => {
  const f = startFixture();
  t.teardown(f.remove);
  f.calls.fault = new Error('SQLITE_FULL');
  const invite = await f.call('echo');
  t.same(invite.sent, [200]);
  invite.dialog.remoteEnd({ by: 'remote' });
  await rest();
  t.equal(f.service.activeCalls(), 0);
  t.ok(f.logged.some(({ message }) => message === 'call record not stored'));
});

void t.test('draining refuses new calls, waits for the last one, and close ends what is left', async (t) => {
  const f = startFixture();
  t.teardown(f.remove);
  const first = await f.call('echo');
  await f.call('tone');
  let drained = false;
  const draining = f.service.drain(60_000).then(() => {
    drained = true;
  });
  t.equal(f.drained(), 1, 'the telephony knows');
  t.match((await f.call('echo')).sent, [{ status: 503 }]);
  first.dialog.remoteEnd({ by: 'remote' });
  await rest();
  t.notOk(drained, 'one is left');
  f.clock.advance(60_000);
  await draining;
  await f.service.close();
  await f.service.close();
  t.equal(f.service.activeCalls(), 0);
  t.match(f.row(), { status: 'failed', termination: { result: 'server_error', reason: 'draining' } });
});

void t.test('a listener that throws does not hurt the call', async (t) => {
  const f = startFixture({
    onEvent: () => {
      throw new Error('listener');
    },
  });
  t.teardown(f.remove);
  t.same((await f.call('echo')).sent, [200]);
});
