import t from 'tap';
import type { OutboundRequest } from '../../../src/domain/ports/call-control.js';
import { retryOutcomeOf } from '../../../src/domain/retry-policy.js';
import type { HangupReason } from '../../../src/pipeline/conversation-deps.js';
import { sampleAgent } from '../../support/sample-records.js';
import { rest, startFixture } from './call-fixture.js';

const AGENT = sampleAgent({ voicemail: { enabled: true, mode: 'message', text: 'Call {{who}} back.' } });
const request: OutboundRequest = {
  agent: AGENT,
  number: '+15550100',
  startingMessage: undefined,
  contextData: { who: 'Ann' },
  taskId: undefined,
};

/** A call of ours whose conversation has found this out and ends it. */
async function endedWith(reason: HangupReason) {
  const f = startFixture();
  const callee = await f.place(request);
  await callee.answer();
  const { deps } = f.conversations[0] ?? {};
  deps?.answeredBy?.({ verdict: 'human', reason: 'short_greeting', afterMs: 1200 });
  deps?.answeredBy?.({ verdict: 'machine', reason: 'words', afterMs: 2900 });
  deps?.hangup(reason);
  await rest();
  const call = f.row();
  const told = f.events.flatMap((event) => (event.type === 'answerer' ? [event.call.answeredBy?.verdict] : []));
  f.remove();
  return { call, callee, deps, told };
}

void t.test('who has answered stands on the call, and what was done with a machine is why it ended', async (t) => {
  const { call, callee, deps, told } = await endedWith('voicemail_left');
  t.same(told, ['human', 'machine'], 'whoever follows the call is told at once, and of the change');
  t.equal(callee.request.toneDetection, 'report', 'beeps are listened for, whatever the trunk says');
  t.equal(deps?.agent.voicemail?.text, 'Call Ann back.');
  t.match(call, {
    status: 'completed',
    answeredBy: { verdict: 'machine', reason: 'words', afterMs: 2900 },
    termination: { result: 'success', reason: 'voicemail_left' },
    endedBy: 'agent',
    q850Cause: 16,
  });
  for (const reason of ['voicemail', 'fax'] as const) {
    const { call } = await endedWith(reason);
    t.match(call, { status: 'failed', termination: { result: 'client_error', reason }, endedBy: 'agent', q850Cause: 16 });
  }
});

void t.test('a machine is called again where the policy says so of voicemail, a fax never', async (t) => {
  t.equal(retryOutcomeOf((await endedWith('voicemail_left')).call), 'voicemail');
  t.equal(retryOutcomeOf((await endedWith('voicemail')).call), 'voicemail');
  t.equal(retryOutcomeOf((await endedWith('fax')).call), undefined);
});

void t.test('calls that come in, and those of agents that do not look for machines, are none the wiser', async (t) => {
  const f = startFixture();
  t.teardown(f.remove);
  await f.call('demo');
  t.equal(f.conversations[0]?.deps.answeredBy, undefined);
  const callee = await f.place({ ...request, agent: sampleAgent() });
  t.equal(callee.request.toneDetection, 'off');
});
