import { z } from 'zod';
import { PROVIDER_STAGES } from '../../../domain/provider-failure.js';
import type { Spread, Waterfall } from '../../../domain/turn-waterfall.js';

export const LatencyQuery = z.object({
  since: z.iso
    .datetime({ offset: true })
    .optional()
    .meta({ description: 'Of calls that began then or later; of all when left out.', example: '2026-11-01T00:00:00Z' }),
});

const Milliseconds = z.number();
const SpreadResource = z.object({ count: z.number().int(), p50: Milliseconds, p95: Milliseconds, p99: Milliseconds }).meta({
  id: 'LatencySpread',
  description: 'In milliseconds, of the turns that have it.',
  example: { count: 40, p50: 460, p95: 540, p99: 900 },
});
const Stage = z.union([SpreadResource, z.null()]);

export const LatencyResource = z
  .object({
    agent_id: z.uuid(),
    since: z.iso.datetime().nullable(),
    turns: z.number().int().meta({ description: 'The newest ones, 10,000 at most.' }),
    stages: z
      .object({
        vad_end: Stage,
        endpoint: Stage,
        stt_final: Stage,
        first_text: Stage,
        first_clause: Stage,
        first_audio: Stage,
        first_packet: Stage,
      })
      .meta({ description: "When each was reached after the caller's last speech packet; null where none was." }),
    barge_in: Stage.meta({ description: "From the caller's first speech packet to the agent's last one at full level." }),
    providers: z
      .array(SpreadResource.extend({ stage: z.enum(PROVIDER_STAGES), provider: z.string() }).meta({ id: 'ProviderWait' }))
      .meta({
        description: 'How long turns waited for each provider: for the words of the caller, the first text, the first audio.',
      }),
  })
  .meta({ id: 'AgentLatency' });

const presentSpread = ({ count, p50Ms, p95Ms, p99Ms }: Spread): z.input<typeof SpreadResource> => ({
  count,
  p50: p50Ms,
  p95: p95Ms,
  p99: p99Ms,
});
const orNull = (spread: Spread | undefined): z.input<typeof Stage> => (spread ? presentSpread(spread) : null);

export const presentLatency = (
  agentId: string,
  since: string | undefined,
  { turns, stages, bargeIn, providers }: Waterfall,
): z.input<typeof LatencyResource> => ({
  agent_id: agentId,
  since: since === undefined ? null : new Date(since).toISOString(),
  turns,
  stages: {
    vad_end: orNull(stages.vad_end),
    endpoint: orNull(stages.endpoint),
    stt_final: orNull(stages.stt_final),
    first_text: orNull(stages.first_text),
    first_clause: orNull(stages.first_clause),
    first_audio: orNull(stages.first_audio),
    first_packet: orNull(stages.first_packet),
  },
  barge_in: orNull(bargeIn),
  providers: providers.map(({ stage, provider, ...spread }) => ({ stage, provider, ...presentSpread(spread) })),
});
