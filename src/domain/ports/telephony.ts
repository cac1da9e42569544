import { AppError } from '../../core/errors.js';
import { type EarlyMediaPolicy, type ReliablePolicy, type SessionTimerPolicy } from '../call-setup.js';
import { type DialogId } from '../dialog-id.js';
import type { Diversion } from '../diversion.js';
import type { DialogHeaders } from '../header-templates.js';
import type { DtmfMode, ToneDetection } from '../trunk.js';
import type { DigestChallenge, ProvableRequest } from './authentication.js';
import type { AudioAgreement, CodecName, EchoCancellation, MediaDirection, NoiseSuppression, SrtpPolicy } from './media.js';
import type { IncomingText } from './texts.js';

/** Where a message came from: the transport is as in a Via, in lower case. */
export type Peer = { address: string; port: number; transport: string };

export type SipParty = { uri: string; user: string | undefined; displayName: string | undefined };

/** Where our RTP for this call lives, as it stands in our session description. */
export type LocalMedia = { rtpPort: number; rtcpPort: number };

/** Why a party ended a call, as a Reason header says it (RFC 3326): a SIP status, a Q.850 cause, words. */
export type EndReason = { sip?: number | undefined; q850?: number | undefined; text?: string | undefined };

/** `reason`: the far end's own, where it gave one. */
export type DialogEnd = { reason?: EndReason | undefined } & (
  | { by: 'remote' }
  | { by: 'local' }
  /** The 2xx was never acknowledged (RFC 3261 section 13.3.1.4). */
  | { by: 'ack_timeout' }
  /** Our offer brought no usable answer; BYE was sent. */
  | { by: 'no_agreement' }
  /** Nobody refreshed the session in time (RFC 4028 section 10); BYE was sent. */
  | { by: 'session_expired' }
  /** The far end no longer knows the dialog, or says nothing at all (RFC 3261 section 12.2.1.2); BYE was sent. */
  | { by: 'lost' }
  /** The connection to the signalling server is gone. */
  | { by: 'signalling_lost' }
);

/** What is to be different from now on; what is absent stays. */
export type SessionChange = {
  /** `sendonly` or `inactive` holds the far end, `sendrecv` takes it back. Stays in force for its offers as well. */
  direction?: MediaDirection | undefined;
  /** Our RTP moves to these ports. */
  local?: LocalMedia | undefined;
  /** By re-INVITE when absent; UPDATE (RFC 3311) where the far end allows it is answered without asking anybody. */
  method?: 'INVITE' | 'UPDATE' | undefined;
};

/** `sipCode`: the status of the call that the far end makes; absent when it stopped reporting. */
export type ReferProgress = { sipCode: number | undefined; final: boolean };

/** The far end wants us to call somebody else (RFC 3515). Exactly one of `accept` and `refuse` is called. */
export type ReferRequest = {
  /** A SIP URI without headers, or a telephone number. */
  target: string;
  /** The dialog there that is to be taken over (RFC 3891), as its header says it. */
  replaces: string | undefined;
  accept(): void;
  refuse(status: number): void;
  /** After `accept`: the status of our call; a final one is the last. */
  progress(sipCode: number, reason: string): void;
};

/** How long a key is pressed, and what lies before the next. */
export type DigitTiming = { durationMs: number; gapMs: number };

/** An established call as SIP sees it (RFC 3261 section 12). */
export interface Dialog {
  readonly id: DialogId;
  /** What the far end has said that it takes: REFER (its Allow), INVITE with Replaces (its Supported). */
  readonly takes: { refer: boolean; replaces: boolean };
  /** By which somebody else calls the far end to take our place: its address, with a Replaces of this dialog (RFC 3891). */
  readonly takeoverUri: string;
  /** Calls at once when the ACK has come already, or was ours to send. */
  onAcknowledged(listener: () => void): void;
  /** Fires once, whoever ended it. */
  onEnded(listener: (end: DialogEnd) => void): void;
  /** Key presses of theirs that came by SIP INFO (application/dtmf-relay or application/dtmf). */
  onDigit(listener: (digit: string, durationMs: number) => void): void;
  /** How key presses of ours reach the far end: with the audio, by the media session, or by `sendDigits`. */
  readonly digits: 'rtp' | 'info';
  /** Presses keys by SIP INFO (application/dtmf-relay), one after the other, behind those that are still being pressed. */
  sendDigits(digits: string, timing: DigitTiming): void;
  /** Texts that come in this dialog (MESSAGE), which are refused as long as nobody listens. */
  onText(listener: (text: IncomingText) => void): void;
  /** The far end wants us to call somebody else; without a listener it is refused. */
  onRefer(listener: (request: ReferRequest) => void): void;
  /** Sends BYE, which says why. Idempotent; resolves when the dialog is gone. */
  hangup(reason?: EndReason): Promise<void>;
  /**
   * Offers the far end a changed session, and resolves with the final status: 2xx when it agreed, which `onAgreement` of the call hears
   * of first; with any other the session is as it was. One at a time; what crosses an offer of the far end is tried again (RFC 3261
   * section 14.1). Ends the call when the far end no longer knows it (481, 408), or answers what is no answer.
   *
   * @throws AppError `call_already_ended`, `signalling_unavailable`.
   */
  renegotiate(change: SessionChange): Promise<number>;
  /**
   * Asks the far end to call `uri` itself (REFER, RFC 3515). Resolves with the status of its answer; with a 2xx it will try, and
   * `onProgress` tells what it reports of that, to the final status.
   *
   * @throws AppError `invalid_request` for what is no SIP URI, `signalling_unavailable` when it cannot be asked.
   */
  refer(uri: string, onProgress: (progress: ReferProgress) => void): Promise<number>;
}

/** What a 18x to an INVITE of ours has begun. `address`: where it came from. */
export type EarlyDialog = DialogId & { address: string };

/** An INVITE that asks for what we do not do, or not for what we insist on; `sipCode` was sent. */
export class InviteRefused extends AppError {
  readonly sipCode: number;
  constructor(sipCode: number, message: string) {
    super('invalid_request', message);
    this.sipCode = sipCode;
  }
}

/** An INVITE nobody has answered yet. Exactly one of `answer` and `reject` is called. */
export interface IncomingInvite extends ProvableRequest {
  readonly sipCallId: string;
  readonly from: SipParty;
  readonly to: SipParty;
  /** The user part of the Request-URI: which agent is wanted. */
  readonly requestUser: string | undefined;
  /** Who it was for before it was sent to us, the newest diversion first. */
  readonly diversions: readonly Diversion[];
  /** What the caller thinks of reliable provisionals (RFC 3262). */
  readonly reliable: 'unknown' | 'supported' | 'required';
  header(name: string): string | undefined;
  /**
   * Refuses at once what `answer` could not accept, so that nothing rings in vain.
   *
   * @throws AppError `no_common_codec` after a 488 was sent, `invalid_request` after a 400, InviteRefused.
   */
  check(terms?: InviteTerms): void;
  /** Sends 180. */
  ring(terms?: InviteTerms): void;
  /**
   * Sends 183 with our session description, so that the caller hears us before the answer; `answer` then repeats it. Resolves once
   * it is sent, and acknowledged where it is reliable. False, and nothing is sent, when the INVITE had no offer.
   *
   * @throws as `answer` does.
   */
  startEarlyMedia(local: LocalMedia, onAgreement: (agreement: AudioAgreement) => void, terms?: InviteTerms): Promise<boolean>;
  /**
   * Sends 200 with our session description and resolves with the dialog. `onAgreement` is called before the 200 leaves when
   * the INVITE had an offer, at the ACK when it had none, and again for every re-INVITE.
   *
   * @throws AppError `no_common_codec` after a 488 was sent, `invalid_request` after a 400, `call_already_ended` when the
   * caller gave up meanwhile, `signalling_unavailable`.
   */
  answer(local: LocalMedia, onAgreement: (agreement: AudioAgreement) => void, terms?: InviteTerms): Promise<Dialog>;
  /** Sends a final failure. */
  reject(status: number, headers?: Readonly<Record<string, string>>): void;
  /** Sends 407: whoever calls is to prove who they are, and call again. Counts as `reject`. */
  challenge(challenges: readonly DigestChallenge[]): void;
  /** There will be no answer: the caller gave up (CANCEL) and may have said why, or did not acknowledge a reliable provisional (504 was sent). */
  onCancelled(listener: (why: 'caller' | 'no_prack', reason?: EndReason) => void): void;
}

/** Why an outgoing call was not answered. */
export type DialFailure = {
  sipCode: number;
  reason: string;
  /** Of a 3xx: the SIP URIs it points to, the most wanted first. */
  contacts?: readonly string[] | undefined;
  /** What the Reason header of that answer says beside. */
  cause?: EndReason | undefined;
};

export type Credentials = { username: string; password: string };

export type MediaTerms = {
  /** What to offer, in this order, or to take; all we can do when absent. */
  codecs?: readonly CodecName[] | undefined;
  dtmf?: DtmfMode | undefined;
  /** Off when absent. */
  toneDetection?: ToneDetection | undefined;
  /** ISO 3166: whose tones the far end knows. That of its number when absent. */
  country?: string | undefined;
  /** The server's own when absent. */
  srtp?: SrtpPolicy | undefined;
  /** The server's own when absent. */
  echoCancellation?: EchoCancellation | undefined;
  /** `off` when absent. */
  noiseSuppression?: NoiseSuppression | undefined;
  /** Answers a 401 or 407, to the INVITE as to what we send later in the call. */
  credentials?: Credentials | undefined;
};

/** How a call that comes in over a trunk is taken. */
export type InviteTerms = MediaTerms & {
  /** The server's own when absent. */
  reliable?: ReliablePolicy | undefined;
  /** The server's own when absent. */
  sessionTimer?: SessionTimerPolicy | undefined;
  /** Added to what we send later in the call. */
  dialogHeaders?: DialogHeaders | undefined;
};

/** How a call is placed over a trunk. */
export type DialTerms = InviteTerms & {
  /** `accept` when absent. */
  earlyMedia?: EarlyMediaPolicy | undefined;
  /** The INVITE goes without an offer: the far end makes it in its 200, and our ACK answers it. */
  delayedOffer?: boolean | undefined;
  /** Without any response in this time, a 100 included, the call counts as unanswered (408). */
  firstResponseMs?: number | undefined;
  /** SIP URI of the next hop, where it is not what the URI of the call says. */
  proxy?: string | undefined;
  /** `proxy` is the way to every host, not to that of the URI alone. */
  proxyTakesAll?: boolean | undefined;
  /** Added to the INVITE. */
  headers?: Readonly<Record<string, string>> | undefined;
  /** User part of our Contact; that of `from` when absent. */
  contactUser?: string | undefined;
};

export type DialRequest = DialTerms & {
  uri: string;
  from?: SipParty | undefined;
  local: LocalMedia;
  /** Called for early media too, before the answer. */
  onAgreement: (agreement: AudioAgreement) => void;
  /** The INVITE was sent, under this Call-ID. */
  onSent?: ((sipCallId: string) => void) | undefined;
  /** A 18x came; more may follow. */
  onRinging?: ((early: EarlyDialog) => void) | undefined;
  /** Aborting sends CANCEL. */
  signal: AbortSignal;
};

export interface Telephony {
  onInvite(handler: (invite: IncomingInvite) => void): void;
  /** @throws DialError-shaped AppError `signalling_unavailable`; a refusal by the far end resolves as a DialFailure. */
  dial(
    request: DialRequest,
  ): Promise<{ answered: true; dialog: Dialog; sipCallId: string } | { answered: false; failure: DialFailure }>;
  /** Refuses new INVITEs with 503 and Retry-After from now on. */
  drain(): void;
  close(): Promise<void>;
}
