import t from 'tap';
import { newAgentId } from '../../../src/core/ids.js';
import { createMetrics } from '../../../src/observability/metrics.js';
import { exportVoiceActivity } from '../../../src/observability/voice-activity-metrics.js';
import { sampleCall, sampleCompletedCall, sampleTurn } from '../../support/sample-records.js';

async function valueOf(metrics: ReturnType<typeof createMetrics>, series: string): Promise<number | undefined> {
  const line = (await metrics.registry.metrics()).split('\n').find((text) => text.startsWith(`${series} `));
  return line === undefined ? undefined : Number(line.slice(series.length));
}

void t.test('calls are active from their start to their end, and counted once by how they ended', async (t) => {
  const metrics = createMetrics();
  const [one, two] = [sampleCall(), sampleCall()];
  metrics.onCallEvent({ type: 'started', call: one });
  metrics.onCallEvent({ type: 'started', call: two });
  t.equal(await valueOf(metrics, 'offhook_calls_active'), 2);
  metrics.onCallEvent({ type: 'ended', call: sampleCompletedCall(newAgentId(), { id: one.id }) });
  t.equal(await valueOf(metrics, 'offhook_calls_active'), 1);
  const refused = sampleCall({ status: 'failed', termination: { result: 'client_error', reason: 'no_common_codec' } });
  metrics.onCallEvent({ type: 'ended', call: refused });
  t.equal(await valueOf(metrics, 'offhook_calls_active'), 1, 'a call that was refused had never been active');
  t.equal(await valueOf(metrics, 'offhook_calls_total{direction="inbound",result="success"}'), 1);
  t.equal(await valueOf(metrics, 'offhook_calls_total{direction="inbound",result="client_error"}'), 1);
  t.equal(await valueOf(metrics, 'offhook_call_duration_seconds_sum{direction="inbound"}'), 30.5);
  t.equal(await valueOf(metrics, 'offhook_rtp_packets_total{kind="received"}'), 1500);
});

void t.test('a turn fills one histogram per stage it reached, and barge-in only when it was interrupted', async (t) => {
  const metrics = createMetrics();
  const call = sampleCall();
  metrics.onCallEvent({ type: 'turn', turn: sampleTurn(call.id, 1, { latency: { vadEndMs: 250, firstPacketMs: 600 } }) });
  metrics.onCallEvent({ type: 'turn', turn: sampleTurn(call.id, 2, { latency: { firstPacketMs: Number.NaN }, bargeInMs: 180 }) });
  t.equal(await valueOf(metrics, 'offhook_turn_stage_seconds_sum{stage="vad_end"}'), 0.25);
  t.equal(await valueOf(metrics, 'offhook_turn_stage_seconds_count{stage="first_packet"}'), 1);
  t.equal(await valueOf(metrics, 'offhook_barge_in_seconds_sum'), 0.18);
});

void t.test('no label carries an id, a number or a reason: series stay few however many calls there are', async (t) => {
  const metrics = createMetrics();
  const count = async (): Promise<number> =>
    (await metrics.registry.metrics()).split('\n').filter((line) => line.startsWith('offhook_')).length;
  const endOne = (code: number): void =>
    metrics.onCallEvent({
      type: 'ended',
      call: sampleCompletedCall(newAgentId(), {
        sipCode: code,
        termination: { result: 'upstream_error', reason: `sip_${code}` },
        mediaStats: {},
      }),
    });
  endOne(400);
  const before = await count();
  for (let code = 401; code < 500; code += 1) endOne(code);
  t.equal(await count(), before);
});

void t.test('the event loop’s lag is among the figures', async (t) => {
  t.match(await createMetrics().registry.metrics(), /nodejs_eventloop_lag_p99_seconds/);
});

void t.test('each scrape reads the figures of speech detection anew', async (t) => {
  const metrics = createMetrics();
  let figures = { windows: 100, droppedWindows: 3, noisySamples: 0, lagMs: 48 };
  exportVoiceActivity(metrics.registry, () => figures);
  t.equal(await valueOf(metrics, 'offhook_vad_windows_total'), 100);
  figures = { windows: 130, droppedWindows: 3, noisySamples: 8_000, lagMs: -32 };
  t.equal(await valueOf(metrics, 'offhook_vad_windows_total'), 130);
  t.equal(await valueOf(metrics, 'offhook_vad_windows_dropped_total'), 3);
  t.equal(await valueOf(metrics, 'offhook_noise_suppression_bypassed_seconds_total'), 0.5);
  t.equal(await valueOf(metrics, 'offhook_vad_lag_seconds'), 0);
});

void t.test('turns are told by agent and provider; of agents only the first fifty have series of their own', async (t) => {
  const metrics = createMetrics();
  const agents = Array.from({ length: 60 }, () => newAgentId());
  for (const agentId of agents) {
    const call = sampleCall({ agentId });
    metrics.onCallEvent({ type: 'started', call });
    const latency = { vadEndMs: 200, sttFinalMs: 350, endpointMs: 400, firstTextMs: 900, firstPacketMs: 1000 };
    metrics.onCallEvent({ type: 'turn', turn: sampleTurn(call.id, 1, { latency, providers: { stt: 'ears', llm: 'brain' } }) });
    metrics.onCallEvent({ type: 'ended', call: sampleCompletedCall(agentId, { id: call.id }) });
  }
  const name = 'offhook_agent_turn_stage_seconds';
  t.equal(await valueOf(metrics, `${name}_sum{agent="${agents[0]}",stage="first_packet"}`), 1);
  t.equal(await valueOf(metrics, `${name}_count{agent="${agents[49]}",stage="endpoint"}`), 1);
  t.equal(await valueOf(metrics, `${name}_count{agent="${agents[50]}",stage="endpoint"}`), undefined);
  t.equal(await valueOf(metrics, `${name}_count{agent="other",stage="endpoint"}`), 10);
  t.equal(await valueOf(metrics, 'offhook_provider_wait_seconds_count{provider="brain",stage="llm"}'), 60);
  t.equal(await valueOf(metrics, 'offhook_provider_wait_seconds_sum{provider="brain",stage="llm"}'), 30);
});
