import type { Clock } from '../core/clock.js';
import type { SessionChange } from '../domain/ports/telephony.js';
import type { Answered, InDialogRequests } from './in-dialog-requests.js';
import type { OfferAnswer } from './offer-answer.js';
import type { SessionTimer } from './session-timer.js';
import { ALLOW, SDP_TYPE, sdpOf } from './sip-headers.js';
import type { Headers, SrfResponse } from './srf-types.js';

export type SessionOffersDeps = {
  requests: InDialogRequests;
  media: OfferAnswer;
  timer: Pick<SessionTimer, 'headers' | 'answered' | 'refused'>;
  clock: Clock;
  /** 0 to 1. */
  random: () => number;
  /** We have made the Call-ID: the dialog began with an INVITE of ours. */
  ownsCallId: boolean;
  contact: string;
  /** Rejects once the dialog has ended. */
  ended: Promise<never>;
  /** An answer that is none: the call cannot go on. */
  onNoAgreement: (error: unknown) => void;
};

/** Two that always collide would go on for ever. */
const ATTEMPTS = 8;
/** A far end that asks for more patience than this does not want the change. */
const RETRY_AFTER_MAX_S = 32;

/** Our offers in mid-call, one at a time (RFC 3261 section 14.1, RFC 3311). */
export class SessionOffers {
  readonly #deps: SessionOffersDeps;
  #last: Promise<unknown> = Promise.resolve();

  constructor(deps: SessionOffersDeps) {
    this.#deps = deps;
  }

  /** Resolves with the final response. */
  change({ method = 'INVITE', ...change }: SessionChange): Promise<SrfResponse> {
    return this.#inTurn(() => this.#repeatedly(method, () => this.#deps.media.offerAgain(change)));
  }

  /** Changes nothing: an UPDATE without a body, or what stands as an offer. */
  refresh(method: 'INVITE' | 'UPDATE'): Promise<SrfResponse> {
    const offer = method === 'UPDATE' ? undefined : (): string => this.#deps.media.offerAgain();
    return this.#inTurn(() => this.#repeatedly(method, offer));
  }

  #inTurn<T>(task: () => Promise<T>): Promise<T> {
    const result = Promise.race([this.#last.then(task), this.#deps.ended]);
    this.#last = result.catch(() => {});
    return result;
  }

  async #repeatedly(method: string, offer: (() => string) | undefined): Promise<SrfResponse> {
    for (let attempt = 1; ; attempt += 1) {
      const response = await this.#once(method, offer);
      const pauseMs = this.#pauseAfter(response);
      if (pauseMs === undefined || attempt === ATTEMPTS) return response;
      await this.#sleep(pauseMs);
    }
  }

  async #once(method: string, offer: (() => string) | undefined): Promise<SrfResponse> {
    const { requests, media, timer, contact, ended } = this.#deps;
    // An offer of ours that the far end asked for is answered in its ACK, which is under way.
    if (offer) while (media.awaitsAnswer) await this.#sleep(this.#glareMs());
    const body = offer?.();
    const type: Headers = body === undefined ? {} : { 'Content-Type': SDP_TYPE };
    let answered: Answered;
    try {
      const headers = { Contact: contact, Allow: ALLOW, ...type, ...timer.headers() };
      answered = await Promise.race([requests.send({ method, headers, body }), ended]);
    } catch (error) {
      if (offer) media.withdraw();
      throw error;
    }
    if (answered.response.status < 300) this.#accept(method, answered, offer !== undefined);
    else if (offer) media.withdraw();
    return answered.response;
  }

  #accept(method: string, answered: Answered, offered: boolean): void {
    if (method === 'INVITE') answered.acknowledge();
    this.#deps.timer.answered(answered.response);
    if (!offered) return;
    try {
      this.#deps.media.accept(sdpOf(answered.response) ?? '');
    } catch (error) {
      this.#deps.onNoAgreement(error);
    }
  }

  /** Undefined: not again. */
  #pauseAfter(response: SrfResponse): number | undefined {
    if (response.status === 491) return this.#glareMs();
    if (response.status === 422 && response.has('Min-SE')) {
      this.#deps.timer.refused(response);
      return 0;
    }
    const retryAfterS = /^\s*(\d{1,4})/.exec(response.get('Retry-After') ?? '')?.[1];
    if (response.status !== 500 || retryAfterS === undefined || Number(retryAfterS) > RETRY_AFTER_MAX_S) return undefined;
    return Number(retryAfterS) * 1000;
  }

  /** RFC 3261 section 14.1: whoever made the Call-ID waits longer, so that the two do not meet again. In units of 10 ms. */
  #glareMs(): number {
    const { ownsCallId, random } = this.#deps;
    return ownsCallId ? 2100 + 10 * Math.floor(random() * 191) : 10 * Math.floor(random() * 201);
  }

  #sleep(delayMs: number): Promise<void> {
    return Promise.race([new Promise<void>((resolve) => void this.#deps.clock.schedule(delayMs, resolve)), this.#deps.ended]);
  }
}
