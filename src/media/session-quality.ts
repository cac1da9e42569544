import { type CallQuality, directionQuality, type FarEndMetrics } from '../domain/call-quality.js';
import type { AudioAgreement } from '../domain/ports/media.js';
import type { FarEndHearing } from './far-end-hearing.js';
import type { NativeStats } from './native-addon.js';

type Arrived = Pick<
  NativeStats,
  'packetsReceived' | 'packetsLost' | 'packetsLate' | 'packetsDuplicate' | 'jitterUs' | 'lossRuns'
>;

/** `packetsLost` counts what was not there in time; what came afterwards was received even so, and was due only once. */
export function sessionQuality(
  { codec, ptimeMs, clockRateHz }: Pick<AudioAgreement, 'codec' | 'ptimeMs' | 'clockRateHz'>,
  own: Arrived,
  hearing: FarEndHearing,
  farEnd: FarEndMetrics | undefined,
): CallQuality {
  const { latest, roundTripMs, roundTripMaxMs } = hearing;
  const due = own.packetsReceived + own.packetsLost - own.packetsLate - own.packetsDuplicate;
  const heardHere = {
    packets: due,
    lost: Math.min(own.packetsLost, Math.max(0, due)),
    jitterMs: own.jitterUs / 1000,
    lossRuns: own.lossRuns,
  };
  const heardThere = latest && {
    packets: latest.packets,
    lost: Math.min(latest.lost, latest.packets),
    jitterMs: (latest.jitterTicks * 1000) / clockRateHz,
  };
  return {
    codec,
    roundTripMs,
    roundTripMaxMs,
    inbound: directionQuality(heardHere, { codec, ptimeMs }, roundTripMs),
    outbound: heardThere && directionQuality(heardThere, { codec, ptimeMs }, roundTripMs),
    farEnd,
  };
}
