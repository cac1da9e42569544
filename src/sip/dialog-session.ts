import type { Clock } from '../core/clock.js';
import type { Logger } from '../core/log.js';
import type { SessionTimerPolicy } from '../domain/call-setup.js';
import type { DialogEnd, EndReason, SessionChange } from '../domain/ports/telephony.js';
import type { InDialogRequests } from './in-dialog-requests.js';
import { type OfferAnswer, refusalOf } from './offer-answer.js';
import { SessionOffers } from './session-offers.js';
import { SessionTimer } from './session-timer.js';
import { ALLOW, hasOption, mediaTypeFault, SDP_TYPE, sdpOf } from './sip-headers.js';
import type { Headers, SrfDialog, SrfMessage, SrfRequest, SrfResponse } from './srf-types.js';

export type DialogSessionDeps = {
  requests: InDialogRequests;
  media: OfferAnswer;
  clock: Clock;
  log: Logger;
  sessionTimer: SessionTimerPolicy;
  /** Rejects once the dialog has ended. */
  ended: Promise<never>;
  /** Sends BYE. */
  end: (end: DialogEnd, reason: EndReason) => void;
};

/** What the two ends of a dialog agree on, and change as the call goes on: by whom ever, in offers, and for how long it holds. */
export class DialogSession {
  readonly #contact: string;
  readonly #deps: DialogSessionDeps;
  readonly #offers: SessionOffers;
  readonly #timer: SessionTimer;
  #peerAllowsUpdate = false;

  constructor(dialog: SrfDialog, deps: DialogSessionDeps) {
    const { requests, media, clock, ended } = deps;
    this.#contact = dialog.local.contact;
    this.#deps = deps;
    this.#timer = new SessionTimer({
      clock,
      policy: deps.sessionTimer,
      allowsUpdate: () => this.#peerAllowsUpdate,
      refresh: (method) => this.#offers.refresh(method),
      onExpired: () => deps.end({ by: 'session_expired' }, { q850: 102, sip: 408, text: 'session timer expired' }),
      onLost: (status) => this.#lost(status),
    });
    this.#offers = new SessionOffers({
      requests,
      media,
      timer: this.#timer,
      clock,
      random: Math.random,
      ownsCallId: dialog.type === 'uac',
      contact: this.#contact,
      ended,
      onNoAgreement: (error) => this.#noAgreement(error),
    });
    this.#begin(dialog);
  }

  close(): void {
    this.#timer.close();
  }

  /** @throws AppError as `Dialog.renegotiate` does. */
  async change(change: SessionChange): Promise<number> {
    const { status } = await this.#offers.change(change);
    if (status === 408 || status === 481) this.#lost(status);
    return status;
  }

  /** Delayed offer: the answer to ours comes in the ACK, and without a usable one there is no call. */
  onAck(request: SrfRequest): void {
    if (!this.#deps.media.awaitsAck) return;
    try {
      this.#deps.media.accept(sdpOf(request) ?? '');
    } catch (error) {
      this.#noAgreement(error);
    }
  }

  onReinvite(request: SrfRequest, response: SrfResponse): void {
    const { media } = this.#deps;
    // No body asks for an offer of ours (RFC 3261 section 14.2).
    this.#negotiate(request, response, (sdp) => (sdp === undefined ? media.offer('ack') : media.answerTo(sdp)));
  }

  onUpdate(request: SrfRequest, response: SrfResponse): void {
    this.#negotiate(request, response, (sdp) => (sdp === undefined ? undefined : this.#deps.media.answerTo(sdp)));
  }

  /** The INVITE that made the dialog, and its 200, are the first to say what holds. */
  #begin({ type, req, res }: SrfDialog): void {
    const theirs = type === 'uas' ? req : res;
    this.#noteAllow(theirs);
    if (type === 'uac') return this.#timer.answered(theirs);
    const answer = this.#timer.answer(theirs);
    if (!answer.refusal) this.#timer.agree(answer.agreement);
  }

  #noteAllow(message: SrfMessage): void {
    if (message.has('Allow')) this.#peerAllowsUpdate = hasOption(message, 'Allow', 'update');
  }

  #negotiate(request: SrfRequest, response: SrfResponse, answerTo: (sdp: string | undefined) => string | undefined): void {
    const fault = mediaTypeFault(request);
    if (fault) return response.send(fault.status, { headers: fault.headers });
    const timer = this.#timer.answer(request);
    if (timer.refusal) return response.send(timer.refusal.status, { headers: timer.refusal.headers });
    const sdp = sdpOf(request);
    // RFC 3311 section 5.2, RFC 3261 section 14.2: one offer at a time.
    if (this.#deps.media.awaitsAnswer && (sdp !== undefined || request.method === 'INVITE')) return response.send(491);
    try {
      const body = answerTo(sdp);
      const type: Headers = body === undefined ? {} : { 'Content-Type': SDP_TYPE };
      const headers = { Contact: this.#contact, Allow: ALLOW, ...type, ...timer.headers };
      response.send(200, { headers, ...(body !== undefined && { body }) });
      this.#noteAllow(request);
      this.#timer.agree(timer.agreement);
    } catch (error) {
      const { status, headers } = refusalOf(error);
      this.#deps.log.info({ err: error, status }, 'session change refused');
      response.send(status, { headers });
    }
  }

  /** RFC 3261 section 12.2.1.2. */
  #lost(status: number): void {
    const text = status === 408 ? 'no answer to a request' : 'call is not known there';
    this.#deps.end({ by: 'lost' }, { q850: 102, sip: status, text });
  }

  #noAgreement(error: unknown): void {
    this.#deps.log.info({ err: error }, 'no usable answer to our offer');
    this.#deps.end({ by: 'no_agreement' }, { q850: 88, sip: 488, text: 'no usable answer to our offer' });
  }
}
