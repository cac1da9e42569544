import t, { type Test } from 'tap';
import { AppError } from '../../../src/core/errors.js';
import { DEFAULT_TENANT, newAgentId, newCallId, type TenantId } from '../../../src/core/ids.js';
import type { Agent } from '../../../src/domain/agent.js';
import { UNGUIDED } from '../../../src/domain/agent-guidance.js';
import { agentAt } from '../../../src/domain/handoff.js';
import { sampleAgent } from '../../support/sample-records.js';
import { rest, startFixture } from './call-fixture.js';

const DESK = sampleAgent({ name: 'Desk', sipUser: 'desk', version: 3 });
const BAKER = sampleAgent({ name: 'Baker', startingMessage: 'This is {{agent_kind}} of {{caller_city}}.', version: 7 });
const TO_BAKER = { agentId: BAKER.id, briefing: undefined };

/** A call that Desk leads, and other agents there are. */
async function ledByDesk(t: Test, ...others: Agent[]) {
  const agents = [DESK, BAKER, ...others];
  const f = startFixture({
    agents: {
      findBySipUser: (user: string) => Promise.resolve(agents.find(({ sipUser }) => sipUser === user)),
      findLive: (tenant: TenantId, id: string) => Promise.resolve(agents.find((it) => it.tenantId === tenant && it.id === id)),
    } as never,
  });
  t.teardown(f.remove);
  const invite = await f.call('desk');
  return { ...f, invite, id: f.row().id };
}

void t.test('another agent goes on with the call: nobody hangs up, and it is one record', async (t) => {
  const f = await ledByDesk(t);
  f.clock.advance(4200);
  const passedOn = await f.service.passOn(DEFAULT_TENANT, f.id, { agentId: BAKER.id, briefing: 'Ten rolls.' });
  t.match(passedOn, { id: f.id, agentId: BAKER.id, agentName: 'Baker', agentVersion: 7, status: 'in_progress' });
  t.match(passedOn.handoffs, [
    { by: 'operator', from: { agentId: DESK.id, name: 'Desk', version: 3 }, to: { agentId: BAKER.id }, afterMs: 4200 },
  ]);
  t.same(f.row(), passedOn, 'as it is stored');
  const [desk, baker] = f.conversations;
  t.same(desk?.heard, ['start', 'give way']);
  t.same(baker?.heard, ['start']);
  t.same(baker?.deps.before, [{ role: 'user', content: 'to Desk' }], 'it knows what was said');
  const { persona, startingMessage } = baker?.deps.agent ?? {};
  t.match(persona?.instructions, /from another agent, "Desk"/);
  t.match(persona?.instructions, /Ten rolls\./);
  t.equal(startingMessage, 'This is  of .', 'what is not known of the call is left out');
  t.match(
    f.events.filter(({ type }) => type === 'handoff' || type === 'live' || type === 'ended'),
    [{ type: 'handoff', call: { agentId: BAKER.id } }],
  );
  t.equal(f.invite.dialog.hangups, 0);

  f.clock.advance(1000);
  const said = { speaker: 'agent', text: 'Hello.', heardText: 'Hello.', interrupted: false, startMs: 100, endMs: 600 } as const;
  baker?.deps.record.entry(said);
  t.match(f.events.at(-1), { type: 'entry', entry: { sequence: 1, startMs: 4300, endMs: 4800 } }, 'counted from the answer');
  baker?.deps.hangup('goodbye');
  await rest();
  t.equal(f.invite.dialog.hangups, 1);
  t.match(f.row(), { status: 'completed', agentId: BAKER.id, termination: { reason: 'agent_hangup' } });
});

void t.test('it may be passed on again, and each moment has its agent', async (t) => {
  const f = await ledByDesk(t);
  for (const { id: agentId } of [BAKER, DESK]) {
    f.clock.advance(1000);
    await f.service.passOn(DEFAULT_TENANT, f.id, { agentId, briefing: undefined });
  }
  const call = f.row();
  const names = [0, 999, 1000, 1999, 2000, 9000].map((atMs) => agentAt(call, atMs).name);
  t.same(names, ['Desk', 'Desk', 'Baker', 'Baker', 'Desk', 'Desk']);
  t.same(f.conversations.at(-1)?.deps.before, [
    { role: 'user', content: 'to Desk' },
    { role: 'user', content: 'to Baker' },
  ]);
  for (let more = 2; more < 20; more += 1) await f.service.passOn(DEFAULT_TENANT, f.id, TO_BAKER);
  await t.rejects(f.service.passOn(DEFAULT_TENANT, f.id, TO_BAKER), { code: 'conflict' }, 'not for ever');
});

void t.test('an agent passes the call on as a tool; the one that leaves uses its tools no more', async (t) => {
  const boxes: string[] = [];
  const f = startFixture({
    agents: {
      findBySipUser: () => Promise.resolve(DESK),
      findLive: () => Promise.resolve(BAKER),
    } as never,
    toolboxes: {
      open: (setting) => {
        const { name } = setting.settings;
        boxes.push(`${name} opened`);
        if (name === 'Desk') passOn = setting.passOn;
        return { close: () => boxes.push(`${name} closed`) } as never;
      },
    },
  });
  let passOn: ((agent: Agent['id'], briefing: string | undefined) => Promise<void>) | undefined;
  t.teardown(f.remove);
  await f.call('desk');
  await passOn?.(BAKER.id, undefined);
  t.match(f.row().handoffs, [{ by: 'agent' }]);
  await f.service.end(DEFAULT_TENANT, f.row().id);
  t.same(boxes, ['Desk opened', 'Desk closed', 'Baker opened', 'Baker closed']);
});

void t.test('what an operator has set holds on; instructions were for the agent that got them', async (t) => {
  const f = await ledByDesk(t);
  await f.service.guide(DEFAULT_TENANT, f.id, { mode: 'operator', operator: 'Ann', instructions: 'Be brief.' });
  await f.service.passOn(DEFAULT_TENANT, f.id, TO_BAKER);
  t.same(f.conversations.at(-1)?.heard, ['start', 'guide operator false']);
  t.same(f.row().guidance, { ...UNGUIDED, mode: 'operator', operator: 'Ann' });
});

void t.test('it is recorded as the calls of the agent are that leads it', async (t) => {
  const quiet = sampleAgent({ name: 'Quiet', callRecording: false });
  const f = await ledByDesk(t, quiet);
  const { recordingPath } = f.row();
  await f.service.passOn(DEFAULT_TENANT, f.id, { agentId: quiet.id, briefing: undefined });
  t.match(f.row().recordingPauses, [{ resumedAtMs: undefined }]);
  await f.service.passOn(DEFAULT_TENANT, f.id, TO_BAKER);
  t.match(f.row().recordingPauses, [{ resumedAtMs: Number }]);
  t.equal(f.row().recordingPath, recordingPath, 'it is one recording');
});

void t.test('what cannot be passed on stays as it is', async (t) => {
  const disabled = sampleAgent({ enabled: false });
  const foreign = sampleAgent({ tenantId: 'other' as TenantId });
  const picky = sampleAgent({ blockedPhoneTypes: ['mobile'] });
  const f = await ledByDesk(t, disabled, foreign, picky);
  const refused = async (agentId: Agent['id'], code: string, why: string): Promise<void> => {
    await t.rejects(f.service.passOn(DEFAULT_TENANT, f.id, { agentId, briefing: undefined }), { code }, why);
  };
  await refused(newAgentId(), 'agent_not_found', 'there is no such agent');
  await refused(foreign.id, 'agent_not_found', 'it is an agent of somebody else');
  await refused(disabled.id, 'agent_disabled', 'it is disabled');
  const [desk] = f.conversations;
  if (desk) desk.giveWayFault = new AppError('conflict', 'about to end');
  await refused(BAKER.id, 'conflict', 'it is saying goodbye');
  if (desk) desk.giveWayFault = undefined;
  f.speech.fault = new AppError('internal', 'no such voice');
  await refused(BAKER.id, 'internal', 'it names a provider there is not');
  f.speech.fault = undefined;
  t.same(desk?.heard, ['start'], 'the agent has not noticed');
  t.match(f.row(), { agentId: DESK.id, handoffs: undefined });
  await t.rejects(f.service.passOn(DEFAULT_TENANT, newCallId(), TO_BAKER), { code: 'call_not_found' });
  await f.service.transfer(DEFAULT_TENANT, f.id, { target: '+4930123456', kind: 'blind', method: 'bridge', consent: 'none' });
  await refused(BAKER.id, 'conflict', 'it is being transferred');
  await f.service.end(DEFAULT_TENANT, f.id);
  await refused(BAKER.id, 'call_already_ended', 'it is over');
  await f.call('echo');
  await t.rejects(f.service.passOn(DEFAULT_TENANT, f.row().id, TO_BAKER), { code: 'conflict' }, 'nobody speaks there');
});

void t.test('a call that is over when the agent was found is not passed on', async (t) => {
  let found: (agent: Agent) => void = () => {};
  const f = startFixture({
    agents: {
      findBySipUser: () => Promise.resolve(DESK),
      findLive: () => new Promise<Agent>((resolve) => (found = resolve)),
    } as never,
  });
  t.teardown(f.remove);
  const invite = await f.call('desk');
  const passing = f.service.passOn(DEFAULT_TENANT, f.row().id, TO_BAKER);
  await rest();
  invite.dialog.remoteEnd({ by: 'remote' });
  found(BAKER);
  await t.rejects(passing, { code: 'call_already_ended' });
  t.equal(f.conversations.length, 1);
});
