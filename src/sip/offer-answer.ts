import { isIPv6 } from 'node:net';
import { isDeepStrictEqual } from 'node:util';
import { AppError } from '../core/errors.js';
import type { AudioAgreement, EchoCancellation, MediaDirection, NoiseSuppression, SrtpPolicy } from '../domain/ports/media.js';
import type { LocalMedia, SessionChange } from '../domain/ports/telephony.js';
import type { DtmfMode, ToneDetection } from '../domain/trunk.js';
import type { AudioWishes, SdpPolicy } from './sdp/audio-format.js';
import { DialogKeys } from './sdp/crypto.js';
import { SessionDescriber } from './sdp/describe.js';
import { acceptAnswer, commonDirection, type Incompatibility, negotiate } from './sdp/negotiate.js';

export type OfferAnswerOptions = {
  /** The address that stands in our descriptions. */
  address: string;
  audio: AudioWishes;
  dtmf?: DtmfMode | undefined;
  srtp: SrtpPolicy;
  /** Handed on with what is agreed, as is the next; descriptions do not speak of them. */
  echoCancellation?: EchoCancellation | undefined;
  noiseSuppression?: NoiseSuppression | undefined;
  toneDetection?: ToneDetection | undefined;
  /** By whose tones. */
  country?: string | undefined;
  local: LocalMedia;
  sessionId: number;
  onAgreement: (agreement: AudioAgreement) => void;
};

type Offered = { sdp: string; wanted: MediaDirection; answeredIn: 'ack' | 'response' };

/** The offer/answer state of one dialog (RFC 3264, RFC 6337). */
export class OfferAnswer {
  readonly #describer: SessionDescriber;
  readonly #policy: SdpPolicy;
  readonly #onAgreement: (agreement: AudioAgreement) => void;
  /** How key presses of ours travel: with the audio, or in requests of the dialog. */
  readonly digits: 'rtp' | 'info';
  /** What is in force. */
  #agreed: AudioAgreement | undefined;
  /** What we want, whatever the far end does: it is on hold from our side when this says so. */
  #wanted: MediaDirection = 'sendrecv';
  /** An offer of ours that waits for its answer, where that is to come, and what we want if it does. */
  #offered: Offered | undefined;
  /** The one before that was answered. */
  #answered: Offered | undefined;

  constructor({ address, audio, srtp, dtmf, local, sessionId, onAgreement, ...filters }: OfferAnswerOptions) {
    const { echoCancellation, noiseSuppression, toneDetection = 'off', country } = filters;
    this.#policy = { ...policyFor(address, audio, srtp), withoutEvents: dtmf === 'info' || dtmf === 'inband' };
    this.digits = dtmf === 'info' ? 'info' : 'rtp';
    this.#describer = new SessionDescriber({ address, family: this.#policy.family, local, sessionId });
    const wanted = {
      ...(echoCancellation && { echoCancellation }),
      ...(noiseSuppression && { noiseSuppression }),
      ...(toneDetection !== 'off' && { toneDetection: { onTone: toneDetection, country } }),
    };
    this.#onAgreement = (agreement) => {
      const inBand = this.digits === 'rtp' && !agreement.telephoneEvent && { inBandDigits: true };
      onAgreement({ ...agreement, ...wanted, ...inBand });
    };
  }

  /** True while an offer of ours waits for its answer; another offer meanwhile is glare (491). */
  get awaitsAnswer(): boolean {
    return this.#offered !== undefined;
  }

  /**
   * Answers the far end's offer and reports what was agreed, where that is new. A refused offer leaves the agreement before it in force.
   *
   * @throws NoCommonCodec, or AppError `invalid_request` when the offer is no session description.
   */
  answerTo(offer: string): string {
    const negotiation = negotiate(offer, this.#policy, this.#agreed ? 'accept' : 'refuse');
    if (negotiation.outcome === 'no_common_codec') throw new NoCommonCodec(negotiation.why);
    const limit = (agreement: AudioAgreement): AudioAgreement => ({
      ...agreement,
      direction: commonDirection(agreement.direction, this.#wanted),
    });
    const lines = negotiation.lines.map((line) => ('agreement' in line ? { ...line, agreement: limit(line.agreement) } : line));
    const answer = this.#describer.answer(lines);
    this.#agree(limit(negotiation.agreement));
    return answer;
  }

  /** True while the far end owes us the answer in its ACK. */
  get awaitsAck(): boolean {
    return this.#offered?.answeredIn === 'ack';
  }

  /**
   * Our offer: everything we can do at the start. When the far end asks for one in mid-call, what stands with the direction that we want:
   * somebody who takes the call back that way would stay on hold for ever if we offered what holds (RFC 6337 section 5.3).
   */
  offer(answeredIn: 'ack' | 'response'): string {
    const sdp = this.#agreed ? this.#describer.again({ direction: this.#wanted }) : this.#describer.offer(this.#policy);
    this.#offered = { sdp, wanted: this.#wanted, answeredIn };
    return sdp;
  }

  /** What stands with this changed; with nothing, word for word what stands: an offer that only refreshes the session. */
  offerAgain(change: Pick<SessionChange, 'direction' | 'local'> = {}): string {
    const sdp = this.#describer.again(change);
    this.#offered = { sdp, wanted: change.direction ?? this.#wanted, answeredIn: 'response' };
    return sdp;
  }

  /** Our offer was refused: what stood before it goes on. */
  withdraw(): void {
    this.#offered = undefined;
    this.#describer.takeBack();
  }

  /** What an answer in a provisional settles until the final one comes, which may say something else. @throws as `accept` does. */
  preview(answer: string): void {
    this.#onAgreement(acceptAnswer(answer, this.#offered?.sdp ?? '', this.#policy));
  }

  /** @throws AppError `no_common_codec` or `invalid_request`. */
  accept(answer: string): void {
    // A final answer may follow one that was reliable already.
    const offered = this.#offered ?? this.#answered;
    if (!offered) throw new AppError('invalid_request', 'an answer to nothing');
    this.#answered = offered;
    const { sdp, wanted } = offered;
    this.#offered = undefined;
    const agreement = acceptAnswer(answer, sdp, this.#policy, this.#agreed);
    this.#wanted = wanted;
    // An answer may take less than we offered, not more.
    this.#agree({ ...agreement, direction: commonDirection(agreement.direction, wanted) });
  }

  /** A session that is only refreshed goes on undisturbed. */
  #agree(agreement: AudioAgreement): void {
    if (this.#agreed && isDeepStrictEqual(this.#agreed, agreement)) return;
    this.#agreed = agreement;
    this.#onAgreement(agreement);
  }
}

/** @throws as `answerTo` does, without consequences. */
export function checkOffer(
  offer: string,
  { address, audio, srtp }: Pick<OfferAnswerOptions, 'address' | 'audio' | 'srtp'>,
): void {
  const negotiation = negotiate(offer, policyFor(address, audio, srtp));
  if (negotiation.outcome === 'no_common_codec') throw new NoCommonCodec(negotiation.why);
}

const policyFor = (address: string, audio: AudioWishes, srtp: SrtpPolicy): SdpPolicy => ({
  ...audio,
  family: isIPv6(address) ? 6 : 4,
  srtp,
  keys: new DialogKeys(),
});

/** Carries what the Warning header of the 488 says. */
export class NoCommonCodec extends AppError {
  readonly why: Incompatibility;
  constructor(why: Incompatibility) {
    super('no_common_codec', why.text);
    this.why = why;
  }
}

/** The final response a refused offer gets. */
export function refusalOf(error: unknown): { status: number; headers: Record<string, string> } {
  if (error instanceof NoCommonCodec) {
    return { status: 488, headers: { Warning: `${error.why.warnCode} offhook "${error.why.text}"` } };
  }
  return error instanceof AppError && error.code === 'invalid_request'
    ? { status: 400, headers: {} }
    : { status: 500, headers: {} };
}
