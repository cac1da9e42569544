import t from 'tap';
import { newAgentId } from '../../../src/core/ids.js';
import { OTHER_TENANT, startHarness } from '../../support/http-harness.js';
import { sampleAgent, sampleCompletedCall, sampleTurn } from '../../support/sample-records.js';

const DAY_MS = 24 * 3_600_000;

void t.test('GET /agents/:id/latency 200: the spread of its own turns, since then, by stage and provider', async (t) => {
  const api = await startHarness(t);
  const agent = sampleAgent();
  const other = sampleAgent({ sipUser: 'other' });
  const theirs = sampleAgent({ tenantId: OTHER_TENANT, sipUser: 'theirs' });
  for (const each of [agent, other, theirs]) await api.database.agents.insert(each);
  const startedAtMs = Date.parse('2026-01-10T00:00:00Z');
  const rows: [agentId: typeof agent, atMs: number, firstPacketMs: number][] = [
    [agent, startedAtMs - 5 * DAY_MS, 9000],
    [agent, startedAtMs, 400],
    [agent, startedAtMs + DAY_MS, 600],
    [other, startedAtMs, 7000],
  ];
  for (const [{ id }, atMs, firstPacketMs] of rows) {
    const call = sampleCompletedCall(id, { startedAtMs: atMs });
    await api.database.calls.insert(call);
    const latency = { vadEndMs: 100, sttFinalMs: 150, endpointMs: 200, firstTextMs: 300, firstPacketMs };
    const turn = { latency, bargeInMs: undefined, providers: { stt: 'ears', llm: 'brain' } };
    await api.database.calls.appendTurn(sampleTurn(call.id, 1, turn));
    t.match((await api.call('GET', `/calls/${call.id}`)).body.data.turns, [
      { providers: { stt: 'ears', llm: 'brain', tts: null } },
    ]);
  }
  const since = '2026-01-09T12:00:00Z';
  const { status, body } = await api.call('GET', `/agents/${agent.id}/latency?since=${since}`);
  t.equal(status, 200);
  const spread = (ms: number) => ({ count: 2, p50: ms, p95: ms, p99: ms });
  t.same(body.data, {
    agent_id: agent.id,
    since: '2026-01-09T12:00:00.000Z',
    turns: 2,
    stages: {
      vad_end: spread(100),
      endpoint: spread(200),
      stt_final: spread(150),
      first_text: spread(300),
      first_clause: null,
      first_audio: null,
      first_packet: { count: 2, p50: 400, p95: 600, p99: 600 },
    },
    barge_in: null,
    providers: [
      { stage: 'stt', provider: 'ears', ...spread(50) },
      { stage: 'llm', provider: 'brain', ...spread(100) },
    ],
  });
  t.match((await api.call('GET', `/agents/${agent.id}/latency`)).body.data, { since: null, turns: 3 });
  t.match((await api.call('GET', `/agents/${other.id}/latency?since=${since}`)).body.data, { turns: 1 });
  for (const id of [theirs.id, newAgentId(), 'x']) t.equal((await api.call('GET', `/agents/${id}/latency`)).status, 404);
  const bad = await api.call('GET', `/agents/${agent.id}/latency?since=yesterday`);
  t.equal(bad.status, 400);
  t.match(bad.body.details.fields, [{ field: 'since' }]);
});
