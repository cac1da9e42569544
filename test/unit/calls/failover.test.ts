import t from 'tap';
import { newTrunkId } from '../../../src/core/ids.js';
import type { OutboundRequest } from '../../../src/domain/ports/call-control.js';
import type { Way } from '../../../src/domain/ports/outbound-route.js';
import { sampleAgent } from '../../support/sample-records.js';
import { OUTBOUND, rest, startFixture } from './call-fixture.js';

const REQUEST: OutboundRequest = {
  agent: sampleAgent(),
  number: '+15550100',
  startingMessage: undefined,
  contextData: {},
  taskId: undefined,
};
const NAMES = ['first', 'second', 'third'];
const WAYS: readonly Way[] = NAMES.map((name) => ({
  uri: `sip:+15550100@${name}.example`,
  from: { uri: `sip:desk@${name}.example`, user: 'desk', displayName: undefined },
  line: { key: name },
  trunk: { id: newTrunkId(), name },
  terms: { headers: { 'X-Trunk': name }, codecs: ['PCMA'] },
  failoverCodes: [408, 480, 503],
}));

function start(ways: readonly Way[] = WAYS) {
  return startFixture({ outbound: { ...OUTBOUND, callsPerSecond: 1000, route: { waysTo: () => ways, waysToUri: () => ways } } });
}

void t.test('a trunk that fails hands the call on to the next; the record tells of the one that carried it', async (t) => {
  const f = start();
  t.teardown(f.remove);
  const first = await f.place(REQUEST);
  t.match(first.request, { uri: WAYS[0]?.uri, headers: { 'X-Trunk': 'first' }, codecs: ['PCMA'] });
  t.match(f.row(), { trunk: { name: 'first' }, fromUri: 'sip:desk@first.example' });
  first.refuse(503);
  await rest();
  const second = f.callees[1]!;
  t.match(second.request, { uri: WAYS[1]?.uri, headers: { 'X-Trunk': 'second' } });
  t.match(f.row(), { status: 'initiated', trunk: { name: 'second' }, toUri: WAYS[1]?.uri, fromUri: 'sip:desk@second.example' });
  await second.answer();
  t.match(f.row(), { status: 'in_progress', trunk: { name: 'second' }, sipCode: 200 });
  t.equal(f.service.callsOver(WAYS[1]!.trunk!.id, 'outbound'), 1);
  t.equal(f.service.callsOver(WAYS[1]!.trunk!.id, 'inbound'), 0);
  t.equal(f.sessions.length, 1, 'with the same media session');
  second.dialog.remoteEnd({ by: 'remote' });
  await rest();
  t.match(f.row(), { status: 'completed' });
  t.equal(f.clock.pendingTimers, 0);
});

void t.test('the last refusal is the outcome when all have failed', async (t) => {
  const f = start();
  t.teardown(f.remove);
  (await f.place(REQUEST)).refuse(503);
  await rest();
  f.callees[1]?.refuse(408);
  await rest();
  f.callees[2]?.refuse(480);
  await rest();
  t.equal(f.callees.length, 3);
  t.match(f.row(), { status: 'failed', sipCode: 480, trunk: { name: 'third' }, termination: { reason: 'no_answer' } });
  t.equal(f.service.activeCalls(), 0);
});

void t.test('busy, declined, not listed, and whoever has let it ring are not called again', async (t) => {
  for (const code of [486, 603, 600, 487, 404]) {
    const f = start();
    t.teardown(f.remove);
    (await f.place(REQUEST)).refuse(code);
    await rest();
    t.equal(f.callees.length, 1, String(code));
    t.match(f.row(), { status: 'failed', sipCode: code });
  }
  const f = start();
  t.teardown(f.remove);
  const callee = await f.place(REQUEST);
  callee.ring();
  callee.refuse(503);
  await rest();
  t.equal(f.callees.length, 1, 'the phone has rung');
});

void t.test('a call that is taken back is not tried elsewhere', async (t) => {
  const f = start();
  t.teardown(f.remove);
  const callee = await f.place(REQUEST);
  callee.deaf = true;
  const ending = f.service.end(f.row().tenantId, f.row().id);
  callee.refuse(503);
  await rest();
  t.match(await ending, { status: 'failed', termination: { reason: 'cancelled' } });
  t.equal(f.callees.length, 1);
});

void t.test('a way without a list fails as it did', async (t) => {
  const f = start(WAYS.map((way) => ({ ...way, failoverCodes: undefined })));
  t.teardown(f.remove);
  (await f.place(REQUEST)).refuse(503);
  await rest();
  t.equal(f.callees.length, 1);
  t.match(f.row(), { sipCode: 503, termination: { result: 'upstream_error' } });
});
