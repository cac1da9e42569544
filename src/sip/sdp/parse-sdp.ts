import { isIP } from 'node:net';
import { type MediaDescription, parse, type SessionDescription } from 'sdp-transform';
import { AppError } from '../../core/errors.js';
import type { ExtendedReportsWanted, MediaDirection } from '../../domain/ports/media.js';
import { type CryptoLine, readCrypto } from './crypto.js';

/** One format of an m= line with what a=rtpmap, or for the static numbers RFC 3551, says about it. */
export type RtpFormat = {
  payloadType: number;
  encoding: string;
  clockRateHz: number;
  channels: number;
  /** What a=fmtp says of it. */
  parameters?: string | undefined;
};

/** One m= line, whatever it carries; an answer has to mirror all of them (RFC 3264 section 6). */
export type MediaLine = {
  kind: string;
  /** 0 = rejected or switched off. */
  port: number;
  protocol: string;
  /** As written; numbers for RTP, tokens otherwise. */
  formats: readonly string[];
  /** RTP formats in the sender's order of preference, without those that nothing describes. */
  rtpFormats: readonly RtpFormat[];
  /** Absent when neither the session nor the line has a c=. */
  connection: { family: 4 | 6; address: string } | undefined;
  rtcp: { port: number; address: string | undefined } | undefined;
  /** From the sender's point of view. */
  direction: MediaDirection;
  /** In the sender's order of preference, without those we cannot use. */
  crypto: readonly CryptoLine[];
  /** What a=rtcp-xr of the line, or else of the session, asks for (RFC 3611 section 5); absent without one. */
  extendedReports: ExtendedReportsWanted | undefined;
  ptimeMs: number | undefined;
  maxPtimeMs: number | undefined;
};

/** Beyond these a description is no telephone call's. */
const MAX_SDP_CHARS = 128 * 1024;
const MAX_MEDIA_LINES = 32;

/** RFC 3551 table 4: numbers that need no a=rtpmap. */
const STATIC_FORMATS: Readonly<Record<number, Omit<RtpFormat, 'payloadType'>>> = {
  0: { encoding: 'PCMU', clockRateHz: 8000, channels: 1 },
  8: { encoding: 'PCMA', clockRateHz: 8000, channels: 1 },
  9: { encoding: 'G722', clockRateHz: 8000, channels: 1 },
  13: { encoding: 'CN', clockRateHz: 8000, channels: 1 },
};

const LINE = /^[a-z]=.*$/;
const MEDIA = /^m=([!-~]+) (\d{1,5})(?:\/\d+)? ([!-~]+)((?: [!-~]+)+) *$/;
const CONNECTION = /^c=IN IP[46] [!-~]+ *$/;
const ORIGIN = /^o=\S+ \d+ \d+ IN IP[46] \S+ *$/;

/**
 * Reads a session description (RFC 8866) from somebody we do not trust.
 *
 * @throws AppError `invalid_request` for anything that is none; never throws anything else.
 */
export function parseSdp(text: string): MediaLine[] {
  const fault = findFault(text);
  if (fault !== undefined) {
    throw new AppError('invalid_request', `malformed session description: ${fault}`, { publicMessage: 'malformed SDP' });
  }
  const session = parse(text);
  // sdp-transform's own reading of an m= line fails on legal ones (`m=audio 5004/2 …`), so the line itself is read here.
  const heads = linesOf(text)
    .map((line) => MEDIA.exec(line))
    .filter((head) => head !== null);
  return heads.map((head, index) => toMediaLine(head, session.media[index] ?? { rtp: [], fmtp: [] }, session));
}

/** sdp-transform takes what it understands and skips the rest, so what must be there is checked first. */
function findFault(text: string): string | undefined {
  if (text.length > MAX_SDP_CHARS) return 'too long';
  if (text.includes('\0')) return 'binary';
  const lines = linesOf(text);
  if (lines[0]?.trimEnd() !== 'v=0') return 'does not begin with v=0';
  const checks: Readonly<Record<string, RegExp>> = { m: MEDIA, c: CONNECTION, o: ORIGIN };
  let mediaLines = 0;
  for (const line of lines) {
    if (!LINE.test(line)) return 'a line is no type=value pair';
    const check = checks[line.charAt(0)];
    if (check && !check.test(line)) return `bad ${line.charAt(0)}= line`;
    if (line.startsWith('m=')) {
      mediaLines += 1;
      if (Number(MEDIA.exec(line)?.[2]) > 65_535) return 'bad m= line';
    }
  }
  if (!lines.some((line) => line.startsWith('o='))) return 'no o= line';
  return mediaLines > MAX_MEDIA_LINES ? 'too many m= lines' : undefined;
}

const linesOf = (text: string): string[] => text.split(/\r\n|\r|\n/).filter((line) => line.trim() !== '');

/** sdp-transform promises more of an m= block than a stranger's text delivers. */
type MediaBlock = Pick<MediaDescription, 'rtp' | 'fmtp'> & Partial<MediaDescription>;

function toMediaLine(head: RegExpExecArray, media: MediaBlock, session: SessionDescription): MediaLine {
  const [, kind = '', port = '0', protocol = '', formatList = ''] = head;
  const formats = formatList.split(' ').filter((format) => format !== '');
  const connection = media.connection ?? session.connection;
  return {
    kind,
    port: Number(port),
    protocol,
    formats,
    rtpFormats: protocol.startsWith('RTP/') ? toRtpFormats(formats, media) : [],
    connection: connection && { family: connection.version === 6 ? 6 : 4, address: asText(connection.ip) },
    rtcp: toRtcp(media),
    direction: media.direction ?? session.direction ?? 'sendrecv',
    crypto: (media.crypto ?? []).map(readCrypto).filter((line) => line !== undefined),
    extendedReports: extendedReportsIn(media.invalid) ?? extendedReportsIn(session.invalid),
    ptimeMs: positive(media.ptime),
    maxPtimeMs: positive(media.maxptime),
  };
}

function toRtpFormats(formats: readonly string[], media: MediaBlock): RtpFormat[] {
  const described: RtpFormat[] = [];
  for (const format of formats) {
    if (!/^\d{1,3}$/.test(format) || Number(format) > 127) continue;
    const payloadType = Number(format);
    if (described.some((known) => known.payloadType === payloadType)) continue;
    const map = media.rtp.find((entry) => entry.payload === payloadType);
    if (map) {
      described.push({
        payloadType,
        encoding: asText(map.codec),
        clockRateHz: map.rate ?? 0,
        channels: map.encoding ?? 1,
        parameters: parametersOf(payloadType, media),
      });
    } else if (STATIC_FORMATS[payloadType]) {
      described.push({ payloadType, ...STATIC_FORMATS[payloadType] });
    }
  }
  return described;
}

function parametersOf(payloadType: number, media: MediaBlock): string | undefined {
  const line = media.fmtp.find((entry) => entry.payload === payloadType);
  return line && asText(line.config);
}

/** RFC 3605. A line that makes no sense is as good as absent: RTCP is then on the next port. */
function toRtcp(media: MediaBlock): MediaLine['rtcp'] {
  const port = media.rtcp?.port;
  if (typeof port !== 'number' || port < 1 || port > 65_535) return undefined;
  const address = media.rtcp?.address;
  return { port, address: address !== undefined && isIP(asText(address)) !== 0 ? asText(address) : undefined };
}

const EXTENDED_REPORTS = /^rtcp-xr(?::(.*))?$/;

/** sdp-transform keeps attributes that it does not know as they are. */
function extendedReportsIn(unknown: MediaDescription['invalid']): ExtendedReportsWanted | undefined {
  const value = unknown?.map((attribute) => EXTENDED_REPORTS.exec(asText(attribute.value))).find((match) => match)?.[1];
  if (value === undefined) return undefined;
  const names = value.split(' ').map((format) => format.split('=')[0]);
  return { voipMetrics: names.includes('voip-metrics'), receiverTimes: names.includes('rcvr-rtt') };
}

/** sdp-transform makes numbers of all that looks like one, whatever its types say. */
const asText = (value: string | number): string => String(value);

const positive = (value: unknown): number | undefined => (typeof value === 'number' && value > 0 ? value : undefined);
