import t from 'tap';
import { systemClock } from '../../src/core/clock.js';
import { type CallResource, eventually, OffhookProcess } from '../support/offhook-process.js';

const server = await OffhookProcess.start(t);

void t.test('offhook call: presses a key, is hung up on, and ends as soon as the call has', async (t) => {
  const caller = OffhookProcess.spawn(t, { args: ['call', `sip:demo@127.0.0.1:${server.sipPort}`, '--press', '#'] });
  await eventually(async () => {
    const [call] = await server.data<CallResource[]>('/calls');
    return call?.end_reason === 'agent_hangup' ? call : undefined;
  }, 'the agent hanging up');
  const endedMs = systemClock.monotonicMs();
  t.same(await caller.ended(), { code: 0, signal: null });
  // Half of the patience that a caller has by default: nothing of it may be waited for.
  t.ok(systemClock.monotonicMs() - endedMs < 10_000, `${systemClock.monotonicMs() - endedMs} ms after the call`);
  t.match(caller.stdout, /caller presses: #\ncall ended by the far end\n/);
});

void t.test('offhook call: hangs up itself when its patience is over', async (t) => {
  const caller = OffhookProcess.spawn(t, { args: ['call', `sip:tone@127.0.0.1:${server.sipPort}`, '--patience', '1'] });
  t.same(await caller.ended(), { code: 0, signal: null });
  t.match(caller.stdout, /^call ended by us$/m);
});

void t.test('offhook call: who does not answer is told by status, and so is a wrong address', async (t) => {
  const unknown = OffhookProcess.spawn(t, { args: ['call', `sip:nobody-here@127.0.0.1:${server.sipPort}`] });
  t.same(await unknown.ended(), { code: 1, signal: null });
  t.match(unknown.stdout, /^call not answered: 404 /m);
  const wrong = OffhookProcess.spawn(t, { args: ['call', 'nobody'] });
  t.same(await wrong.ended(), { code: 1, signal: null });
  t.match(wrong.stderr, /^offhook: call takes one SIP URI.*\n$/);
});
