import type { Clock } from '../core/clock.js';
import { AppError } from '../core/errors.js';
import type { Logger } from '../core/log.js';
import type { Dialog, DialogEnd, EndReason, ReferProgress, SessionChange } from '../domain/ports/telephony.js';
import type { DigestSession } from './digest.js';
import { readInfo } from './dtmf-info.js';
import { InDialogRequests } from './in-dialog-requests.js';
import { type OfferAnswer, refusalOf } from './offer-answer.js';
import { readReason, writeReason } from './reason.js';
import { readReferNotify } from './refer.js';
import { SessionOffers } from './session-offers.js';
import type { SignallingLink } from './signalling-link.js';
import { ALLOW, contentType, mediaTypeFault, SDP_TYPE, SIP_URI, sdpOf } from './sip-headers.js';
import type { SrfDialog, SrfRequest, SrfResponse } from './srf-types.js';

/** How long `hangup` waits for the answer to its BYE: the call is over anyway, and a dead peer answers never. */
const BYE_PATIENCE_MS = 4_000;

export type DialogDeps = {
  link: SignallingLink;
  clock: Clock;
  log: Logger;
  /** Answers challenges of the far end, where we have credentials for it. */
  digest: DigestSession | undefined;
  onGone: (dialog: SipDialog) => void;
};

const NORMAL_END: EndReason = { q850: 16, sip: 200, text: 'Normal call clearing' };

/**
 * One established dialog. Every handler is attached in the constructor: requests may follow in the same chunk of the
 * connection, and srf answers those it finds no handler for by itself.
 */
export class SipDialog implements Dialog {
  readonly #dialog: SrfDialog;
  readonly #media: OfferAnswer;
  readonly #deps: DialogDeps;
  readonly #requests: InDialogRequests;
  readonly #offers: SessionOffers;
  readonly #forgetLink: () => void;
  #end: DialogEnd | undefined;
  #endListeners: ((end: DialogEnd) => void)[] = [];
  #acknowledged: boolean;
  #ackListeners: (() => void)[] = [];
  #digitListeners: ((digit: string, durationMs: number) => void)[] = [];
  #onReferProgress: ((progress: ReferProgress) => void) | undefined;
  #hangup: Promise<void> | undefined;

  constructor(dialog: SrfDialog, media: OfferAnswer, deps: DialogDeps) {
    this.#dialog = dialog;
    this.#media = media;
    this.#deps = deps;
    this.#acknowledged = dialog.type === 'uac';
    this.#forgetLink = deps.link.onLost(() => {
      this.#ended({ by: 'signalling_lost' });
      this.#forget();
    });
    guardBodies(dialog);
    const { link, clock, digest } = deps;
    const onUpdate = (request: SrfRequest, response: SrfResponse): void => this.#onUpdate(request, response);
    this.#requests = new InDialogRequests(dialog, { link, clock, digest, onUpdate });
    const ended = new Promise<never>((_, reject) =>
      this.onEnded(() => reject(new AppError('call_already_ended', 'the dialog has ended'))),
    );
    ended.catch(() => {});
    this.#offers = new SessionOffers({
      requests: this.#requests,
      media,
      clock,
      random: Math.random,
      ownsCallId: dialog.type === 'uac',
      contact: dialog.local.contact,
      ended,
      onNoAgreement: (error) => this.#noAgreement(error),
    });
    dialog.on('destroy', (request, reason) => this.#ended(endOf(request, reason)));
    dialog.on('ack', (request) => this.#onAck(request));
    dialog.on('modify', (request, response) => this.#onReinvite(request, response));
    dialog.on('update', onUpdate);
    dialog.on('info', (request, response) => this.#onInfo(request, response));
    dialog.on('options', (_request, response) => response.send(200, { headers: { Allow: ALLOW, Accept: SDP_TYPE } }));
    // Left alone, srf would say 200 to these although nothing happens.
    dialog.on('message', (_request, response) => notAllowed(response));
    dialog.on('refer', (_request, response) => notAllowed(response));
    dialog.on('notify', (request, response) => this.#onNotify(request, response));
  }

  onEnded(listener: (end: DialogEnd) => void): void {
    if (this.#end) listener(this.#end);
    else this.#endListeners.push(listener);
  }

  onAcknowledged(listener: () => void): void {
    if (this.#acknowledged) listener();
    else this.#ackListeners.push(listener);
  }

  onDigit(listener: (digit: string, durationMs: number) => void): void {
    this.#digitListeners.push(listener);
  }

  hangup(reason: EndReason = NORMAL_END): Promise<void> {
    this.#hangup ??= this.#end ? Promise.resolve() : this.#sendBye({ by: 'local' }, reason);
    return this.#hangup;
  }

  async renegotiate(change: SessionChange): Promise<number> {
    const { status } = await this.#offers.change(change);
    if (status === 408 || status === 481) this.#lost(status);
    return status;
  }

  async refer(uri: string, onProgress: (progress: ReferProgress) => void): Promise<number> {
    if (!SIP_URI.test(uri)) throw new AppError('invalid_request', 'no SIP URI', { publicMessage: 'not a SIP URI' });
    this.#onReferProgress = onProgress;
    const headers = { 'Refer-To': `<${uri}>`, 'Referred-By': this.#dialog.local.contact, Allow: ALLOW };
    return new Promise((resolve, reject) => {
      this.onEnded(() => reject(new AppError('signalling_unavailable', 'REFER not answered')));
      this.#requests.send({ method: 'REFER', headers }).then(({ response }) => resolve(response.status), reject);
    });
  }

  /** RFC 3261 section 15.1.1: the session is over as soon as the BYE is passed on; its answer is only waited for. */
  #sendBye(end: DialogEnd, reason: EndReason): Promise<void> {
    return new Promise((resolve) => {
      const stopWaiting = this.#deps.clock.schedule(BYE_PATIENCE_MS, resolve);
      const answered = this.#requests.send({ method: 'BYE', headers: { Reason: writeReason(reason) } });
      answered
        .catch((error: unknown) => this.#deps.log.debug({ err: error }, 'bye not sent'))
        .finally(() => {
          stopWaiting();
          this.#forget();
          resolve();
        });
      this.#ended(end);
    });
  }

  /** What srf does by itself only with a BYE of its own making. */
  #forget(): void {
    this.#dialog.srf.removeDialog(this.#dialog);
    this.#dialog.removeAllListeners();
  }

  /** RFC 3261 section 12.2.1.2. */
  #lost(status: number): void {
    const text = status === 408 ? 'no answer to a request' : 'call is not known there';
    this.#hangup ??= this.#sendBye({ by: 'lost' }, { q850: 102, sip: status, text });
  }

  #noAgreement(error: unknown): void {
    this.#deps.log.info({ err: error }, 'no usable answer to our offer');
    this.#hangup ??= this.#sendBye({ by: 'no_agreement' }, { q850: 88, sip: 488, text: 'no usable answer to our offer' });
  }

  #ended(end: DialogEnd): void {
    if (this.#end) return;
    this.#end = end;
    this.#forgetLink();
    this.#deps.onGone(this);
    for (const listener of this.#endListeners.splice(0)) listener(end);
    this.#digitListeners = [];
  }

  #onAck(request: SrfRequest): void {
    this.#takeAnswer(request);
    this.#acknowledged = true;
    if (!this.#end) for (const listener of this.#ackListeners.splice(0)) listener();
  }

  /** Delayed offer: the answer to ours comes in the ACK, and without a usable one there is no call. */
  #takeAnswer(request: SrfRequest): void {
    if (!this.#media.awaitsAck || this.#end) return;
    try {
      this.#media.accept(sdpOf(request) ?? '');
    } catch (error) {
      this.#noAgreement(error);
    }
  }

  #onReinvite(request: SrfRequest, response: SrfResponse): void {
    const headers = { Contact: this.#dialog.local.contact, 'Content-Type': SDP_TYPE, Allow: ALLOW };
    this.#negotiate(request, response, (sdp) => {
      // No body asks for an offer of ours (RFC 3261 section 14.2).
      const body = sdp === undefined ? this.#media.offer('ack') : this.#media.answerTo(sdp);
      response.send(200, { headers, body });
    });
  }

  #onUpdate(request: SrfRequest, response: SrfResponse): void {
    this.#negotiate(request, response, (sdp) => {
      if (sdp === undefined) response.send(200, { headers: { Allow: ALLOW } });
      else response.send(200, { headers: { 'Content-Type': SDP_TYPE, Allow: ALLOW }, body: this.#media.answerTo(sdp) });
    });
  }

  #negotiate(request: SrfRequest, response: SrfResponse, answer: (sdp: string | undefined) => void): void {
    const fault = mediaTypeFault(request);
    if (fault) return response.send(fault.status, { headers: fault.headers });
    const sdp = sdpOf(request);
    if (this.#media.awaitsAnswer && (sdp !== undefined || request.method === 'INVITE')) return response.send(491);
    try {
      answer(sdp);
    } catch (error) {
      const { status, headers } = refusalOf(error);
      this.#deps.log.info({ err: error, status }, 'session change refused');
      response.send(status, { headers });
    }
  }

  #onNotify(request: SrfRequest, response: SrfResponse): void {
    // Nobody asked (RFC 6665 section 4.1.3).
    if (!this.#onReferProgress) return response.send(481);
    const progress = readReferNotify(request);
    if (!progress) return response.send(400);
    response.send(200);
    this.#onReferProgress(progress);
    if (progress.final) this.#onReferProgress = undefined;
  }

  #onInfo(request: SrfRequest, response: SrfResponse): void {
    const info = readInfo(contentType(request), request.body);
    if (info.type === 'refused') {
      const headers: Record<string, string> = info.status === 415 ? { Accept: 'application/dtmf-relay, application/dtmf' } : {};
      return response.send(info.status, { headers });
    }
    response.send(200);
    if (info.type === 'digit') for (const listener of this.#digitListeners) listener(info.digit, info.durationMs);
  }
}

const notAllowed = (response: SrfResponse): void => response.send(405, { headers: { Allow: ALLOW } });

/** The signalling server names its reason when it was the one that ended the dialog; otherwise the far end may have one. */
function endOf(request: SrfRequest, words = ''): DialogEnd {
  if (/ack timeout/i.test(words)) return { by: 'ack_timeout' };
  if (/session timer expired|session refresh failed/i.test(words)) return { by: 'session_expired' };
  if (/server is going down/i.test(words)) return { by: 'signalling_lost' };
  const reason = readReason(request.get('Reason'));
  return { by: 'remote', ...(reason && { reason }) };
}

/** srf compares bodies as strings and throws on a request without Content-Length, whose body it leaves undefined. */
function guardBodies(dialog: SrfDialog): void {
  dialog.remote.sdp ??= '';
  const handle = dialog.handle.bind(dialog);
  dialog.handle = (request, response) => {
    if (request.body === undefined) request.body = '';
    dialog.remote.sdp ??= '';
    handle(request, response);
  };
}
