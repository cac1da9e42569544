import { Histogram, type Registry } from 'prom-client';
import type { CallEvent } from '../calls/call-event.js';
import type { AgentId, CallId } from '../core/ids.js';
import type { Turn } from '../domain/call.js';
import { providerTimes, TURN_STAGES } from '../domain/turn-waterfall.js';

/** The upper ends are where a caller has long hung up. */
const BUCKETS_S = [0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.75, 1, 1.5, 2, 3, 5, 10];
/** Each is so many series as there are stages and buckets; those that come later are told together. */
const MOST_AGENTS = 50;
const AGENT_STAGES = ['endpoint', 'stt_final', 'first_text', 'first_audio', 'first_packet'] as const;

/** Where the time of turns goes, by agent and by provider. */
export function exportTurns(registry: Registry): (event: CallEvent) => void {
  const registers = [registry];
  const byAgent = new Histogram({
    name: 'offhook_agent_turn_stage_seconds',
    help: `When a stage was reached after the caller's last speech packet, of the first ${MOST_AGENTS} agents that were talked to`,
    buckets: BUCKETS_S,
    labelNames: ['agent', 'stage'],
    registers,
  });
  const byProvider = new Histogram({
    name: 'offhook_provider_wait_seconds',
    help: 'How long a turn waited for a provider: for the words of the caller, the first text, the first audio',
    buckets: BUCKETS_S,
    labelNames: ['provider', 'stage'],
    registers,
  });
  const agentOf = new Map<CallId, AgentId>();
  const named = new Set<AgentId>();

  function labelOf(agent: AgentId): string {
    if (named.size < MOST_AGENTS) named.add(agent);
    return named.has(agent) ? agent : 'other';
  }

  function onTurn(turn: Turn): void {
    const agent = agentOf.get(turn.callId);
    if (agent !== undefined) {
      for (const stage of AGENT_STAGES) {
        const ms = turn.latency[TURN_STAGES[stage]];
        if (ms !== undefined && Number.isFinite(ms)) byAgent.observe({ agent: labelOf(agent), stage }, Math.max(0, ms) / 1000);
      }
    }
    const waits = providerTimes(turn).filter(({ ms }) => Number.isFinite(ms));
    for (const { stage, provider, ms } of waits) byProvider.observe({ provider, stage }, ms / 1000);
  }

  return (event) => {
    if (event.type === 'turn') onTurn(event.turn);
    else if (event.type === 'ended') agentOf.delete(event.call.id);
    else if (event.type === 'started' || event.type === 'answered' || event.type === 'handoff') {
      if (event.call.agentId !== undefined) agentOf.set(event.call.id, event.call.agentId);
    }
  };
}
