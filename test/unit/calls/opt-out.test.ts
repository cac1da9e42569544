import t from 'tap';
import { DEFAULT_TENANT, newAgentId, type TenantId } from '../../../src/core/ids.js';
import { sampleAgent } from '../../support/sample-records.js';
import { rest, startFixture } from './call-fixture.js';

const WISH = { speaker: 'caller', text: 'stop calling me', heardText: 'stop calling me', interrupted: false } as const;
const ENTRY = { ...WISH, startMs: 10, endMs: 900 };

void t.test('the wish of somebody who called us is stored with its words, for the number that called', async (t) => {
  const agent = sampleAgent({ id: newAgentId(), tenantId: 'tenant-2' as TenantId, sipUser: 'sales' });
  const f = startFixture({ agent });
  t.teardown(f.remove);
  await f.call('sales', (invite) => {
    invite.from = { uri: 'sip:00442071234567@trunk.example', user: '00442071234567', displayName: undefined };
  });
  const record = f.conversations[0]?.deps.record;
  t.equal(record?.optOut(ENTRY, 'caller_voice'), true);
  await rest();
  const { id: callId } = f.row();
  t.match(f.calls.entries, [{ ...ENTRY, callId, sequence: 1 }]);
  t.same(f.calls.optOuts, [
    {
      tenantId: agent.tenantId,
      number: '+442071234567',
      source: 'caller_voice',
      callId,
      reason: undefined,
      createdAtMs: f.clock.nowMs(),
      expiresAtMs: undefined,
    },
  ]);
  t.match(
    f.events.filter((event) => event.type === 'entry'),
    [{ entry: { text: WISH.text } }],
  );
  t.notMatch(JSON.stringify(f.logged), /442071234567/, 'numbers are not logged');
});

void t.test('of somebody we called it is the number we dialled, whatever way the call took', async (t) => {
  const f = startFixture();
  t.teardown(f.remove);
  const common = { startingMessage: undefined, contextData: {}, taskId: undefined };
  const callee = await f.place({ agent: sampleAgent(), number: '+15550100', ...common });
  await callee.answer();
  t.equal(f.conversations[0]?.deps.record.optOut(ENTRY, 'caller_dtmf'), true);
  await rest();
  t.match(f.calls.optOuts, [{ tenantId: DEFAULT_TENANT, number: '+15550100', source: 'caller_dtmf', callId: f.row().id }]);
});

void t.test('of a caller without a number there are only the words', async (t) => {
  const f = startFixture();
  t.teardown(f.remove);
  await f.call('demo');
  t.equal(f.conversations[0]?.deps.record.optOut(ENTRY, 'caller_voice'), false);
  await rest();
  t.equal(f.calls.entries.length, 1);
  t.same(f.calls.optOuts, []);
});
