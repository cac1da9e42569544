import { z } from 'zod';
import { type CallQuality, type DirectionQuality, type FarEndMetrics, mosOf } from '../../../domain/call-quality.js';
import { CODEC_NAMES } from '../../../domain/ports/media.js';

const Direction = z
  .object({
    packets: z.number().int().meta({ description: 'That were due.', example: 1500 }),
    lost: z.number().int().meta({ description: 'That never came, or too late.', example: 15 }),
    loss_percent: z.number().meta({ example: 1 }),
    jitter_ms: z.number().meta({ description: 'RFC 3550 section 6.4.1.', example: 1.25 }),
    delay_ms: z.number().meta({
      description: 'One way: half the round trip, one packet, and twice the jitter for the buffer that evens it out.',
      example: 42.5,
    }),
    ie: z.number().meta({ description: 'Equipment impairment factor of the codec (ITU-T G.113).', example: 0 }),
    bpl: z.number().meta({ description: "The codec's robustness against loss (ITU-T G.113).", example: 25.1 }),
    burst_ratio: z
      .number()
      .meta({ description: 'How long losses in a row are beside what they would be by chance (1).', example: 1 }),
    r_factor: z.number().meta({ description: 'Rating of the E-model (ITU-T G.107), 0 to 100.', example: 89.6 }),
    mos: z.number().meta({ description: 'Mean opinion score that the rating stands for, 1 to 4.5.', example: 4.33 }),
  })
  .meta({ id: 'DirectionQuality', description: 'How audio arrived, its rating, and all that the rating was made of.' });

const percent = (description: string, example: number) => z.number().meta({ description, example });
const FarEndMetricsResource = z
  .object({
    loss_percent: percent('Of our packets, lost on the way.', 0.4),
    discard_percent: percent('Of our packets, discarded for coming too late or too early.', 0),
    burst_loss_percent: percent('Lost or discarded within bursts.', 25),
    gap_loss_percent: percent('Lost or discarded between bursts.', 0.4),
    burst_ms: z.number().meta({ description: 'Length of a burst, on average.', example: 80 }),
    gap_ms: z.number().meta({ description: 'Length of what is between bursts, on average.', example: 20_000 }),
    round_trip_ms: z.number().meta({ description: '0 when it is not known there.', example: 40 }),
    end_system_delay_ms: z.number().meta({ description: 'What the far end itself adds, jitter buffer included.', example: 60 }),
    signal_level_dbm: z.number().nullable().meta({ example: -18 }),
    noise_level_dbm: z.number().nullable().meta({ example: -60 }),
    r_factor: z.number().nullable().meta({ example: 89 }),
    mos_listening: z.number().nullable().meta({ example: 4.2 }),
    mos_conversation: z.number().nullable().meta({ example: 4.1 }),
  })
  .meta({
    id: 'FarEndMetrics',
    description: 'What the far end says of our audio: its newest VoIP metrics (RFC 3611 section 4.7).',
  });

export const QualityResource = z
  .object({
    mos: z.number().nullable().meta({ description: 'Of the worse direction.', example: 4.33 }),
    codec: z.enum(CODEC_NAMES),
    round_trip_ms: z.number().nullable().meta({ description: "Newest, by the far end's reports (RTCP).", example: 40 }),
    round_trip_max_ms: z.number().nullable(),
    inbound: Direction.nullable().meta({ description: 'What we hear.' }),
    outbound: Direction.nullable().meta({ description: 'What the far end hears; null when it sends no reports (RTCP).' }),
    far_end: FarEndMetricsResource.nullable().meta({ description: 'Null when the far end sends no VoIP metrics.' }),
  })
  .meta({ id: 'CallQuality' });

export const presentQuality = (quality: CallQuality): z.input<typeof QualityResource> => ({
  mos: mosOf(quality) ?? null,
  codec: quality.codec,
  round_trip_ms: quality.roundTripMs ?? null,
  round_trip_max_ms: quality.roundTripMaxMs ?? null,
  inbound: quality.inbound ? presentDirection(quality.inbound) : null,
  outbound: quality.outbound ? presentDirection(quality.outbound) : null,
  far_end: quality.farEnd ? presentMetrics(quality.farEnd) : null,
});

const presentDirection = (direction: DirectionQuality): z.input<typeof Direction> => ({
  packets: direction.packets,
  lost: direction.lost,
  loss_percent: direction.lossPercent,
  jitter_ms: direction.jitterMs,
  delay_ms: direction.delayMs,
  ie: direction.ie,
  bpl: direction.bpl,
  burst_ratio: direction.burstRatio,
  r_factor: direction.rFactor,
  mos: direction.mos,
});

const presentMetrics = (metrics: FarEndMetrics): z.input<typeof FarEndMetricsResource> => ({
  loss_percent: metrics.lossPercent,
  discard_percent: metrics.discardPercent,
  burst_loss_percent: metrics.burstLossPercent,
  gap_loss_percent: metrics.gapLossPercent,
  burst_ms: metrics.burstMs,
  gap_ms: metrics.gapMs,
  round_trip_ms: metrics.roundTripMs,
  end_system_delay_ms: metrics.endSystemDelayMs,
  signal_level_dbm: metrics.signalLevelDbm ?? null,
  noise_level_dbm: metrics.noiseLevelDbm ?? null,
  r_factor: metrics.rFactor ?? null,
  mos_listening: metrics.mosListening ?? null,
  mos_conversation: metrics.mosConversation ?? null,
});
