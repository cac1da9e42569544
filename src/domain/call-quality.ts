import { CODEC_IMPAIRMENT, type Rating, type RatingInputs, rate } from './e-model.js';
import type { CodecName } from './ports/media.js';

/** How audio arrived in one direction, its rating and all that this was made of. */
export type DirectionQuality = RatingInputs &
  Rating & {
    /** That were due. */
    packets: number;
    /** That never came, or too late. */
    lost: number;
    /** RFC 3550 section 6.4.1. */
    jitterMs: number;
  };

/** What the far end says of our audio in its newest VoIP metrics (RFC 3611 section 4.7); undefined what it does not know. */
export type FarEndMetrics = {
  /** Lost on the way, and discarded for coming too late or too early. */
  lossPercent: number;
  discardPercent: number;
  /** Lost or discarded within bursts and between them, and how long these are on average. */
  burstLossPercent: number;
  gapLossPercent: number;
  burstMs: number;
  gapMs: number;
  roundTripMs: number;
  endSystemDelayMs: number;
  signalLevelDbm: number | undefined;
  noiseLevelDbm: number | undefined;
  rFactor: number | undefined;
  mosListening: number | undefined;
  mosConversation: number | undefined;
};

/** Since the session opened. A direction of which nothing is known yet is absent: `outbound` is known by the far end's reports only. */
export type CallQuality = {
  codec: CodecName;
  /** The newest and the longest, by the far end's reports (RFC 3550 section 6.4.1). */
  roundTripMs: number | undefined;
  roundTripMaxMs: number | undefined;
  inbound: DirectionQuality | undefined;
  outbound: DirectionQuality | undefined;
  farEnd?: FarEndMetrics | undefined;
};

/** What is measured of one direction. */
export type Reception = {
  packets: number;
  lost: number;
  jitterMs: number;
  /** How often one or more packets in a row were lost; unknown: as if by chance. */
  lossRuns?: number | undefined;
};

/** A receiver has to wait for what is late: as long as most packets are (RFC 3611 section 4.7.7 leaves it to the implementation). */
const JITTERS_WAITED = 2;

/** `ptimeMs`: a packet leaves when its last sample is spoken. Undefined before anything was due. */
export function directionQuality(
  { packets, lost, jitterMs, lossRuns }: Reception,
  { codec, ptimeMs }: { codec: CodecName; ptimeMs: number },
  roundTripMs: number | undefined,
): DirectionQuality | undefined {
  if (packets <= 0) return undefined;
  const inputs: RatingInputs = {
    lossPercent: Math.min(100, (100 * lost) / packets),
    delayMs: (roundTripMs ?? 0) / 2 + ptimeMs + JITTERS_WAITED * jitterMs,
    ...CODEC_IMPAIRMENT[codec],
    burstRatio: lossRuns === undefined ? 1 : burstRatioOf(packets, lost, lossRuns),
  };
  return { packets, lost, jitterMs, ...inputs, ...rate(inputs) };
}

/** How long losses in a row are, beside what they would be by chance (ITU-T G.107 clause 7.5); shorter ones are no better than chance. */
function burstRatioOf(packets: number, lost: number, runs: number): number {
  if (lost === 0 || runs === 0 || packets <= lost) return 1;
  return Math.max(1, 1 / (runs / (packets - lost) + runs / lost));
}

/** Of a conversation, which is as good as its worse direction. */
export function mosOf({ inbound, outbound }: CallQuality): number | undefined {
  const scores = [inbound, outbound].flatMap((direction) => (direction ? [direction.mos] : []));
  return scores.length > 0 ? Math.min(...scores) : undefined;
}
