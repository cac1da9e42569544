import type { Call, Termination } from '../domain/call.js';
import type { Values } from '../domain/placeholders.js';
import type { AudioAgreement } from '../domain/ports/media.js';
import type { Dialog, EarlyDialog, LocalMedia } from '../domain/ports/telephony.js';
import type { EndDetails } from './call-end.js';
import type { Target } from './inbound-route.js';

export type ConnectListeners = {
  onAgreement: (agreement: AudioAgreement) => void;
  /** Only of an outbound call: its INVITE has left, maybe another one than before, over another trunk. */
  onSent: (leg: Pick<Call, 'sipCallId' | 'fromUri' | 'toUri' | 'trunk'>, redirected?: boolean) => void;
  /** The far end is alerted, in this dialog; of a call that came in, we have said so. More may follow. */
  onRinging?: ((early?: EarlyDialog) => void) | undefined;
  /** The INVITE that was sent last has failed; another may follow. */
  onRefused?: ((sipCode: number, reason: string) => void) | undefined;
};

/** What happens before the answer with somebody who waits for it. */
export type Lobby = {
  local: LocalMedia;
  listeners: ConnectListeners;
  /** All that the agent needs is there, its first words above all. */
  ready: Promise<unknown>;
  /** Has early media played: what is said, or a ring tone until the answer. Resolves when it was said. */
  entertain(announcement: string | undefined): Promise<void>;
};

/** How a call comes to stand: an INVITE that we answer, or one that we send. From then on all calls are the same. */
export interface CallOrigin {
  /** What is known of the call at its beginning. */
  readonly call: Call;
  /** The other party's, in E.164; undefined when it has none that we could know. */
  readonly remoteNumber: string | undefined;
  /** Of the other party's telephone (ISO 3166), where it is known. */
  readonly country: string | undefined;
  /** What fills the headers of trunks; all of it once `target` has said who speaks for us. */
  readonly variables: Values;
  /** Who speaks for us; undefined when nobody is there by the name that was called. */
  target(): Promise<Target | undefined>;
  /** Where the call goes when nobody was reached of those it was for; undefined: nowhere. */
  instead(): Target | undefined;
  /** Refuses at once what could not be connected. @throws AppError after a final response was sent. */
  check(): void;
  /** Lets the agent get ready first where somebody can be kept waiting for it. */
  waitFor(lobby: Lobby): Promise<void>;
  /** Tells somebody who waits for the answer that others are alerted. */
  ring(listeners: ConnectListeners): void;
  /** Has somebody who waits for the answer hear us before it. False, and it was told to ring, where that cannot be. */
  openEarly(local: LocalMedia, listeners: ConnectListeners): Promise<boolean>;
  /** @throws NotAnswered, or AppError. */
  connect(local: LocalMedia, listeners: ConnectListeners): Promise<Dialog>;
  /** Takes back what is not connected yet. Returns the final SIP status that was sent, if one was. */
  giveUp(status: number, headers: Readonly<Record<string, string>>): number | undefined;
  /** Resolves with the far end's final SIP status when nothing more comes of an attempt that was given up. */
  settled(): Promise<number | undefined>;
  /** The far end gave up before the answer. */
  onCancelled(listener: (termination: Termination, details: EndDetails) => void): void;
}

/** The far end was asked, and there is no call. */
export class NotAnswered extends Error {
  override readonly name = 'NotAnswered';
  readonly termination: Termination;
  readonly details: EndDetails;
  /** Where a 3xx points to. */
  readonly contacts: readonly string[];

  constructor(termination: Termination, details: EndDetails = {}, contacts: readonly string[] = []) {
    super(`not answered: ${termination.reason}`);
    this.termination = termination;
    this.details = details;
    this.contacts = contacts;
  }
}
