import type { Clock } from '../core/clock.js';
import { AppError } from '../core/errors.js';
import type { Logger } from '../core/log.js';
import type { SessionTimerPolicy } from '../domain/call-setup.js';
import type { DialogId } from '../domain/dialog-id.js';
import { type DialogHeaders, NO_DIALOG_HEADERS, withHeaders } from '../domain/header-templates.js';
import type {
  Dialog,
  DialogEnd,
  DigitTiming,
  EndReason,
  ReferProgress,
  ReferRequest,
  SessionChange,
} from '../domain/ports/telephony.js';
import type { IncomingText } from '../domain/ports/texts.js';
import { DialogSession } from './dialog-session.js';
import type { DigestSession } from './digest.js';
import { DigitInfos } from './digit-infos.js';
import { readInfo } from './dtmf-info.js';
import { InDialogRequests } from './in-dialog-requests.js';
import type { OfferAnswer } from './offer-answer.js';
import { readReason, writeReason } from './reason.js';
import { receivedRefer } from './received-refer.js';
import { readReferNotify } from './refer.js';
import type { SignallingLink } from './signalling-link.js';
import { ALLOW, contentType, hasOption, SDP_TYPE, SIP_URI } from './sip-headers.js';
import type { SrfDialog, SrfRequest, SrfResponse } from './srf-types.js';
import { readText } from './text-message.js';

/** How long `hangup` waits for the answer to its BYE: the call is over anyway, and a dead peer answers never. */
const BYE_PATIENCE_MS = 4_000;

export type DialogDeps = AdoptedTerms & {
  link: SignallingLink;
  clock: Clock;
  log: Logger;
  onGone: (dialog: SipDialog) => void;
};

/** What of the terms of a call goes on in its dialog. */
export type AdoptedTerms = {
  /** Answers challenges of the far end, where we have credentials for it. */
  digest: DigestSession | undefined;
  sessionTimer: SessionTimerPolicy;
  /** Added to our requests. */
  headers: DialogHeaders | undefined;
};

const NORMAL_END: EndReason = { q850: 16, sip: 200, text: 'Normal call clearing' };

/**
 * One established dialog. Every handler is attached in the constructor: requests may follow in the same chunk of the
 * connection, and srf answers those it finds no handler for by itself.
 */
export class SipDialog implements Dialog {
  readonly id: DialogId;
  readonly takes: Dialog['takes'];
  readonly takeoverUri: string;
  readonly digits: Dialog['digits'];
  readonly #dialog: SrfDialog;
  readonly #deps: DialogDeps;
  readonly #requests: InDialogRequests;
  readonly #session: DialogSession;
  readonly #digitInfos: DigitInfos;
  readonly #forgetLink: () => void;
  #end: DialogEnd | undefined;
  #endListeners: ((end: DialogEnd) => void)[] = [];
  #acknowledged: boolean;
  #ackListeners: (() => void)[] = [];
  #digitListeners: ((digit: string, durationMs: number) => void)[] = [];
  #onText: ((text: IncomingText) => void) | undefined;
  #referListener: ((request: ReferRequest) => void) | undefined;
  #onReferProgress: ((progress: ReferProgress) => void) | undefined;
  #hangup: Promise<void> | undefined;

  constructor(dialog: SrfDialog, media: OfferAnswer, deps: DialogDeps) {
    const { callId, localTag, remoteTag } = dialog.sip;
    this.id = { callId, localTag, remoteTag };
    const theirs = dialog.type === 'uac' ? dialog.res : dialog.req;
    this.takes = { refer: hasOption(theirs, 'Allow', 'refer'), replaces: hasOption(theirs, 'Supported', 'replaces') };
    this.takeoverUri = withHeaders(dialog.remote.uri, { Replaces: `${callId};to-tag=${remoteTag};from-tag=${localTag}` });
    this.#dialog = dialog;
    this.#deps = deps;
    this.#acknowledged = dialog.type === 'uac';
    this.#forgetLink = deps.link.onLost(() => {
      this.#ended({ by: 'signalling_lost' });
      this.#forget();
    });
    guardBodies(dialog);
    const { link, clock, digest } = deps;
    const onUpdate = (request: SrfRequest, response: SrfResponse): void => this.#session.onUpdate(request, response);
    this.#requests = new InDialogRequests(dialog, { link, clock, digest, onUpdate });
    this.digits = media.digits;
    this.#digitInfos = new DigitInfos({ requests: this.#requests, clock, log: deps.log, isOver: () => this.#end !== undefined });
    const ended = new Promise<never>((_, reject) =>
      this.onEnded(() => reject(new AppError('call_already_ended', 'the dialog has ended'))),
    );
    ended.catch(() => {});
    this.#session = new DialogSession(dialog, {
      requests: this.#requests,
      media,
      clock,
      log: deps.log,
      sessionTimer: deps.sessionTimer,
      ended,
      end: (end, reason) => {
        this.#hangup ??= this.#sendBye(end, reason);
      },
    });
    dialog.on('destroy', (request, reason) => this.#ended(endOf(request, reason)));
    dialog.on('ack', (request) => this.#onAck(request));
    dialog.on('modify', (request, response) => this.#session.onReinvite(request, response));
    dialog.on('update', onUpdate);
    dialog.on('info', (request, response) => this.#onInfo(request, response));
    dialog.on('options', (_request, response) => response.send(200, { headers: { Allow: ALLOW, Accept: SDP_TYPE } }));
    // Left alone, srf would say 200 to these although nothing happens.
    dialog.on('message', (request, response) => this.#onMessage(request, response));
    dialog.on('refer', (request, response) => this.#onReferRequest(request, response));
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

  sendDigits(digits: string, timing: DigitTiming): void {
    this.#digitInfos.send(digits, timing);
  }

  onText(listener: (text: IncomingText) => void): void {
    this.#onText = listener;
  }

  onRefer(listener: (request: ReferRequest) => void): void {
    this.#referListener = listener;
  }

  hangup(reason: EndReason = NORMAL_END): Promise<void> {
    this.#hangup ??= this.#end ? Promise.resolve() : this.#sendBye({ by: 'local' }, reason);
    return this.#hangup;
  }

  renegotiate(change: SessionChange): Promise<number> {
    return this.#session.change(change);
  }

  async refer(uri: string, onProgress: (progress: ReferProgress) => void): Promise<number> {
    if (!SIP_URI.test(uri)) throw new AppError('invalid_request', 'no SIP URI', { publicMessage: 'not a SIP URI' });
    this.#onReferProgress = onProgress;
    const { refer, referTo } = this.#deps.headers ?? NO_DIALOG_HEADERS;
    const target = `<${withHeaders(uri, referTo)}>`;
    const headers = { ...refer, 'Refer-To': target, 'Referred-By': this.#dialog.local.contact, Allow: ALLOW };
    return new Promise((resolve, reject) => {
      this.onEnded(() => reject(new AppError('signalling_unavailable', 'REFER not answered')));
      this.#requests.send({ method: 'REFER', headers }).then(({ response }) => resolve(response.status), reject);
    });
  }

  /** RFC 3261 section 15.1.1: the session is over as soon as the BYE is passed on; its answer is only waited for. */
  #sendBye(end: DialogEnd, reason: EndReason): Promise<void> {
    return new Promise((resolve) => {
      const stopWaiting = this.#deps.clock.schedule(BYE_PATIENCE_MS, resolve);
      const answered = this.#requests.send({
        method: 'BYE',
        headers: { ...this.#deps.headers?.bye, Reason: writeReason(reason) },
      });
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

  #ended(end: DialogEnd): void {
    if (this.#end) return;
    this.#end = end;
    this.#forgetLink();
    this.#session.close();
    this.#deps.onGone(this);
    for (const listener of this.#endListeners.splice(0)) listener(end);
    this.#digitListeners = [];
  }

  #onAck(request: SrfRequest): void {
    if (this.#end) return;
    this.#session.onAck(request);
    this.#acknowledged = true;
    for (const listener of this.#ackListeners.splice(0)) listener();
  }

  #onReferRequest(request: SrfRequest, response: SrfResponse): void {
    if (!this.#referListener) return response.send(603);
    const refer = receivedRefer(request, response, this.#requests);
    if (refer) this.#referListener(refer);
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

  #onMessage(request: SrfRequest, response: SrfResponse): void {
    if (!this.#onText) return notAllowed(response);
    const text = readText(request, response);
    if (text) this.#onText(text);
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
