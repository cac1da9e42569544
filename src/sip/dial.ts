import { AppError } from '../core/errors.js';
import { background, type Logger } from '../core/log.js';
import type { SessionTimerPolicy } from '../domain/call-setup.js';
import type { DialRequest, SipParty, Telephony } from '../domain/ports/telephony.js';
import { DigestSession } from './digest.js';
import { EarlyAnswers } from './early-answers.js';
import { OfferAnswer } from './offer-answer.js';
import { CROSSED, readReason, writeReason } from './reason.js';
import { askTimer, minSeOf } from './session-expires.js';
import { ALLOW, contactsOf, earlyDialogOf, SDP_TYPE, SIP_URI } from './sip-headers.js';
import type { InviteDeps } from './sip-invite.js';
import type { DelayedOffer, Headers, SrfDialog, SrfFailure, SrfRequest, SrfResponse } from './srf-types.js';

export type DialDeps = InviteDeps & { log: Logger };
export type DialOutcome = Awaited<ReturnType<Telephony['dial']>>;

const DEFAULT_CALLER: SipParty = { uri: 'sip:offhook@localhost', user: 'offhook', displayName: undefined };

/** Places one call: see `Telephony.dial`. */
export function dial(request: DialRequest, deps: DialDeps): Promise<DialOutcome> {
  return new Promise((resolve, reject) => {
    try {
      new Attempt(request, deps, resolve, reject).start();
    } catch (error) {
      // srf asserts synchronously when it has no connection.
      reject(error instanceof AppError ? error : new AppError('signalling_unavailable', 'not connected', { cause: error }));
    }
  });
}

class Attempt {
  readonly #request: DialRequest;
  readonly #deps: DialDeps;
  readonly #resolve: (outcome: DialOutcome) => void;
  readonly #reject: (error: Error) => void;
  readonly #media: OfferAnswer;
  readonly #early: EarlyAnswers;
  readonly #digest: DigestSession | undefined;
  /** Absent: the far end is to make one. */
  readonly #offer: string | undefined;
  readonly #sessionTimer: SessionTimerPolicy;
  #minSeS: number;
  #sent: SrfRequest | undefined;
  #done = false;
  readonly #forgetLink: () => void;

  constructor(request: DialRequest, deps: DialDeps, resolve: (outcome: DialOutcome) => void, reject: (error: Error) => void) {
    this.#request = request;
    this.#deps = deps;
    this.#resolve = resolve;
    this.#reject = reject;
    this.#media = new OfferAnswer({
      address: deps.address,
      audio: { ...deps.audio, ...(request.codecs && { codecs: request.codecs }) },
      dtmf: request.dtmf,
      srtp: request.srtp ?? deps.srtp,
      echoCancellation: request.echoCancellation,
      noiseSuppression: request.noiseSuppression,
      toneDetection: request.toneDetection,
      country: request.country,
      local: request.local,
      sessionId: deps.nextSessionId(),
      onAgreement: request.onAgreement,
    });
    this.#offer = request.delayedOffer ? undefined : this.#media.offer('response');
    this.#early = new EarlyAnswers(this.#media, request.earlyMedia ?? 'accept', deps.log);
    this.#sessionTimer = request.sessionTimer ?? deps.sessionTimer;
    this.#minSeS = this.#sessionTimer.minSeS;
    this.#digest = request.credentials && new DigestSession(request.credentials);
    this.#forgetLink = deps.link.onLost(() =>
      this.#fail(new AppError('signalling_unavailable', 'connection lost while dialling')),
    );
  }

  start(): void {
    const { uri, from = DEFAULT_CALLER, proxy, signal } = this.#request;
    if (![uri, from.uri, proxy ?? uri].every((text) => SIP_URI.test(text))) {
      this.#forgetLink();
      throw new AppError('invalid_request', 'no SIP URI', { publicMessage: 'not a SIP URI' });
    }
    if (signal.aborted) return this.#refused(487, 'Request Terminated');
    signal.addEventListener('abort', this.#onAbort, { once: true });
    this.#invite({});
  }

  #invite(more: Headers): void {
    const { uri, from = DEFAULT_CALLER, proxy, headers, contactUser, signal } = this.#request;
    const first = this.#sent === undefined;
    this.#deps.srf.createUAC(
      uri,
      {
        ...(this.#offer === undefined ? { noAck: true } : { localSdp: this.#offer }),
        headers: { ...headers, ...requestHeaders(from, contactUser, this.#deps.userAgent), ...this.#setupHeaders(), ...more },
        ...(proxy !== undefined && { proxy }),
      },
      {
        cbRequest: (_error, sent) => {
          this.#sent = sent;
          if (!sent) return;
          if (first) this.#request.onSent?.(sent.get('Call-ID') ?? '');
          if (signal.aborted) this.#cancel();
        },
        cbProvisional: (response) => this.#onProvisional(response),
      },
      (error, answered) => {
        if (answered && 'sdp' in answered) this.#onOffer(answered);
        else this.#onFinal(error, answered);
      },
    );
  }

  #setupHeaders(): Headers {
    const { firstResponseMs } = this.#request;
    // An offer in a reliable provisional would want its answer in the PRACK, which the library sends without.
    const { reliable = this.#deps.reliable } = this.#offer === undefined ? { reliable: 'off' as const } : this.#request;
    const supported = [
      ...(reliable === 'off' ? [] : ['100rel']),
      ...(this.#sessionTimer.mode === 'off' ? [] : ['timer']),
      'replaces',
    ];
    return {
      ...(this.#offer !== undefined && { 'Content-Type': SDP_TYPE }),
      Supported: supported.join(', '),
      ...(reliable === 'require' && { Require: '100rel' }),
      ...askTimer(this.#sessionTimer, this.#minSeS),
      // Understood and taken out by our own signalling server, which alone sees a 100.
      ...(firstResponseMs !== undefined && { 'X-First-Response-Ms': String(firstResponseMs) }),
    };
  }

  /** The same INVITE again, with what it was refused for the lack of: same Call-ID and tag, the next number (RFC 3261 section 8.1.3.5). */
  #again(sent: SrfRequest): void {
    const sequence = Number.parseInt(sent.get('CSeq') ?? '1', 10) + 1;
    try {
      this.#invite({
        From: sent.get('From') ?? '',
        'Call-ID': sent.get('Call-ID') ?? '',
        CSeq: `${sequence} INVITE`,
        ...this.#digest?.headers('INVITE', this.#request.uri),
      });
    } catch (error) {
      this.#fail(new AppError('signalling_unavailable', 'not connected', { cause: error }));
    }
  }

  readonly #onAbort = (): void => this.#cancel();

  /** The far end's 487 ends the attempt; a 200 that crosses the CANCEL is hung up on in `#onFinal`. */
  #cancel(): void {
    if (this.#done) return;
    this.#sent?.cancel((error) => {
      if (error) this.#deps.log.debug({ err: error }, 'cancel not sent');
    });
  }

  #onProvisional(response: SrfResponse): void {
    if (this.#done || response.status < 180) return;
    this.#request.onRinging?.(earlyDialogOf(response));
    if (this.#request.signal.aborted) return;
    this.#early.take(response);
    // The library's own answer to an UPDATE is our first offer, whatever was asked.
    this.#sent?.removeAllListeners('update');
    this.#sent?.on('update', (update, answer) => this.#early.onUpdate(update, answer));
  }

  #onFinal(error: SrfFailure | null, dialog: SrfDialog | undefined): void {
    if (error || !dialog) {
      if (!this.#done && this.#sent && (this.#digest?.takeFrom(error?.res) || this.#takeInterval(error?.res))) {
        // A challenge that crossed our CANCEL ends the attempt as the CANCEL would have.
        return this.#request.signal.aborted ? this.#refused(487, 'Request Terminated') : this.#again(this.#sent);
      }
      if (error?.status !== undefined) return this.#refused(error.status, error.reason ?? '', error.res);
      return this.#fail(new AppError('signalling_unavailable', 'the INVITE could not be sent', { cause: error }));
    }
    if (this.#done || this.#request.signal.aborted) {
      dialog.destroy({ headers: { ...this.#request.dialogHeaders?.bye, ...CROSSED } }, () => {});
      return this.#refused(487, 'Request Terminated');
    }
    try {
      this.#early.pickedUp(dialog.sip.remoteTag, dialog.remote.sdp ?? '');
    } catch (cause) {
      this.#deps.log.info({ err: cause }, 'no usable answer in the 200');
      const reason = { Reason: writeReason({ q850: 88, sip: 488, text: 'no usable answer' }) };
      dialog.destroy({ headers: { ...this.#request.dialogHeaders?.bye, ...reason } }, () => {});
      return this.#refused(488, 'Not Acceptable Here');
    }
    this.#established(dialog);
  }

  /** The far end has made the offer in its 200. */
  #onOffer({ sdp, ack, destroy }: DelayedOffer): void {
    if (this.#done || this.#request.signal.aborted) {
      background(destroy(), 'hang-up of an answered call', this.#deps.log);
      return this.#refused(487, 'Request Terminated');
    }
    let answer: string;
    try {
      answer = this.#media.answerTo(sdp);
    } catch (cause) {
      this.#deps.log.info({ err: cause }, 'no usable offer in the 200');
      background(destroy(), 'hang-up of an answered call', this.#deps.log);
      return this.#refused(488, 'Not Acceptable Here');
    }
    ack(answer).then(
      (dialog) => this.#established(dialog),
      (cause: unknown) => this.#fail(new AppError('signalling_unavailable', 'the ACK could not be sent', { cause })),
    );
  }

  #established(dialog: SrfDialog): void {
    const { dialogHeaders: headers } = this.#request;
    const adopted = this.#deps.adopt(dialog, this.#media, { digest: this.#digest, sessionTimer: this.#sessionTimer, headers });
    if (this.#finish()) this.#resolve({ answered: true, dialog: adopted, sipCallId: dialog.sip.callId });
  }

  /** RFC 4028 section 7.3: the far end wants a longer interval. */
  #takeInterval(response: SrfResponse | undefined): boolean {
    if (response?.status !== 422 || minSeOf(response) <= this.#minSeS) return false;
    this.#minSeS = minSeOf(response);
    return this.#sessionTimer.mode === 'request';
  }

  #refused(sipCode: number, reason: string, response?: SrfResponse): void {
    const contacts = response && sipCode < 400 ? { contacts: contactsOf(response) } : {};
    const cause = readReason(response?.get('Reason'));
    const failure = { sipCode, reason, ...contacts, ...(cause && { cause }) };
    if (this.#finish()) this.#resolve({ answered: false, failure });
  }

  #fail(error: Error): void {
    if (this.#finish()) this.#reject(error);
  }

  #finish(): boolean {
    if (this.#done) return false;
    this.#done = true;
    this.#forgetLink();
    this.#request.signal.removeEventListener('abort', this.#onAbort);
    return true;
  }
}

/** `localhost` stands for the address of the transport the server chooses. */
function requestHeaders(from: SipParty, contactUser: string | undefined, userAgent: string): Headers {
  const name = from.displayName?.replace(/[\r\n\0]/g, ' ').replace(/["\\]/g, '\\$&');
  const wanted = contactUser ?? from.user;
  const user = wanted !== undefined && /^[\w.!~*'()%+-]+$/.test(wanted) ? wanted : 'offhook';
  return {
    From: `${name === undefined ? '' : `"${name}" `}<${from.uri}>`,
    Contact: `<sip:${user}@localhost>`,
    'User-Agent': userAgent,
    Allow: ALLOW,
  };
}
