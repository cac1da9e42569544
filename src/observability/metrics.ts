import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { CallEvent } from '../calls/call-event.js';
import type { CallId } from '../core/ids.js';
import type { Call, Turn } from '../domain/call.js';
import type { CallQuality } from '../domain/call-quality.js';
import { AUDIO_RATE_HZ } from '../domain/ports/media.js';
import { TURN_STAGES } from '../domain/turn-waterfall.js';
import { exportTurns } from './turn-metrics.js';

export type Metrics = {
  registry: Registry;
  /** Counts what happens to calls; anything else is ignored. */
  onCallEvent(event: CallEvent): void;
};

/** The upper ends are where a caller has long hung up. */
const LATENCY_BUCKETS_S = [0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.75, 1, 1.5, 2, 3, 5, 10];
const BARGE_IN_BUCKETS_S = [0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.75, 1, 2];
const LATENESS_BUCKETS_S = [0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5];
const SETUP_BUCKETS_S = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 45];
const JITTER_BUCKETS_S = [0.001, 0.002, 0.005, 0.01, 0.02, 0.03, 0.05, 0.1, 0.2];
const LOSS_BUCKETS = [0.001, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5];
const ROUND_TRIP_BUCKETS_S = [0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.6, 1, 2];
/** Below 3.1 nearly all are dissatisfied, from 4.3 on all are satisfied (ITU-T G.107 Annex B). */
const MOS_BUCKETS = [1.5, 2, 2.6, 3.1, 3.6, 4, 4.2, 4.3, 4.4, 4.5];
const DURATION_BUCKETS_S = [1, 5, 10, 30, 60, 120, 300, 600, 1800, 3600];

const PACKET_KINDS = {
  received: 'packetsReceived',
  sent: 'packetsSent',
  lost: 'packetsLost',
  late: 'packetsLate',
  duplicate: 'packetsDuplicate',
  malformed: 'packetsMalformed',
  wrong_source: 'packetsWrongSource',
  over_rate: 'packetsOverRate',
  unauthentic: 'packetsUnauthentic',
} as const;

/** Labels take values from closed lists only: no numbers, names or SIP codes, and of agents only the ids of the first, so the count of series is bounded. */
export function createMetrics(): Metrics {
  const registry = new Registry();
  // Among others the event loop's lag, memory, CPU and open handles.
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  const histogram = <L extends string>(name: string, help: string, buckets: number[], labelNames: L[]) =>
    new Histogram({ name, help, buckets, labelNames, registers });

  const active = new Set<CallId>();
  const activeCalls = new Gauge({ name: 'offhook_calls_active', help: 'Calls in progress', registers });
  const ended = new Counter({
    name: 'offhook_calls_total',
    help: 'Ended calls by who is answerable for how they ended',
    labelNames: ['direction', 'result'],
    registers,
  });
  const ends = new Counter({
    name: 'offhook_call_ends_total',
    help: 'Ended calls by who ended them and the Q.850 cause',
    labelNames: ['ended_by', 'q850'],
    registers,
  });
  const missing = new Set<CallId>();
  const withoutAudio = new Gauge({
    name: 'offhook_calls_missing_audio',
    help: 'Calls in progress on which audio that should pass does not',
    registers,
  });
  const faults = new Counter({
    name: 'offhook_audio_faults_total',
    help: 'Times that audio which should have passed did not, by what was missing',
    labelNames: ['missing'],
    registers,
  });
  const tones = new Counter({
    name: 'offhook_tones_heard_total',
    help: 'Times that a machine said something by tones, by what it was',
    labelNames: ['tone'],
    registers,
  });
  const answerers = new Counter({
    name: 'offhook_calls_answered_by_total',
    help: 'Ended calls out on which answering machines were looked for, by who had answered',
    labelNames: ['verdict'],
    registers,
  });
  const duration = histogram('offhook_call_duration_seconds', 'From answer to end', DURATION_BUCKETS_S, ['direction']);
  const setup = histogram('offhook_call_setup_seconds', 'From the INVITE to the answer, ringing included', SETUP_BUCKETS_S, [
    'direction',
  ]);
  const stage = histogram(
    'offhook_turn_stage_seconds',
    "When a turn's stage was reached after the caller's last speech packet",
    LATENCY_BUCKETS_S,
    ['stage'],
  );
  const bargeIn = histogram(
    'offhook_barge_in_seconds',
    "From the caller's first speech packet to the agent's last full-level packet",
    BARGE_IN_BUCKETS_S,
    [],
  );
  const lateness = histogram(
    'offhook_rtp_send_lateness_max_seconds',
    "A call's worst delay of a sent packet",
    LATENESS_BUCKETS_S,
    [],
  );
  const jitter = histogram(
    'offhook_rtp_jitter_seconds',
    'Inter-arrival jitter at the end of a call (RFC 3550)',
    JITTER_BUCKETS_S,
    [],
  );
  const loss = histogram('offhook_rtp_loss_ratio', 'Part of the packets of a call that never came', LOSS_BUCKETS, []);
  const farEndLoss = histogram(
    'offhook_rtp_far_end_loss_ratio',
    'Part of our packets of a call that never reached the far end, by its reports (RTCP)',
    LOSS_BUCKETS,
    [],
  );
  const roundTrip = histogram(
    'offhook_rtp_round_trip_seconds',
    "To the far end and back at the end of a call, by the far end's reports (RTCP)",
    ROUND_TRIP_BUCKETS_S,
    [],
  );
  const toolRuns = histogram(
    'offhook_tool_run_seconds',
    'How long tools that agents use take, by what they came to',
    LATENCY_BUCKETS_S,
    ['type', 'outcome'],
  );
  const mos = histogram('offhook_call_mos', 'Mean opinion score of a call by the E-model (ITU-T G.107)', MOS_BUCKETS, [
    'direction',
  ]);
  const packets = new Counter({
    name: 'offhook_rtp_packets_total',
    help: 'RTP packets of ended calls',
    labelNames: ['kind'],
    registers,
  });
  const concealed = new Counter({
    name: 'offhook_rtp_concealed_seconds_total',
    help: 'Audio of ended calls that was concealed',
    registers,
  });

  const onTurns = exportTurns(registry);

  function onEnded(call: Call): void {
    active.delete(call.id);
    missing.delete(call.id);
    ends.inc({ ended_by: call.endedBy ?? 'system', q850: String(call.q850Cause ?? 'none') });
    ended.inc({ direction: call.direction, result: call.termination?.result ?? 'indeterminate' });
    if (call.answeredAtMs !== undefined && call.endedAtMs !== undefined) {
      duration.observe({ direction: call.direction }, Math.max(0, call.endedAtMs - call.answeredAtMs) / 1000);
    }
    if (call.answeredBy) answerers.inc({ verdict: call.answeredBy.verdict });
    if (call.quality) onQuality(call.quality);
    const stats = call.mediaStats ?? {};
    for (const [kind, field] of Object.entries(PACKET_KINDS)) packets.inc({ kind }, countOf(stats[field]));
    concealed.inc(countOf(stats.concealedSamples) / AUDIO_RATE_HZ);
    const received = countOf(stats.packetsReceived);
    if (received > 0) {
      jitter.observe(countOf(stats.jitterMs) / 1000);
      loss.observe(countOf(stats.packetsLost) / (received + countOf(stats.packetsLost)));
    }
    if (stats.sendLatenessMaxMs !== undefined) lateness.observe(countOf(stats.sendLatenessMaxMs) / 1000);
  }

  function onQuality({ roundTripMs, inbound, outbound }: CallQuality): void {
    if (roundTripMs !== undefined) roundTrip.observe(roundTripMs / 1000);
    if (inbound) mos.observe({ direction: 'inbound' }, inbound.mos);
    if (!outbound) return;
    mos.observe({ direction: 'outbound' }, outbound.mos);
    farEndLoss.observe(outbound.lossPercent / 100);
  }

  function onAnswered({ direction, startedAtMs, answeredAtMs }: Call): void {
    if (answeredAtMs !== undefined) setup.observe({ direction }, Math.max(0, answeredAtMs - startedAtMs) / 1000);
  }

  function onAudio({ id, audioFault }: Call): void {
    const lasts = audioFault !== undefined && audioFault.healedAtMs === undefined;
    if (lasts) faults.inc({ missing: audioFault.missing });
    if (lasts) missing.add(id);
    else missing.delete(id);
  }

  function onTurn(turn: Turn): void {
    for (const [label, field] of Object.entries(TURN_STAGES)) {
      const ms = turn.latency[field];
      if (ms !== undefined && Number.isFinite(ms)) stage.observe({ stage: label }, Math.max(0, ms) / 1000);
    }
    if (turn.bargeInMs !== undefined && Number.isFinite(turn.bargeInMs)) bargeIn.observe(Math.max(0, turn.bargeInMs) / 1000);
  }

  return {
    registry,
    onCallEvent: (event) => {
      onTurns(event);
      if (event.type === 'started') active.add(event.call.id);
      else if (event.type === 'answered') onAnswered(event.call);
      else if (event.type === 'ended') onEnded(event.call);
      else if (event.type === 'audio') onAudio(event.call);
      else if (event.type === 'tone') tones.inc({ tone: event.tone });
      else if (event.type === 'turn') onTurn(event.turn);
      else if (event.type === 'tool') {
        const { type = 'unknown', outcome, durationMs } = event.run;
        toolRuns.observe({ type, outcome }, durationMs / 1000);
      }
      activeCalls.set(active.size);
      withoutAudio.set(missing.size);
    },
  };
}

/** Counters only go up: what is missing or no number counts as nothing. */
const countOf = (value: number | undefined): number => (value !== undefined && Number.isFinite(value) && value > 0 ? value : 0);
