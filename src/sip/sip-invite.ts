import { AppError } from '../core/errors.js';
import type { ReliablePolicy, SessionTimerPolicy } from '../domain/call-setup.js';
import type { Diversion } from '../domain/diversion.js';
import type { DigestChallenge, DigestResponse } from '../domain/ports/authentication.js';
import type { AudioAgreement, SrtpPolicy } from '../domain/ports/media.js';
import {
  type Dialog,
  type EndReason,
  type IncomingInvite,
  InviteRefused,
  type InviteTerms,
  type LocalMedia,
  type Peer,
  type SipParty,
} from '../domain/ports/telephony.js';
import { DigestSession } from './digest.js';
import { challengeHeaders, credentialsOf } from './digest-header.js';
import { readDiversions } from './diversion.js';
import { checkOffer, OfferAnswer, refusalOf } from './offer-answer.js';
import { peerOf } from './peer.js';
import { Provisionals } from './provisionals.js';
import { CROSSED, readReason } from './reason.js';
import type { AudioWishes } from './sdp/audio-format.js';
import { answerTimer } from './session-expires.js';
import type { SignallingLink } from './signalling-link.js';
import type { AdoptedTerms } from './sip-dialog.js';
import { ALLOW, hasOption, partyOf, SDP_TYPE, sdpOf, userOf } from './sip-headers.js';
import type { Headers, SrfClient, SrfDialog, SrfRequest, SrfResponse } from './srf-types.js';

export type InviteDeps = {
  srf: SrfClient;
  link: SignallingLink;
  address: string;
  audio: AudioWishes;
  srtp: SrtpPolicy;
  reliable: ReliablePolicy;
  userAgent: string;
  nextSessionId: () => number;
  /** What holds where no trunk says otherwise. */
  sessionTimer: SessionTimerPolicy;
  adopt: (dialog: SrfDialog, media: OfferAnswer, terms: AdoptedTerms) => Dialog;
};

type OnAgreement = (agreement: AudioAgreement) => void;
type EarlySession = { media: OfferAnswer; sdp: string };

export class SipInvite implements IncomingInvite {
  readonly method = 'INVITE';
  readonly credentials: readonly DigestResponse[];
  readonly sipCallId: string;
  readonly from: SipParty;
  readonly to: SipParty;
  readonly requestUser: string | undefined;
  readonly source: Peer;
  readonly diversions: readonly Diversion[];
  readonly reliable: IncomingInvite['reliable'];
  readonly #provisionals: Provisionals;
  readonly #request: SrfRequest;
  readonly #response: SrfResponse;
  readonly #deps: InviteDeps;
  readonly #offer: string | undefined;
  readonly #settled: () => void;
  #cancelled: 'caller' | 'no_prack' | undefined;
  #cancelReason: EndReason | undefined;
  #cancelListeners: ((why: 'caller' | 'no_prack', reason?: EndReason) => void)[] = [];
  #early: EarlySession | undefined;

  /** `onSettled`: it has its final response. */
  constructor(request: SrfRequest, response: SrfResponse, deps: InviteDeps, onSettled: () => void) {
    this.#request = request;
    this.#response = response;
    this.#deps = deps;
    this.#offer = sdpOf(request);
    this.sipCallId = request.get('call-id') ?? '';
    this.from = partyOf(request, 'from');
    this.to = partyOf(request, 'to');
    this.requestUser = userOf(request.uri);
    this.source = peerOf(request);
    this.credentials = credentialsOf(request);
    this.diversions = readDiversions(request);
    const can = hasOption(request, 'Supported', '100rel') ? 'supported' : 'unknown';
    this.reliable = hasOption(request, 'Require', '100rel') ? 'required' : can;
    this.#provisionals = new Provisionals(response);
    const forgetLink = deps.link.onLost(() => this.#cancel('caller'));
    this.#settled = () => {
      forgetLink();
      onSettled();
    };
    request.on('cancel', (cancel) => {
      this.#settled();
      const reason = readReason(cancel.get('reason'));
      this.#cancel(reason?.text === 'PRACK timeout' ? 'no_prack' : 'caller', reason);
    });
    request.on('update', (update, answer) => this.#onUpdate(update, answer));
  }

  header(name: string): string | undefined {
    return this.#request.get(name);
  }

  check(terms: InviteTerms = {}): void {
    const { reliable = this.#deps.reliable } = terms;
    if (reliable === 'off' && this.reliable === 'required') this.#refuseExtension(420, { Unsupported: '100rel' });
    if (reliable === 'require' && this.reliable === 'unknown') this.#refuseExtension(421, { Require: '100rel' });
    this.#timerHeaders(terms);
    if (this.#offer === undefined) return;
    try {
      const { srtp = this.#deps.srtp } = terms;
      checkOffer(this.#offer, { address: this.#deps.address, audio: this.#audio(terms), srtp });
    } catch (error) {
      this.#refuse(error);
    }
  }

  ring(terms: InviteTerms = {}): void {
    this.#send(180, terms);
  }

  async startEarlyMedia(local: LocalMedia, onAgreement: OnAgreement, terms: InviteTerms = {}): Promise<boolean> {
    if (this.#cancelled) throw new AppError('call_already_ended', 'cancelled before the answer');
    if (this.#offer === undefined) return false;
    this.#early ??= this.#describe(local, onAgreement, terms);
    this.#send(183, terms, this.#early.sdp);
    await this.#provisionals.acknowledged;
    return true;
  }

  async answer(local: LocalMedia, onAgreement: OnAgreement, terms: InviteTerms = {}): Promise<Dialog> {
    if (this.#cancelled) throw new AppError('call_already_ended', 'cancelled before the answer');
    const { media, sdp: localSdp } = this.#early ?? this.#describe(local, onAgreement, terms);
    const { Supported: timer, ...timerHeaders } = this.#timerHeaders(terms);
    const Supported = timer === undefined ? 'replaces' : `${timer}, replaces`;
    const headers = { 'Content-Type': SDP_TYPE, Allow: ALLOW, Supported, Server: this.#deps.userAgent, ...timerHeaders };
    return new Promise<Dialog>((resolve, reject) => {
      const forget = this.#deps.link.onLost(() =>
        reject(new AppError('signalling_unavailable', 'connection lost while answering')),
      );
      // The callback form: it runs before the next frame of the connection is read, so no request of the dialog is missed.
      this.#deps.srf.createUAS(this.#request, this.#response, { localSdp, headers }, (error, dialog) => {
        forget();
        this.#settled();
        if (error || !dialog) {
          reject(new AppError(this.#cancelled ? 'call_already_ended' : 'internal', 'the 200 was not sent', { cause: error }));
        } else if (this.#cancelled) {
          // The CANCEL won the race on our side only: the far end sees an established dialog, so it gets its BYE.
          dialog.destroy({ headers: CROSSED }, () => {});
        } else {
          const { credentials, dialogHeaders: headers, sessionTimer = this.#deps.sessionTimer } = terms;
          const digest = credentials && new DigestSession(credentials);
          resolve(this.#deps.adopt(dialog, media, { digest, sessionTimer, headers }));
        }
      });
    });
  }

  reject(status: number, headers: Headers = {}): void {
    this.#settled();
    if (!this.#cancelled) this.#response.send(status, { headers: { Server: this.#deps.userAgent, ...headers } });
  }

  challenge(challenges: readonly DigestChallenge[]): void {
    this.reject(407, challengeHeaders('Proxy-Authenticate', challenges));
  }

  onCancelled(listener: (why: 'caller' | 'no_prack', reason?: EndReason) => void): void {
    if (this.#cancelled) listener(this.#cancelled, this.#cancelReason);
    else this.#cancelListeners.push(listener);
  }

  /** A PRACK came; the signalling server has seen to it that it is for a provisional of ours. */
  onPrack(prack: SrfRequest, response: SrfResponse): void {
    const offer = sdpOf(prack);
    if (offer === undefined) response.send(200);
    else this.#negotiate(offer, response);
    this.#provisionals.onPrack();
  }

  /** RFC 3311 section 5.2: an offer can be taken once the caller knows the answer to its first, which only a reliable one assures. */
  #onUpdate(update: SrfRequest, response: SrfResponse): void {
    const offer = sdpOf(update);
    if (offer === undefined) response.send(200, { headers: { Allow: ALLOW } });
    else if (this.#early && this.#provisionals.settled) this.#negotiate(offer, response);
    else response.send(500, { headers: { 'Retry-After': '2' } });
  }

  #negotiate(offer: string, response: SrfResponse): void {
    if (!this.#early) return response.send(488);
    try {
      this.#early.sdp = this.#early.media.answerTo(offer);
      response.send(200, { headers: { 'Content-Type': SDP_TYPE, Allow: ALLOW }, body: this.#early.sdp });
    } catch (error) {
      const { status, headers } = refusalOf(error);
      response.send(status, { headers });
    }
  }

  /** Reliable where both sides want that. */
  #send(status: number, { reliable = this.#deps.reliable }: InviteTerms, body?: string): void {
    if (this.#cancelled) return;
    const headers = { Server: this.#deps.userAgent, ...(body !== undefined && { 'Content-Type': SDP_TYPE, Allow: ALLOW }) };
    this.#provisionals.send(status, headers, body, reliable !== 'off' && this.reliable !== 'unknown');
  }

  #audio({ codecs }: InviteTerms): AudioWishes {
    return { ...this.#deps.audio, ...(codecs && { codecs }) };
  }

  /** @throws AppError after a final response was sent. */
  #describe(local: LocalMedia, onAgreement: OnAgreement, terms: InviteTerms): EarlySession {
    const { address, nextSessionId } = this.#deps;
    const { srtp = this.#deps.srtp, dtmf, echoCancellation, noiseSuppression, toneDetection, country } = terms;
    const audio = this.#audio(terms);
    const filters = { echoCancellation, noiseSuppression, toneDetection, country };
    const sessionId = nextSessionId();
    const media = new OfferAnswer({ address, audio, srtp, dtmf, ...filters, local, sessionId, onAgreement });
    try {
      return { media, sdp: this.#offer === undefined ? media.offer('ack') : media.answerTo(this.#offer) };
    } catch (error) {
      this.#refuse(error);
    }
  }

  /** RFC 3261 sections 21.4.15 and 21.4.16. */
  #refuseExtension(status: number, headers: Headers, why = 'caller and policy disagree on 100rel'): never {
    this.reject(status, headers);
    throw new InviteRefused(status, why);
  }

  #timerHeaders({ sessionTimer = this.#deps.sessionTimer }: InviteTerms): Headers {
    const timer = answerTimer(this.#request, sessionTimer);
    if (!timer.refusal) return timer.headers;
    return this.#refuseExtension(timer.refusal.status, timer.refusal.headers, 'session timer refused');
  }

  #refuse(error: unknown): never {
    const { status, headers } = refusalOf(error);
    this.reject(status, headers);
    throw error;
  }

  #cancel(why: 'caller' | 'no_prack', reason?: EndReason): void {
    if (this.#cancelled) return;
    this.#cancelled = why;
    this.#cancelReason = reason;
    this.#provisionals.onPrack();
    for (const listener of this.#cancelListeners.splice(0)) listener(why, reason);
  }
}
