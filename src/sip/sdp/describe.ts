import { type MediaDescription, type SessionDescription, write } from 'sdp-transform';
import type { AudioAgreement, CodecName, MediaDirection } from '../../domain/ports/media.js';
import type { LocalMedia } from '../../domain/ports/telephony.js';
import { CODEC_FORMATS, COMFORT_NOISE, MAX_PTIME_MS, type SdpPolicy, TELEPHONE_EVENT_PAYLOADS } from './audio-format.js';
import { type CryptoLine, writeCrypto } from './crypto.js';
import { OUR_OPUS_PARAMETERS } from './opus-terms.js';

/** One m= line of an answer: the one we serve, or one we refuse. */
export type AnswerLine =
  | { kind: string; protocol: string; agreement: AudioAgreement; crypto: CryptoLine | undefined }
  | { kind: string; protocol: string; format: string };

/**
 * Writes our session descriptions of one dialog. The version in o= grows whenever anything else differs from the
 * description before (RFC 3264 section 8), and only then: a refresh is recognisable as one.
 */
export class SessionDescriber {
  readonly #address: string;
  readonly #family: 4 | 6;
  readonly #sessionId: number;
  #local: LocalMedia;
  #version = 1;
  #last: string | undefined;
  /** What the description before said, line by line, and the newest of its audio that was not switched off. */
  #media: MediaDescription[] = [];
  #audioLine: MediaDescription | undefined;
  #before: { media: MediaDescription[]; audioLine: MediaDescription | undefined; local: LocalMedia } | undefined;

  constructor(options: { address: string; family: 4 | 6; local: LocalMedia; sessionId: number }) {
    this.#address = options.address;
    this.#family = options.family;
    this.#local = options.local;
    this.#sessionId = options.sessionId;
  }

  answer(lines: readonly AnswerLine[]): string {
    return this.#write(lines.map((line) => ('agreement' in line ? this.#served(line) : refused(line))));
  }

  /** Everything the policy allows, telephone-event at each clock rate that is used. */
  offer(policy: SdpPolicy): string {
    const codecs = policy.codecs.map((codec) => ({ codec, ...CODEC_FORMATS[codec] }));
    const noise = policy.comfortNoise && codecs.some(({ codec }) => codec === 'PCMU' || codec === 'PCMA') ? [COMFORT_NOISE] : [];
    const rates = policy.withoutEvents ? [] : [...new Set(codecs.map((codec) => codec.clockRateHz))];
    const events = rates.flatMap((clockRateHz) => {
      const payloadType = TELEPHONE_EVENT_PAYLOADS[clockRateHz];
      return payloadType === undefined ? [] : [{ payloadType, clockRateHz }];
    });
    return this.#write([
      {
        ...this.#audio(policy.srtp === 'require' ? 'RTP/SAVP' : 'RTP/AVP', policy.ptimeMs, 'sendrecv'),
        ...(policy.srtp === 'require' && { crypto: policy.keys.offer().map(writeCrypto) }),
        payloads: [...codecs, ...noise, ...events].map((format) => format.payloadType).join(' '),
        rtp: [
          ...codecs.map((codec) => rtpmap(codec.codec, codec)),
          ...noise.map((format) => rtpmap('CN', format)),
          ...events.map((event) => rtpmap('telephone-event', event)),
        ],
        fmtp: [...codecs.flatMap(codecParameters), ...events.map(eventRange)],
        invalid: [EXTENDED_REPORTS],
      },
    ]);
  }

  /**
   * The description before once more as an offer, with what is given different. Audio that was switched off comes back with a direction.
   */
  again({ direction, local }: { direction?: MediaDirection | undefined; local?: LocalMedia | undefined }): string {
    this.#before = { media: this.#media, audioLine: this.#audioLine, local: this.#local };
    this.#local = local ?? this.#local;
    const audio = this.#audioLine;
    const place = this.#media.findIndex((line) => line === audio || (direction !== undefined && line.type === 'audio'));
    if (!audio || place < 0) return this.#write(this.#media);
    const { rtcp: _, ...kept } = audio;
    return this.#write(this.#media.with(place, { ...kept, ...this.#ports(), ...(direction && { direction }) }));
  }

  /** The offer made by `again` was refused: what stood before it is what the next one begins with. Its version stays used. */
  takeBack(): void {
    if (!this.#before) return;
    this.#media = this.#before.media;
    this.#audioLine = this.#before.audioLine;
    this.#local = this.#before.local;
    this.#before = undefined;
  }

  #served({ protocol, agreement, crypto }: Extract<AnswerLine, { agreement: AudioAgreement }>): MediaDescription {
    const { codec, payloadType, comfortNoise, telephoneEvent } = agreement;
    const noise = comfortNoise?.sends ? [{ ...COMFORT_NOISE, payloadType: comfortNoise.payloadType }] : [];
    const events = telephoneEvent ? [telephoneEvent] : [];
    return {
      ...this.#audio(protocol, agreement.ptimeMs, agreement.direction),
      ...(crypto && { crypto: [writeCrypto(crypto)] }),
      payloads: [payloadType, ...[...noise, ...events].map((format) => format.payloadType)].join(' '),
      rtp: [
        rtpmap(codec, { ...CODEC_FORMATS[codec], payloadType }),
        ...noise.map((format) => rtpmap('CN', format)),
        ...events.map((event) => rtpmap('telephone-event', event)),
      ],
      fmtp: [...codecParameters({ codec, payloadType }), ...events.map(eventRange)],
      ...(agreement.extendedReports && { invalid: [EXTENDED_REPORTS] }),
    };
  }

  #audio(protocol: string, ptimeMs: number, direction: AudioAgreement['direction']): Omit<MediaDescription, 'rtp' | 'fmtp'> {
    return { type: 'audio', protocol, ptime: ptimeMs, maxptime: MAX_PTIME_MS, direction, ...this.#ports() };
  }

  #ports(): Pick<MediaDescription, 'port' | 'rtcp'> {
    const { rtpPort, rtcpPort } = this.#local;
    return { port: rtpPort, ...(rtcpPort === rtpPort + 1 ? {} : { rtcp: { port: rtcpPort } }) };
  }

  #write(media: MediaDescription[]): string {
    this.#media = media;
    this.#audioLine = media.find((line) => line.type === 'audio' && line.port !== 0) ?? this.#audioLine;
    const build = (sessionVersion: number): string =>
      write({
        version: 0,
        origin: {
          username: '-',
          sessionId: this.#sessionId,
          sessionVersion,
          netType: 'IN',
          ipVer: this.#family,
          address: this.#address,
        },
        name: '-',
        connection: { version: this.#family, ip: this.#address },
        timing: { start: 0, stop: 0 },
        media,
      } satisfies SessionDescription);
    if (this.#last !== undefined && build(this.#version) !== this.#last) this.#version += 1;
    this.#last = build(this.#version);
    return this.#last;
  }
}

/** What we like to be told (RFC 3611 section 5). sdp-transform has no word of its own for it. */
const EXTENDED_REPORTS = { value: 'rtcp-xr:rcvr-rtt=all voip-metrics' };

const refused = (line: Extract<AnswerLine, { format: string }>): MediaDescription => ({
  type: line.kind,
  port: 0,
  protocol: line.protocol,
  payloads: line.format,
  rtp: [],
  fmtp: [],
});

const rtpmap = (
  codec: string,
  format: { payloadType: number; clockRateHz: number; channels?: number },
): MediaDescription['rtp'][number] => ({
  payload: format.payloadType,
  codec,
  rate: format.clockRateHz,
  ...(format.channels === undefined || format.channels === 1 ? {} : { encoding: format.channels }),
});

const codecParameters = ({ codec, payloadType }: { codec: CodecName; payloadType: number }): MediaDescription['fmtp'] =>
  codec === 'opus' ? [{ payload: payloadType, config: OUR_OPUS_PARAMETERS }] : [];

/** Digits, star, pound and A to D (RFC 4733 section 3.2). */
const eventRange = (event: { payloadType: number }): MediaDescription['fmtp'][number] => ({
  payload: event.payloadType,
  config: '0-15',
});
