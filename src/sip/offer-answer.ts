import { isIPv6 } from 'node:net';
import { AppError } from '../core/errors.js';
import type { AudioAgreement, CodecName, SrtpPolicy } from '../domain/ports/media.js';
import type { LocalMedia } from '../domain/ports/telephony.js';
import type { DtmfMode } from '../domain/trunk.js';
import type { SdpPolicy } from './sdp/audio-format.js';
import { DialogKeys } from './sdp/crypto.js';
import { SessionDescriber } from './sdp/describe.js';
import { acceptAnswer, type Incompatibility, negotiate } from './sdp/negotiate.js';

export type OfferAnswerOptions = {
  /** The address that stands in our descriptions. */
  address: string;
  codecs: readonly CodecName[];
  dtmf?: DtmfMode | undefined;
  srtp: SrtpPolicy;
  local: LocalMedia;
  sessionId: number;
  onAgreement: (agreement: AudioAgreement) => void;
};

/** The offer/answer state of one dialog (RFC 3264, RFC 6337). */
export class OfferAnswer {
  readonly #describer: SessionDescriber;
  readonly #policy: SdpPolicy;
  readonly #onAgreement: (agreement: AudioAgreement) => void;
  #agreed = false;
  #current: string | undefined;
  #offered: string | undefined;

  constructor({ address, codecs, srtp, dtmf, local, sessionId, onAgreement }: OfferAnswerOptions) {
    this.#policy = { ...policyFor(address, codecs, srtp), withoutEvents: dtmf === 'info' };
    this.#describer = new SessionDescriber({ address, family: this.#policy.family, local, sessionId });
    this.#onAgreement = onAgreement;
  }

  /** True while an offer of ours waits for its answer; another offer meanwhile is glare (491). */
  get awaitsAnswer(): boolean {
    return this.#offered !== undefined;
  }

  /**
   * Answers the far end's offer and reports what was agreed. A refused offer leaves the agreement before it in force.
   *
   * @throws NoCommonCodec, or AppError `invalid_request` when the offer is no session description.
   */
  answerTo(offer: string): string {
    const negotiation = negotiate(offer, this.#policy, this.#agreed ? 'accept' : 'refuse');
    if (negotiation.outcome === 'no_common_codec') throw new NoCommonCodec(negotiation.why);
    this.#current = this.#describer.answer(negotiation.lines);
    this.#agreed = true;
    this.#onAgreement(negotiation.agreement);
    return this.#current;
  }

  /** Our offer: everything we can do at the start, what stands when the far end asks in mid-call. */
  offer(): string {
    this.#offered = this.#current ?? this.#describer.offer(this.#policy);
    return this.#offered;
  }

  /** What an answer in a provisional settles until the final one comes, which may say something else. @throws as `accept` does. */
  preview(answer: string): void {
    this.#onAgreement(acceptAnswer(answer, this.#offered ?? '', this.#policy));
  }

  /** @throws AppError `no_common_codec` or `invalid_request`. */
  accept(answer: string): void {
    // A final answer may follow one that was reliable already.
    const offered = this.#offered ?? this.#current;
    this.#offered = undefined;
    const agreement = acceptAnswer(answer, offered ?? '', this.#policy);
    this.#current = offered;
    this.#agreed = true;
    this.#onAgreement(agreement);
  }
}

/** @throws as `answerTo` does, without consequences. */
export function checkOffer(
  offer: string,
  { address, codecs, srtp }: Pick<OfferAnswerOptions, 'address' | 'codecs' | 'srtp'>,
): void {
  const negotiation = negotiate(offer, policyFor(address, codecs, srtp));
  if (negotiation.outcome === 'no_common_codec') throw new NoCommonCodec(negotiation.why);
}

const policyFor = (address: string, codecs: readonly CodecName[], srtp: SrtpPolicy): SdpPolicy => ({
  codecs,
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
