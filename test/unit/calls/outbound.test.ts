import t from 'tap';
import { GatewayRoute } from '../../../src/calls/gateway-route.js';
import { AppError } from '../../../src/core/errors.js';
import { DEFAULT_TENANT, newTaskId, type TenantId } from '../../../src/core/ids.js';
import type { OutboundRequest } from '../../../src/domain/ports/call-control.js';
import type { CallSetting, CallToolbox } from '../../../src/domain/ports/toolbox.js';
import { sampleAgent } from '../../support/sample-records.js';
import { AGREEMENT, OUTBOUND, rest, startFixture } from './call-fixture.js';

const AGENT = sampleAgent({ startingMessage: 'Hello {{customer_name}}!' });
const request = (changes: Partial<OutboundRequest> = {}): OutboundRequest => ({
  agent: AGENT,
  number: '+15550100',
  startingMessage: undefined,
  contextData: { customer_name: 'John Doe' },
  taskId: undefined,
  ...changes,
});

void t.test('a call is placed, answered, recorded from the answer, greets, and ends when the callee hangs up', async (t) => {
  const f = startFixture();
  t.teardown(f.remove);
  const taskId = newTaskId();
  const callee = await f.place(request({ taskId }));
  t.match(callee.request, { uri: 'sip:+15550100@gateway.example', local: { rtpPort: 20_000 } });
  callee.ring();
  await rest();
  t.match(f.row(), {
    direction: 'outbound',
    status: 'initiated',
    agentId: AGENT.id,
    agentVersion: 1,
    taskId,
    sipCallId: 'out@192.0.2.9',
    toUri: 'sip:+15550100@gateway.example',
    recordingPath: undefined,
  });
  t.equal(f.sessions[0]?.recording, undefined, 'ringing is not recorded');
  t.same(f.conversations, []);

  f.clock.advance(4000);
  await callee.answer();
  t.same(f.sessions[0]?.configured, [AGREEMENT]);
  t.match(f.row(), { status: 'in_progress', sipCode: 200, codec: 'PCMA', answeredAtMs: f.row().startedAtMs + 4000 });
  t.match(f.sessions[0]?.recording, /recordings/);
  t.match(f.conversations[0]?.deps.agent, { startingMessage: 'Hello John Doe!' });
  t.same(f.conversations[0]?.heard, ['start']);

  callee.dialog.remoteEnd({ by: 'remote' });
  await rest();
  t.match(f.row(), { status: 'completed', termination: { result: 'success', reason: 'callee_hangup' } });
  t.same(f.trace, ['conversation', 'hangup', 'media']);
  t.match(f.events, [
    { type: 'started', call: { taskId } },
    { type: 'answered', call: { taskId } },
    { type: 'ended', call: { taskId } },
  ]);
  t.equal(f.clock.pendingTimers, 0);
});

void t.test('a refusal says who is answerable, and keeps its SIP code', async (t) => {
  const f = startFixture({ outbound: { ...OUTBOUND, callsPerSecond: 1000 } });
  t.teardown(f.remove);
  for (const [code, result, reason] of [
    [486, 'client_error', 'busy'],
    [600, 'client_error', 'busy'],
    [480, 'client_error', 'no_answer'],
    [603, 'client_error', 'rejected'],
    [404, 'client_error', 'no_such_number'],
    [408, 'indeterminate', 'no_response'],
    [488, 'client_error', 'no_common_codec'],
    [403, 'upstream_error', 'sip_403'],
    [503, 'upstream_error', 'sip_503'],
  ] as const) {
    f.clock.advance(1);
    (await f.place(request())).refuse(code);
    await rest();
    t.match(f.row(), { status: 'failed', sipCode: code, termination: { result, reason } }, String(code));
    t.equal(f.row().answeredAtMs, undefined);
  }
  t.equal(f.service.activeCalls(), 0);
  t.ok(f.sessions.every((session) => session.closed === 1));
});

void t.test('a phone nobody picks up is rung as long as is configured, then the attempt is taken back', async (t) => {
  const f = startFixture();
  t.teardown(f.remove);
  const callee = await f.place(request());
  callee.ring();
  f.clock.advance(29_999);
  t.notOk(callee.request.signal.aborted);
  f.clock.advance(1);
  t.ok(callee.request.signal.aborted);
  await rest();
  t.match(f.row(), { status: 'failed', sipCode: 487, termination: { result: 'client_error', reason: 'no_answer' } });
  t.equal(f.clock.pendingTimers, 0);
});

void t.test('a far end that does not answer the CANCEL does not keep the call', async (t) => {
  const f = startFixture();
  t.teardown(f.remove);
  (await f.place(request())).deaf = true;
  f.clock.advance(30_000);
  await rest();
  t.equal(f.row().status, 'initiated');
  f.clock.advance(4000);
  await rest();
  f.clock.advance(5000);
  await rest();
  t.match(f.row(), { status: 'failed', sipCode: undefined, termination: { reason: 'no_answer' } });
  t.equal(f.service.activeCalls(), 0);
});

void t.test('ending or cancelling a call that rings takes it back, and it counts as failed', async (t) => {
  for (const how of ['end', 'cancel'] as const) {
    const f = startFixture();
    t.teardown(f.remove);
    const callee = await f.place(request());
    const { id } = f.row();
    await t.rejects(f.service[how]('other' as TenantId, id), { code: 'call_not_found' });
    const ended = await f.service[how](DEFAULT_TENANT, id);
    t.ok(callee.request.signal.aborted);
    t.match(ended, { status: 'failed', sipCode: 487, termination: { result: 'client_error', reason: 'cancelled' } });
    await t.rejects(f.service[how](DEFAULT_TENANT, id), { code: 'call_already_ended' });
  }
});

void t.test('a call that is answered is completed by end and failed by cancel', async (t) => {
  for (const [how, status, reason] of [
    ['end', 'completed', 'api_hangup'],
    ['cancel', 'failed', 'cancelled'],
  ] as const) {
    const f = startFixture();
    t.teardown(f.remove);
    const callee = await f.place(request());
    await callee.answer();
    t.match(await f.service[how](DEFAULT_TENANT, f.row().id), { status, termination: { reason }, sipCode: 200 });
    t.equal(callee.dialog.hangups, 1);
  }
});

void t.test('signalling that is gone fails the call as ours, and everything is closed', async (t) => {
  const f = startFixture();
  t.teardown(f.remove);
  f.failDialling(new AppError('signalling_unavailable', 'gone'));
  f.service.prepare(request()).start({ recorded: false });
  await rest();
  t.match(f.row(), { status: 'failed', sipCode: undefined, termination: { result: 'server_error', reason: 'internal' } });
  t.equal(f.sessions[0]?.closed, 1);
});

void t.test('nothing is placed without a gateway, above the limits, or while draining', async (t) => {
  const f = startFixture();
  t.teardown(f.remove);
  const prepared = [1, 2, 3].map(() => f.service.prepare(request()));
  t.throws(() => f.service.prepare(request()), { code: 'capacity_exhausted' });
  prepared[0]?.release();
  prepared[0]?.release();
  t.equal(f.service.room(), 1, 'a place is given back once');
  prepared[1]?.start({ recorded: false });
  prepared[2]?.start({ recorded: false });
  await rest();
  t.equal(f.service.room(), 1);
  await f.call('echo');
  t.equal(f.service.room(), 1, 'calls that come in do not count against outbound');
  const late = f.service.prepare(request());
  void f.service.drain(0);
  f.clock.advance(0);
  t.throws(() => f.service.prepare(request()), { code: 'draining' });
  late.start({ recorded: false });
  await rest();
  t.match(f.row(), { status: 'failed', termination: { reason: 'draining' } });

  const without = startFixture({
    outbound: {
      ...OUTBOUND,
      route: new GatewayRoute({}),
    },
  });
  t.teardown(without.remove);
  t.throws(() => without.service.prepare(request()), { code: 'outbound_not_configured' });
});

void t.test('calls that come in keep the places that outbound may not take', async (t) => {
  const f = startFixture({ maxConcurrent: 4 });
  t.teardown(f.remove);
  for (let call = 0; call < 3; call += 1) f.service.prepare(request()).start({ recorded: false });
  t.same((await f.call('echo')).sent, [200], 'outbound at its limit leaves room');
  t.equal(f.service.room(), 0);
});

void t.test('of the places for all calls, those kept for calls that come in are not taken by calls out', async (t) => {
  const f = startFixture({ maxConcurrent: 4, reservedForInbound: 2 });
  t.teardown(f.remove);
  t.equal(f.service.room(), 2);
  const kept = [1, 2].map(() => f.service.prepare(request()));
  t.throws(() => f.service.prepare(request()), { code: 'capacity_exhausted' });
  for (const prepared of kept) prepared.start({ recorded: false });
  for (let call = 0; call < 2; call += 1) t.same((await f.call('echo')).sent, [200]);
  await f.service.close();
  t.equal(f.service.activeCalls(), 0);
});

void t.test("one tenant's calls leave room for another's", async (t) => {
  const f = startFixture({ outbound: { ...OUTBOUND, maxConcurrentPerTenant: 1 } });
  t.teardown(f.remove);
  const other = { ...AGENT, tenantId: 'other' as TenantId };
  const first = f.service.prepare(request());
  t.equal(f.service.room(DEFAULT_TENANT), 0);
  t.equal(f.service.room(other.tenantId), 1);
  t.equal(f.service.room(), 2);
  t.throws(() => f.service.prepare(request()), { code: 'capacity_exhausted' });
  f.service.prepare(request({ agent: other })).release();
  first.release();
  t.equal(f.service.room(DEFAULT_TENANT), 1);
  const callee = await f.place(request());
  t.equal(f.service.room(DEFAULT_TENANT), 0);
  callee.refuse(486);
  await rest();
  t.equal(f.service.room(DEFAULT_TENANT), 1, 'the end of the call gives the place back');
});

void t.test('a gateway that fails is left alone; busy callees and calls taken back are no failures of it', async (t) => {
  const breaker = { windowCalls: 4, minimumCalls: 4, failurePercent: 100, openMs: 30_000 };
  const f = startFixture({ outbound: { ...OUTBOUND, callsPerSecond: 1000, breaker } });
  t.teardown(f.remove);
  const refused = async (code: number): Promise<void> => {
    f.clock.advance(1);
    (await f.place(request())).refuse(code);
    await rest();
  };
  for (const code of [486, 503, 480, 500, 404, 408, 504]) await refused(code);
  t.equal(f.service.waitMs(DEFAULT_TENANT, '+15550100'), 1, 'only its pace');
  f.clock.advance(1);
  const callee = await f.place(request());
  await f.service.cancel(DEFAULT_TENANT, f.row().id);
  t.ok(callee.request.signal.aborted);
  for (const code of [503, 408]) await refused(code);
  t.same(f.service.lineStates(), { closed: 0, open: 1, half_open: 0 });
  t.throws(() => f.service.prepare(request()), { code: 'signalling_unavailable' });
  t.equal(f.service.waitMs(DEFAULT_TENANT, '+15550100'), 30_000);
  f.clock.advance(30_000);
  const probe = await f.place(request());
  t.throws(() => f.service.prepare(request()), { code: 'signalling_unavailable' }, 'one probe');
  await probe.answer();
  t.same(f.service.lineStates(), { closed: 1, open: 0, half_open: 0 });
  f.service.prepare(request()).release();
});

void t.test(
  'dialling keeps its distance: the second call of a moment waits, and one that is cancelled meanwhile is never sent',
  async (t) => {
    const f = startFixture();
    t.teardown(f.remove);
    for (let call = 0; call < 3; call += 1) f.service.prepare(request()).start({ recorded: false });
    await rest();
    t.equal(f.callees.length, 1);
    const last = [...f.calls.rows.values()].at(-1);
    if (!last) throw new Error('not stored');
    const cancelled = await f.service.cancel(DEFAULT_TENANT, last.id);
    t.match(cancelled, { status: 'failed', sipCode: undefined, sipCallId: '' });
    f.clock.advance(99);
    await rest();
    t.equal(f.callees.length, 1);
    f.clock.advance(1);
    await rest();
    t.equal(f.callees.length, 2);
    f.clock.advance(1000);
    await rest();
    t.equal(f.callees.length, 2);
  },
);

void t.test('close takes back what rings and hangs up on what was answered', async (t) => {
  const f = startFixture();
  t.teardown(f.remove);
  const answered = await f.place(request());
  await answered.answer();
  f.clock.advance(100);
  const ringing = await f.place(request());
  await f.service.close();
  t.equal(answered.dialog.hangups, 1);
  t.ok(ringing.request.signal.aborted);
  t.ok([...f.calls.rows.values()].every((call) => call.status === 'failed' && call.termination?.reason === 'draining'));
});

void t.test('a network that says beside the status why a call failed is believed', async (t) => {
  const f = startFixture();
  t.teardown(f.remove);
  (await f.place(request())).refuse(503, { cause: { q850: 34, text: 'no circuit available' } });
  await rest();
  t.match(f.row(), { status: 'failed', sipCode: 503, q850Cause: 34 });
  f.clock.advance(1_000);
  (await f.place(request())).refuse(486);
  await rest();
  t.match(f.row(), { status: 'failed', sipCode: 486, q850Cause: 17 });
});

void t.test('what the texts of an agent name and nobody knows is told once a call, by name only', async (t) => {
  const f = startFixture();
  t.teardown(f.remove);
  const agent = sampleAgent({
    startingMessage: 'Hello {{customer_name}}, {{order}}!',
    systemPrompt: '{{order}} of {{customer_name}}',
  });
  const callee = await f.place(request({ agent }));
  await callee.answer();
  await rest();
  t.match(f.conversations[0]?.deps.agent, { startingMessage: 'Hello John Doe, !', systemPrompt: ' of John Doe' });
  t.same(
    f.logged.flatMap(({ fields }) => ('placeholders' in fields ? [fields.placeholders] : [])),
    [['order']],
  );
});

void t.test('what is collected in a call fills what its agent says from then on', async (t) => {
  let setting: CallSetting | undefined;
  const open = (given: CallSetting): CallToolbox => {
    setting = given;
    return { close: () => {} } as CallToolbox;
  };
  const f = startFixture({ toolboxes: { open } });
  t.teardown(f.remove);
  const callee = await f.place(request());
  await callee.answer();
  await rest();
  const variables = (): object | undefined => f.conversations[0]?.deps.variables?.();
  t.match(variables(), { customer_name: 'John Doe', agent: { name: AGENT.name } });
  setting?.collect({ order: 12, customer_name: 'Ann' });
  t.match(variables(), { customer_name: 'Ann', order: 12 });
});
