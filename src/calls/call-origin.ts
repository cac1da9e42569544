import type { Call, Termination } from '../domain/call.js';
import type { AudioAgreement } from '../domain/ports/media.js';
import type { Dialog, LocalMedia } from '../domain/ports/telephony.js';
import type { EndDetails } from './call-end.js';
import type { Target } from './inbound-route.js';

export type ConnectListeners = {
  onAgreement: (agreement: AudioAgreement) => void;
  /** Only of an outbound call: its INVITE has left, maybe another one than before, over another trunk. */
  onSent: (leg: Pick<Call, 'sipCallId' | 'fromUri' | 'toUri' | 'trunk'>) => void;
};

/** How a call comes to stand: an INVITE that we answer, or one that we send. From then on all calls are the same. */
export interface CallOrigin {
  /** What is known of the call at its beginning. */
  readonly call: Call;
  /** The other party's, in E.164; undefined when it has none that we could know. */
  readonly remoteNumber: string | undefined;
  /** Who speaks for us; undefined when nobody is there by the name that was called. */
  target(): Promise<Target | undefined>;
  /** Refuses at once what could not be connected. @throws AppError after a final response was sent. */
  check(): void;
  /** Lets `warmed` happen first where somebody can be kept waiting for it. */
  waitFor(warmed: Promise<unknown>): Promise<void>;
  /** @throws NotAnswered, or AppError. */
  connect(local: LocalMedia, listeners: ConnectListeners): Promise<Dialog>;
  /** Takes back what is not connected yet. Returns the final SIP status that was sent, if one was. */
  giveUp(status: number, headers: Readonly<Record<string, string>>): number | undefined;
  /** Resolves with the far end's final SIP status when nothing more comes of an attempt that was given up. */
  settled(): Promise<number | undefined>;
  /** The far end gave up before the answer. */
  onCancelled(listener: () => void): void;
}

/** The far end was asked, and there is no call. */
export class NotAnswered extends Error {
  override readonly name = 'NotAnswered';
  readonly termination: Termination;
  readonly details: EndDetails;

  constructor(termination: Termination, details: EndDetails = {}) {
    super(`not answered: ${termination.reason}`);
    this.termination = termination;
    this.details = details;
  }
}
