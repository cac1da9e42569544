import t from 'tap';
import { DEFAULT_TENANT, type TenantId } from '../../../src/core/ids.js';
import type { Arrival } from '../../../src/domain/ports/inbound-trunks.js';
import { openDatabase } from '../../../src/storage/database.js';
import { sampleAgent } from '../../support/sample-records.js';
import { sampleTrunk } from '../../support/sample-trunk.js';
import { until } from '../../support/until.js';
import { rest, startFixture } from './call-fixture.js';

const TENANT = '00000000-0000-7000-8000-00000000000a' as TenantId;
const { id, name } = sampleTrunk();

const arrival = (changes: Partial<Arrival> = {}): Arrival => ({
  tenantId: TENANT,
  trunk: { id, name },
  wanted: ['front-desk'],
  callerNumber: undefined,
  maxConcurrentCalls: undefined,
  terms: {},
  answer: { mode: 'when_ready', withinMs: undefined, announcement: undefined },
  ...changes,
});

void t.test('a call over a trunk reaches the agent that it is for, and the record names the trunk', async (t) => {
  const agent = sampleAgent({ tenantId: TENANT, sipUser: 'front-desk' });
  const f = startFixture({ agent, trunks: { arrivalOf: () => arrival({ wanted: ['nobody', 'front-desk'] }) } });
  t.teardown(f.remove);
  const invite = await f.call('+4930123456');
  t.same(invite.sent, [180, 200]);
  t.match(f.row(), { tenantId: TENANT, agentId: agent.id, trunk: { id, name }, status: 'in_progress' });
});

void t.test(
  'a number that is called reaches the agent that works on it, over a trunk of its tenant or none of its own',
  async (t) => {
    const line = { direction: 'inbound', number: '+4930123456' } as const;
    const agent = sampleAgent({ tenantId: TENANT, sipUser: 'front-desk', line });
    const calledNumbers = ['+4930123456'];
    const f = startFixture({ agent, trunks: { arrivalOf: () => arrival({ wanted: ['030123456'], calledNumbers }) } });
    t.teardown(f.remove);
    t.same((await f.call('030123456')).sent, [180, 200]);
    t.match(f.row(), { tenantId: TENANT, agentId: agent.id });

    const open = startFixture({ agent: { ...agent, tenantId: DEFAULT_TENANT }, trunks: { arrivalOf: () => undefined } });
    t.teardown(open.remove);
    t.same((await open.call('+4930123456')).sent, [180, 200]);
    t.match((await open.call('+4930123457')).sent, [{ status: 404 }]);
  },
);

void t.test("another tenant's agent is not to be had over a trunk; the built-in ones are everybody's", async (t) => {
  const agent = sampleAgent({ sipUser: 'front-desk' });
  const f = startFixture({ agent, trunks: { arrivalOf: ({ requestUser }) => arrival({ wanted: [requestUser ?? ''] }) } });
  t.teardown(f.remove);
  t.match((await f.call('front-desk')).sent, [{ status: 404 }]);
  t.match(f.row(), { tenantId: TENANT, status: 'failed', termination: { reason: 'agent_not_found' } });
  for (const user of ['echo', 'demo']) {
    t.same((await f.call(user)).sent.at(-1), 200, user);
    t.match(f.row(), { tenantId: TENANT, trunk: { id } });
  }
});

void t.test('a trunk has no more calls at once than it may', async (t) => {
  const f = startFixture({ trunks: { arrivalOf: () => arrival({ wanted: ['echo'], maxConcurrentCalls: 2 }) } });
  t.teardown(f.remove);
  const first = await f.call('x');
  await f.call('x');
  t.equal(f.service.callsOver(id), 2);
  t.match((await f.call('x')).sent, [{ status: 503, headers: { 'Retry-After': '5' } }]);
  t.match(f.row(), { status: 'failed', termination: { reason: 'capacity_exhausted' } });
  first.dialog.remoteEnd({ by: 'remote' });
  await rest();
  t.same((await f.call('x')).sent, [200], 'the place of a call that has ended');
});

void t.test('who comes over no trunk is let in or refused, as is configured', async (t) => {
  const open = startFixture({ trunks: { arrivalOf: () => undefined } });
  t.teardown(open.remove);
  t.same((await open.call('echo')).sent, [200]);
  t.match(open.row(), { trunk: undefined });

  const offences: string[] = [];
  const offended = (address: string, kind: string): void => void offences.push(`${kind} ${address}`);
  const shut = startFixture({ trunks: { arrivalOf: () => undefined }, unknownSources: 'reject', offences: { offended } });
  t.teardown(shut.remove);
  t.match((await shut.call('echo')).sent, [{ status: 403 }]);
  t.equal(shut.calls.rows.size, 0, 'and leaves nothing behind');
  t.same(offences, ['unknown_source 192.0.2.1'], 'but whoever bans them is told');
  t.equal(shut.service.activeCalls(), 0);
});

void t.test('who calls from a kind of number the agent does not talk to is declined, and nobody else', async (t) => {
  const agent = sampleAgent({ tenantId: TENANT, sipUser: 'front-desk', blockedPhoneTypes: ['premium_rate', 'mobile'] });
  let callerNumber: string | undefined = '+4915112345678';
  const f = startFixture({ agent, trunks: { arrivalOf: () => arrival({ callerNumber }) } });
  t.teardown(f.remove);
  t.match((await f.call('x')).sent, [{ status: 603, headers: { Reason: /^Q\.850;cause=21;/ } }]);
  t.match(f.row(), { status: 'failed', sipCode: 603, q850Cause: 21, termination: { reason: 'rejected' } });
  t.same(f.conversations, []);
  for (callerNumber of ['+493012345678', undefined]) t.same((await f.call('x')).sent.at(-1), 200);
});

void t.test('an agent that records nothing leaves no recording, and the others do', async (t) => {
  for (const callRecording of [false, true, undefined]) {
    const agent = sampleAgent({ tenantId: TENANT, sipUser: 'front-desk', callRecording });
    const f = startFixture({ agent, trunks: { arrivalOf: () => arrival() } });
    t.teardown(f.remove);
    await f.call('x');
    const recorded = callRecording !== false;
    t.equal(f.sessions[0]?.recording !== undefined, recorded);
    t.equal(f.row().recordingPath !== undefined, recorded);
    if (!recorded)
      await t.rejects(f.service.pauseRecording(TENANT, f.row().id), { code: 'conflict', publicMessage: /not recorded/ });
  }
});

void t.test('a call keeps the version of the agent that it began with, and names it', async (t) => {
  const database = await openDatabase(':memory:');
  t.teardown(() => database.close());
  const agent = sampleAgent({ sipUser: 'front-desk', deployedVersion: 1 });
  await database.agents.insert(agent);
  const { agents } = database;
  const f = startFixture({ agents: agents as never, trunks: { arrivalOf: () => arrival({ tenantId: DEFAULT_TENANT }) } });
  t.teardown(f.remove);
  await f.call('x');
  await until(() => f.conversations.length === 1);
  await agents.update({ ...agent, version: 2, systemPrompt: 'A draft.' });
  await f.call('x');
  await until(() => f.conversations.length === 2);
  t.match(f.conversations[1]?.deps.agent, { systemPrompt: agent.systemPrompt }, 'a draft is not for calls');
  await agents.deploy(DEFAULT_TENANT, agent.id, { version: 2, label: undefined, atMs: 1 });
  await f.call('x');
  await until(() => f.conversations.length === 3);
  t.match(f.conversations[2]?.deps.agent, { systemPrompt: 'A draft.' });
  t.match(f.conversations[0]?.deps.agent, { systemPrompt: agent.systemPrompt });
  t.same(
    [...f.calls.rows.values()].map((call) => call.agentVersion),
    [1, 1, 2],
  );
});
