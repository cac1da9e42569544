import { isIP } from 'node:net';
import { AppError } from '../../core/errors.js';
import type { AudioAgreement, MediaDirection } from '../../domain/ports/media.js';
import { CODEC_FORMATS, codecOf, comfortNoiseFor, ptimeFor, type SdpPolicy, telephoneEventFor } from './audio-format.js';
import { acceptCrypto, type CryptoLine } from './crypto.js';
import type { AnswerLine } from './describe.js';
import { opusTermsOf } from './opus-terms.js';
import { type MediaLine, parseSdp } from './parse-sdp.js';

/** Why nothing was agreed, as RFC 3261 section 20.43 numbers it for the Warning header. */
export type Incompatibility =
  | { warnCode: 301; text: 'Incompatible network address formats' }
  | { warnCode: 302; text: 'Incompatible transport protocol' }
  | { warnCode: 304; text: 'Media type not available' }
  | { warnCode: 305; text: 'Incompatible media format' };

export type Negotiation =
  | { outcome: 'agreed'; agreement: AudioAgreement; lines: readonly AnswerLine[] }
  | { outcome: 'no_common_codec'; why: Incompatibility };

const PLAIN_RTP = new Set(['RTP/AVP', 'RTP/AVPF']);
const SECURE_RTP = new Set(['RTP/SAVP', 'RTP/SAVPF']);
/** RFC 2543's way to hold, still seen: "send nowhere". */
const NOWHERE = new Set(['0.0.0.0', '::']);

/**
 * Answers an offer (RFC 3264 section 6): the first audio line we can serve, with the caller's most preferred codec that
 * we know; every other line is refused in its place.
 *
 * `switchedOff: 'accept'` is for re-INVITEs, where an audio line with port 0 takes the stream away without ending the call.
 *
 * @throws AppError `invalid_request` when the offer is no session description.
 */
export function negotiate(offer: string, policy: SdpPolicy, switchedOff: 'accept' | 'refuse' = 'refuse'): Negotiation {
  const lines = parseSdp(offer);
  const audio = lines.filter((line) => line.kind === 'audio');
  let why: Incompatibility = { warnCode: 304, text: 'Media type not available' };
  for (const line of audio) {
    if (line.port === 0) continue;
    const served = serve(line, policy);
    if ('agreement' in served) return { outcome: 'agreed', agreement: served.agreement, lines: mirror(lines, line, served) };
    why = served;
  }
  const off =
    switchedOff === 'accept' ? audio.map((line) => serve(line, policy)).find((served) => 'agreement' in served) : undefined;
  if (off) {
    return { outcome: 'agreed', agreement: switchOff(off.agreement), lines: lines.map(refuse) };
  }
  return { outcome: 'no_common_codec', why };
}

/**
 * Reads the answer to `offer`, which was ours (RFC 3264 section 7). Packets are sent with the answer's payload number. In mid-call an
 * answer may switch the audio of `before` off.
 *
 * @throws AppError `invalid_request` when it is no session description, `no_common_codec` when it takes nothing we offered.
 */
export function acceptAnswer(answer: string, offer: string, policy: SdpPolicy, before?: AudioAgreement): AudioAgreement {
  const line = parseSdp(answer).find((candidate) => candidate.kind === 'audio');
  if (before && line?.port === 0) return switchOff(before);
  const served = line && line.port !== 0 ? serve(line, policy, 'answer') : undefined;
  if (!line || !served || !('agreement' in served)) throw new AppError('no_common_codec', 'the answer takes nothing we offered');
  const offered = parseSdp(offer).flatMap(({ crypto }) => crypto);
  if (offered.length === 0) return served.agreement;
  const srtp = acceptCrypto(offered, line.crypto);
  if (!srtp) throw new AppError('no_common_codec', 'the answer does not take the encryption we offered');
  return { ...served.agreement, srtp };
}

const switchOff = (agreement: AudioAgreement): AudioAgreement => ({
  ...agreement,
  direction: 'inactive',
  remote: { ...agreement.remote, rtpPort: 0, rtcpPort: 0 },
});

/** What both allow of the directions, from our point of view. */
export function commonDirection(one: MediaDirection, other: MediaDirection): MediaDirection {
  const send = sends(one) && sends(other);
  const receive = receives(one) && receives(other);
  if (send) return receive ? 'sendrecv' : 'sendonly';
  return receive ? 'recvonly' : 'inactive';
}

const sends = (direction: MediaDirection): boolean => direction === 'sendrecv' || direction === 'sendonly';
const receives = (direction: MediaDirection): boolean => direction === 'sendrecv' || direction === 'recvonly';

type Served = { agreement: AudioAgreement; crypto: CryptoLine | undefined };

/** A line of an answer brings no keys of its own: what it says is read beside our offer. */
function serve(line: MediaLine, policy: SdpPolicy, from: 'offer' | 'answer' = 'offer'): Served | Incompatibility {
  const secured = from === 'offer' && policy.srtp !== 'off' ? policy.keys.answer(line.crypto) : undefined;
  const secure = SECURE_RTP.has(line.protocol);
  const served = from === 'answer' || (secure ? secured !== undefined : secured !== undefined || policy.srtp !== 'require');
  if (!(secure || PLAIN_RTP.has(line.protocol)) || !served) return { warnCode: 302, text: 'Incompatible transport protocol' };
  const { connection } = line;
  if (!connection)
    throw new AppError('invalid_request', 'malformed session description: no c= line', { publicMessage: 'malformed SDP' });
  if (connection.family !== policy.family || isIP(connection.address) !== policy.family) {
    return { warnCode: 301, text: 'Incompatible network address formats' };
  }
  for (const format of line.rtpFormats) {
    const codec = codecOf(format, policy.codecs);
    if (codec === undefined) continue;
    const comfortNoise = comfortNoiseFor(codec, line, policy.comfortNoise);
    return {
      agreement: {
        codec,
        payloadType: format.payloadType,
        clockRateHz: CODEC_FORMATS[codec].clockRateHz,
        ptimeMs: ptimeFor(codec, line, policy.ptimeMs),
        ...(codec === 'opus' && { opus: opusTermsOf(format.parameters) }),
        ...(comfortNoise && { comfortNoise }),
        telephoneEvent: policy.withoutEvents ? undefined : telephoneEventFor(codec, line),
        remote: remoteOf(line, connection.address),
        direction: directionFor(line.direction, connection.address),
        ...(secured && { srtp: secured.keys }),
        ...(line.extendedReports && { extendedReports: line.extendedReports }),
      },
      crypto: secured?.ours,
    };
  }
  return { warnCode: 305, text: 'Incompatible media format' };
}

function remoteOf(line: MediaLine, address: string): AudioAgreement['remote'] {
  // RTCP to another host than RTP (RFC 3605 allows it) is not worth an attack surface: only the port is taken.
  const rtcpPort = line.rtcp?.port ?? Math.min(line.port + 1, 65_535);
  return { address, rtpPort: line.port, rtcpPort };
}

/** Theirs seen from our side. */
function directionFor(theirs: MediaDirection, address: string): MediaDirection {
  const mirrored = { sendrecv: 'sendrecv', sendonly: 'recvonly', recvonly: 'sendonly', inactive: 'inactive' } as const;
  return commonDirection(mirrored[theirs], NOWHERE.has(address) ? 'recvonly' : 'sendrecv');
}

function mirror(lines: readonly MediaLine[], taken: MediaLine, served: Served): AnswerLine[] {
  return lines.map((line) => (line === taken ? { kind: 'audio', protocol: line.protocol, ...served } : refuse(line)));
}

/** A refused line keeps its place, with port 0 and at least one of its formats. */
const refuse = (line: MediaLine): AnswerLine => ({ kind: line.kind, protocol: line.protocol, format: line.formats[0] ?? '0' });
