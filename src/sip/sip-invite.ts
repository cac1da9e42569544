import { AppError } from '../core/errors.js';
import type { AudioAgreement, CodecName, SrtpPolicy } from '../domain/ports/media.js';
import type { Dialog, IncomingInvite, LocalMedia, MediaTerms, SipParty } from '../domain/ports/telephony.js';
import { checkOffer, OfferAnswer, refusalOf } from './offer-answer.js';
import type { SignallingLink } from './signalling-link.js';
import { ALLOW, partyOf, SDP_TYPE, sdpOf, userOf } from './sip-headers.js';
import type { Headers, SrfClient, SrfDialog, SrfRequest, SrfResponse } from './srf-types.js';

export type InviteDeps = {
  srf: SrfClient;
  link: SignallingLink;
  address: string;
  codecs: readonly CodecName[];
  srtp: SrtpPolicy;
  userAgent: string;
  nextSessionId: () => number;
  adopt: (dialog: SrfDialog, media: OfferAnswer) => Dialog;
};

export class SipInvite implements IncomingInvite {
  readonly sipCallId: string;
  readonly from: SipParty;
  readonly to: SipParty;
  readonly requestUser: string | undefined;
  readonly source: { address: string; port: number; transport: string };
  readonly #request: SrfRequest;
  readonly #response: SrfResponse;
  readonly #deps: InviteDeps;
  readonly #offer: string | undefined;
  #cancelled = false;
  #cancelListeners: (() => void)[] = [];

  constructor(request: SrfRequest, response: SrfResponse, deps: InviteDeps) {
    this.#request = request;
    this.#response = response;
    this.#deps = deps;
    this.#offer = sdpOf(request);
    this.sipCallId = request.get('call-id') ?? '';
    this.from = partyOf(request, 'from');
    this.to = partyOf(request, 'to');
    this.requestUser = userOf(request.uri);
    this.source = { address: request.source_address, port: request.source_port, transport: request.protocol || 'udp' };
    const forget = deps.link.onLost(() => this.#cancel());
    request.on('cancel', () => {
      forget();
      this.#cancel();
    });
    this.#forgetLink = forget;
  }
  readonly #forgetLink: () => void;

  header(name: string): string | undefined {
    return this.#request.get(name);
  }

  checkOffer(terms: MediaTerms = {}): void {
    if (this.#offer === undefined) return;
    try {
      const { codecs = this.#deps.codecs, srtp = this.#deps.srtp } = terms;
      checkOffer(this.#offer, { address: this.#deps.address, codecs, srtp });
    } catch (error) {
      this.#refuse(error);
    }
  }

  ring(): void {
    if (!this.#cancelled) this.#response.send(180, { headers: { Server: this.#deps.userAgent } });
  }

  async answer(local: LocalMedia, onAgreement: (agreement: AudioAgreement) => void, terms: MediaTerms = {}): Promise<Dialog> {
    if (this.#cancelled) throw new AppError('call_already_ended', 'cancelled before the answer');
    const { address, nextSessionId } = this.#deps;
    const { codecs = this.#deps.codecs, srtp = this.#deps.srtp, dtmf } = terms;
    const media = new OfferAnswer({ address, codecs, srtp, dtmf, local, sessionId: nextSessionId(), onAgreement });
    let localSdp: string;
    try {
      localSdp = this.#offer === undefined ? media.offer() : media.answerTo(this.#offer);
    } catch (error) {
      this.#refuse(error);
    }
    const headers = { 'Content-Type': SDP_TYPE, Allow: ALLOW, Server: this.#deps.userAgent };
    return new Promise<Dialog>((resolve, reject) => {
      const forget = this.#deps.link.onLost(() =>
        reject(new AppError('signalling_unavailable', 'connection lost while answering')),
      );
      // The callback form: it runs before the next frame of the connection is read, so no request of the dialog is missed.
      this.#deps.srf.createUAS(this.#request, this.#response, { localSdp, headers }, (error, dialog) => {
        forget();
        this.#forgetLink();
        if (error || !dialog) {
          reject(new AppError(this.#cancelled ? 'call_already_ended' : 'internal', 'the 200 was not sent', { cause: error }));
        } else if (this.#cancelled) {
          // The CANCEL won the race on our side only: the far end sees an established dialog, so it gets its BYE.
          dialog.destroy({}, () => {});
        } else {
          resolve(this.#deps.adopt(dialog, media));
        }
      });
    });
  }

  reject(status: number, headers: Headers = {}): void {
    this.#forgetLink();
    if (!this.#cancelled) this.#response.send(status, { headers: { Server: this.#deps.userAgent, ...headers } });
  }

  onCancelled(listener: () => void): void {
    if (this.#cancelled) listener();
    else this.#cancelListeners.push(listener);
  }

  #refuse(error: unknown): never {
    const { status, headers } = refusalOf(error);
    this.reject(status, headers);
    throw error;
  }

  #cancel(): void {
    if (this.#cancelled) return;
    this.#cancelled = true;
    for (const listener of this.#cancelListeners.splice(0)) listener();
  }
}
