import t from 'tap';
import { DEFAULT_TENANT } from '../../../src/core/ids.js';
import type { OutboundRoute, Way } from '../../../src/domain/ports/outbound-route.js';
import type { Trunk } from '../../../src/domain/trunk.js';
import { arrivalOver } from '../../../src/trunks/inbound-match.js';
import { trunkCall } from '../../../src/trunks/trunk-dialling.js';
import { startCalls } from '../../support/calls.js';
import { FarEnd } from '../../support/far-end.js';
import { sampleAgent } from '../../support/sample-records.js';
import { sampleTrunk } from '../../support/sample-trunk.js';
import { header } from '../../support/sip-peer.js';
import { until } from '../../support/until.js';

const TARGET = '+15550199';
const HEADERS: Partial<Trunk> = {
  headers: { 'X-Account': '42', 'X-Customer': '{{customer.name}}', 'X-Task': '{{task.id}}', 'X-Agent': '{{agent.name}}' },
  dialogHeaders: {
    bye: { 'X-Call': '{{call.id}}', 'X-Tier': '{{tier}}' },
    refer: { 'X-Tier': '{{tier}}', 'X-None': '{{none}}' },
    referTo: { 'X-Tier': '{{tier}} & more' },
  },
};

/** A call service whose calls go out, and come in, over one trunk. */
async function overTrunk(t: Parameters<typeof startCalls>[0], changes: Partial<Trunk> = {}) {
  const known: { trunk?: Trunk } = {};
  const trunk = (): Trunk => known.trunk ?? sampleTrunk();
  const wayTo = (number: string): readonly [Way] => [{ ...trunkCall(trunk(), number, undefined), line: { key: 'trunk' } }];
  const route: OutboundRoute = { waysTo: (_, number) => wayTo(number), waysToUri: () => wayTo(TARGET) };
  const breaker = { windowCalls: 20, minimumCalls: 10, failurePercent: 50, openMs: 30_000 };
  const s = await startCalls(t, {
    outbound: { route, maxConcurrent: 5, callsPerSecond: 50, ringTimeoutMs: 30_000, breaker },
    trunks: { arrivalOf: (invite) => arrivalOver(trunk(), invite) },
  });
  known.trunk = sampleTrunk({ host: '127.0.0.1', port: s.peer.port, ...HEADERS, ...changes });
  return s;
}

async function farEnd(t: Parameters<typeof startCalls>[0], s: Awaited<ReturnType<typeof startCalls>>): Promise<FarEnd> {
  const end = await FarEnd.open(s.peer);
  t.teardown(() => end.rtp.close());
  return end;
}

void t.test('what a task knows goes with the INVITE, a REFER, the call that it leads to, and the BYE', async (t) => {
  const s = await overTrunk(t);
  const callee = await farEnd(t, s);
  const agent = sampleAgent({ name: 'Ada' });
  await s.database.agents.insert(agent);
  const contextData = { customer: { name: 'Zoe\r\nX-Evil: 1' }, tier: 'gold' };
  const prepared = s.service.prepare({ agent, number: '+15550100', startingMessage: undefined, contextData, taskId: undefined });
  prepared.start({ recorded: false });
  const invite = await callee.invited();
  const names = ['X-Account', 'X-Customer', 'X-Task', 'X-Agent', 'X-Evil'];
  t.same(
    names.map((name) => header(invite, name)),
    ['42', 'Zoe X-Evil: 1', '', 'Ada', ''],
  );
  await callee.answer(200, 'OK');
  await until(() => s.conversations[0]?.noted.includes('start') ?? false);
  const { id } = prepared.call;
  const transferring = s.service.transfer(DEFAULT_TENANT, id, {
    target: TARGET,
    kind: 'blind',
    method: 'refer',
    consent: 'none',
  });
  const refer = await callee.asked('REFER', 603, 'Decline');
  t.match(header(refer, 'Refer-To'), /^<sip:\+15550199@127\.0\.0\.1:\d+\?X-Tier=gold%20%26%20more>$/);
  t.same([header(refer, 'X-Tier'), header(refer, 'X-None')], ['gold', '']);
  await transferring;
  const ending = s.service.end(DEFAULT_TENANT, id);
  const bye = await callee.asked('BYE');
  t.same([header(bye, 'X-Call'), header(bye, 'X-Tier')], [id, 'gold']);
  t.match(header(bye, 'Reason'), /Q\.850/);
  await ending;
});

void t.test('what the headers of a caller said goes on to whom it is handed over, and back in the BYE', async (t) => {
  const s = await overTrunk(t, {
    variables: [{ name: 'tier', header: 'X-Their-Tier', part: 'value' }],
    headers: { 'X-T': '{{tier}}' },
  });
  const caller = await farEnd(t, s);
  const target = await farEnd(t, s);
  await caller.call('demo', ['X-Their-Tier: silver']);
  await until(() => s.conversations[0]?.noted.includes('start') ?? false);
  const id = (await s.database.calls.unfinished())[0]!.id;
  const request = { target: TARGET, kind: 'blind', method: 'bridge', consent: 'none' } as const;
  await s.service.transfer(DEFAULT_TENANT, id, request);
  t.equal(header(await target.invited(), 'X-T'), 'silver');
  await target.answer(200, 'OK');
  const status = async () => (await s.database.calls.find(DEFAULT_TENANT, id))?.transfer?.status;
  await until(async () => (await status()) === 'completed');
  const ending = s.service.end(DEFAULT_TENANT, id);
  const [bye, other] = await Promise.all([caller.asked('BYE'), target.asked('BYE')]);
  t.same([header(bye, 'X-Tier'), header(other, 'X-Tier')], ['silver', 'silver']);
  await ending;
});
