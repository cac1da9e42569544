import type { Logger } from '../core/log.js';
import type { EarlyMediaPolicy } from '../domain/call-setup.js';
import { type OfferAnswer, refusalOf } from './offer-answer.js';
import { ALLOW, SDP_TYPE, sdpOf, tagOf } from './sip-headers.js';
import type { SrfRequest, SrfResponse } from './srf-types.js';

/**
 * What forks of our INVITE answered before any of them picked up (RFC 3261 section 13.2.1, RFC 6337 section 3.1).
 *
 * The newest answer holds: where a call goes from one target to the next, only the last of them still sends, and of several that
 * ring at once nobody can tell which will be picked up. The final answer decides anew.
 */
export class EarlyAnswers {
  readonly #media: OfferAnswer;
  readonly #policy: EarlyMediaPolicy;
  readonly #log: Logger;
  readonly #byTag = new Map<string, string>();
  /** Of the fork whose answer was reliable: with it our offer is answered, and the fork may change the session by UPDATE. */
  #settled: string | undefined;
  #updated = false;

  constructor(media: OfferAnswer, policy: EarlyMediaPolicy, log: Logger) {
    this.#media = media;
    this.#policy = policy;
    this.#log = log;
  }

  /** A provisional came. A fork that repeats itself changes nothing. */
  take(response: SrfResponse): void {
    const sdp = sdpOf(response);
    const tag = tagOf(response, 'to');
    if (!sdp || tag === undefined || this.#byTag.get(tag) === sdp) return;
    this.#byTag.set(tag, sdp);
    if (this.#policy === 'ignore' || this.#settled !== undefined) return;
    try {
      if (response.has('rseq')) {
        this.#media.accept(sdp);
        this.#settled = tag;
      } else this.#media.preview(sdp);
    } catch (error) {
      this.#log.info({ err: error }, 'early media cannot be used');
    }
  }

  /**
   * A fork has picked up: its 200 has our answer, or nothing, or other words than before, which are taken although they need not be
   * (RFC 3261 section 13.2.1): whoever says where to send to listens there.
   *
   * @throws as `OfferAnswer.accept` does, when the fork never answered our offer.
   */
  pickedUp(tag: string, sdp: string): void {
    if (this.#updated && tag === this.#settled) return;
    this.#media.accept(sdp === '' ? (this.#byTag.get(tag) ?? '') : sdp);
  }

  /** RFC 3311 section 5.2: another offer has to wait until ours is answered. */
  onUpdate(request: SrfRequest, response: SrfResponse): void {
    const sdp = sdpOf(request);
    if (sdp === undefined) return response.send(200, { headers: { Allow: ALLOW } });
    if (this.#settled === undefined) return response.send(491);
    try {
      const body = this.#media.answerTo(sdp);
      this.#updated = true;
      response.send(200, { headers: { 'Content-Type': SDP_TYPE, Allow: ALLOW }, body });
    } catch (error) {
      const { status, headers } = refusalOf(error);
      response.send(status, { headers });
    }
  }
}
