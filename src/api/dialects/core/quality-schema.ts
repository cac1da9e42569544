import { z } from 'zod';
import { type CallQuality, type DirectionQuality, mosOf } from '../../../domain/call-quality.js';
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
    burst_ratio: z.number().meta({ description: '1: losses taken as independent of each other.', example: 1 }),
    r_factor: z.number().meta({ description: 'Rating of the E-model (ITU-T G.107), 0 to 100.', example: 89.6 }),
    mos: z.number().meta({ description: 'Mean opinion score that the rating stands for, 1 to 4.5.', example: 4.33 }),
  })
  .meta({ id: 'DirectionQuality', description: 'How audio arrived, its rating, and all that the rating was made of.' });

export const QualityResource = z
  .object({
    mos: z.number().nullable().meta({ description: 'Of the worse direction.', example: 4.33 }),
    codec: z.enum(CODEC_NAMES),
    round_trip_ms: z.number().nullable().meta({ description: "Newest, by the far end's reports (RTCP).", example: 40 }),
    round_trip_max_ms: z.number().nullable(),
    inbound: Direction.nullable().meta({ description: 'What we hear.' }),
    outbound: Direction.nullable().meta({ description: 'What the far end hears; null when it sends no reports (RTCP).' }),
  })
  .meta({ id: 'CallQuality' });

export const presentQuality = (quality: CallQuality): z.input<typeof QualityResource> => ({
  mos: mosOf(quality) ?? null,
  codec: quality.codec,
  round_trip_ms: quality.roundTripMs ?? null,
  round_trip_max_ms: quality.roundTripMaxMs ?? null,
  inbound: quality.inbound ? presentDirection(quality.inbound) : null,
  outbound: quality.outbound ? presentDirection(quality.outbound) : null,
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
