import { type AudioAgreement, CODEC_NAMES, type CodecName, type SrtpPolicy } from '../../domain/ports/media.js';
import type { DialogKeys } from './crypto.js';
import type { MediaLine, RtpFormat } from './parse-sdp.js';

/** How we would like to speak. */
export type AudioWishes = {
  /** In our order of preference; the order only matters in our own offers. */
  codecs: readonly CodecName[];
  /** Of the packets we get, and of those we send to who does not care. */
  ptimeMs: number;
  /** Silence on G.711 is named rather than sent, where the far end takes that (RFC 3389). */
  comfortNoise: boolean;
};

export const DEFAULT_AUDIO: AudioWishes = { codecs: CODEC_NAMES, ptimeMs: 20, comfortNoise: false };

/** What we are ready to speak. */
export type SdpPolicy = AudioWishes & {
  /** The address family our media lives in. */
  family: 4 | 6;
  /** Key presses as RTP events are neither offered nor taken: they come by SIP INFO. */
  withoutEvents?: boolean | undefined;
  srtp: SrtpPolicy;
  /** Our own, of the dialog. */
  keys: DialogKeys;
};

export type CodecFormat = {
  /** As a=rtpmap writes it (RFC 3551, RFC 7587: Opus is always `opus/48000/2`). */
  clockRateHz: number;
  channels: number;
  /** Used in our offers. */
  payloadType: number;
  /** Packet lengths the engine sends; for Opus only whole frames. */
  ptimesMs: readonly number[];
};

export const CODEC_FORMATS: Readonly<Record<CodecName, CodecFormat>> = {
  PCMU: { clockRateHz: 8000, channels: 1, payloadType: 0, ptimesMs: [10, 20, 30, 40, 60] },
  PCMA: { clockRateHz: 8000, channels: 1, payloadType: 8, ptimesMs: [10, 20, 30, 40, 60] },
  // Of 16 kHz samples; the clock is an old mistake that stays (RFC 3551 section 4.5.2).
  G722: { clockRateHz: 8000, channels: 1, payloadType: 9, ptimesMs: [10, 20, 30, 40, 60] },
  opus: { clockRateHz: 48_000, channels: 2, payloadType: 96, ptimesMs: [10, 20, 40, 60] },
};

/** Payload numbers of telephone-event in our offers, by clock rate: those of our codecs. */
export const TELEPHONE_EVENT_PAYLOADS: Readonly<Record<number, number>> = { 8000: 101, 48_000: 102 };
/** Taken: all that keep whole ticks to our beat. A phone may have 16000 for a codec that we do not speak. */
const TELEPHONE_EVENT_RATES_HZ = new Set([8000, 16_000, 24_000, 32_000, 48_000]);
/** Static (RFC 3551). */
export const COMFORT_NOISE = { payloadType: 13, clockRateHz: 8000 };

const DEFAULT_PTIME_MS = 20;
/** What a packet to us may hold: more would not fit the engine's buffer in every codec. */
export const MAX_PTIME_MS = 60;

/** The codec a format stands for, when it is one of `codecs`. Names compare without case (RFC 8866 section 6.6). */
export function codecOf(format: RtpFormat, codecs: readonly CodecName[]): CodecName | undefined {
  return codecs.find((codec) => {
    const ours = CODEC_FORMATS[codec];
    return (
      format.encoding.toLowerCase() === codec.toLowerCase() &&
      format.clockRateHz === ours.clockRateHz &&
      format.channels === ours.channels
    );
  });
}

/** The telephone-event that shares the codec's clock (RFC 4733 section 2.2), or else any: many phones offer only 8000 beside Opus. */
export function telephoneEventFor(codec: CodecName, line: MediaLine): AudioAgreement['telephoneEvent'] {
  const events = line.rtpFormats.filter(
    (format) => format.encoding.toLowerCase() === 'telephone-event' && TELEPHONE_EVENT_RATES_HZ.has(format.clockRateHz),
  );
  const chosen = events.find((format) => format.clockRateHz === CODEC_FORMATS[codec].clockRateHz) ?? events[0];
  return chosen && { payloadType: chosen.payloadType, clockRateHz: chosen.clockRateHz };
}

/** Comfort noise that shares the codec's clock, where the line names it. We send it with G.711 only, which knows no other way. */
export function comfortNoiseFor(codec: CodecName, line: MediaLine, wanted: boolean): AudioAgreement['comfortNoise'] {
  const { clockRateHz } = CODEC_FORMATS[codec];
  const named = line.rtpFormats.find((format) => format.encoding.toUpperCase() === 'CN' && format.clockRateHz === clockRateHz);
  return named && { payloadType: named.payloadType, sends: wanted && (codec === 'PCMU' || codec === 'PCMA') };
}

/** The far end's wish where we can keep it, within its a=maxptime, and `ours` where it has none. */
export function ptimeFor(codec: CodecName, line: MediaLine, ours = DEFAULT_PTIME_MS): number {
  const most = line.maxPtimeMs ?? Number.POSITIVE_INFINITY;
  const possible = CODEC_FORMATS[codec].ptimesMs.filter((ptimeMs) => ptimeMs <= most);
  const wanted = line.ptimeMs ?? ours;
  if (possible.includes(wanted)) return wanted;
  return possible.includes(DEFAULT_PTIME_MS) ? DEFAULT_PTIME_MS : (possible.at(-1) ?? DEFAULT_PTIME_MS);
}
