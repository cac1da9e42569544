import type { Clock } from '../../core/clock.js';
import type { Values } from '../../domain/placeholders.js';
import type { AudioAgreement, MediaEngine, MediaSession } from '../../domain/ports/media.js';
import type { Way } from '../../domain/ports/outbound-route.js';
import type { Dialog, Telephony } from '../../domain/ports/telephony.js';
import type { TransferLeg } from '../../domain/transfer.js';
import { isHold } from '../call-audio.js';
import { MediaSupervision } from '../media-supervision.js';
import { OutboundDialling } from '../outbound-dialling.js';
import type { OutboundLines, Seat } from '../outbound-lines.js';

export type TargetLegDeps = {
  clock: Clock;
  media: MediaEngine;
  telephony: Telephony;
  lines: OutboundLines;
  /** Silence of RTP and RTCP after which nobody is there; however long when absent. */
  mediaTimeoutMs?: number | undefined;
  /** As `OutboundDeps`. */
  firstResponseMs?: number | undefined;
};
/** `variables`: fill the headers of trunks. */
export type TargetLegOptions = { ringTimeoutMs: number; variables: Values };

export type TargetLegListeners = {
  /** What is known of the leg has changed. */
  changed(leg: TransferLeg): void;
  /** Audio passes, maybe before the answer: the network's own announcement, or its ringing. */
  audible(session: MediaSession): void;
  /** The target is alerted; more than once, maybe. */
  ringing?(): void;
};

/** Our call to whoever a caller is handed over to. Whoever made it closes it. */
export class TargetLeg {
  readonly #deps: TargetLegDeps;
  #listeners: TargetLegListeners;
  readonly #seat: Seat;
  readonly #dialling: OutboundDialling;
  readonly #session: MediaSession;
  #leg: TransferLeg;
  #dialog: Dialog | undefined;
  #agreement: AudioAgreement | undefined;
  #supervision: MediaSupervision | undefined;
  #closing: Promise<void> | undefined;

  /** @throws AppError when no line or no port is free. */
  constructor(ways: readonly Way[], options: TargetLegOptions, deps: TargetLegDeps, listeners: TargetLegListeners) {
    this.#deps = deps;
    this.#listeners = listeners;
    this.#session = deps.media.open();
    try {
      this.#seat = deps.lines.take(ways);
    } catch (error) {
      void this.#session.close();
      throw error;
    }
    const { clock, telephony, firstResponseMs } = deps;
    this.#dialling = new OutboundDialling(this.#seat, { clock, telephony, ...options, firstResponseMs });
    const { uri, from, trunk } = this.#seat.way;
    this.#leg = {
      sipCallId: '',
      fromUri: from?.uri ?? '',
      toUri: uri,
      trunk,
      codec: undefined,
      srtp: undefined,
      mediaPeer: undefined,
      answeredAtMs: undefined,
      endedAtMs: undefined,
    };
  }

  get session(): MediaSession {
    return this.#session;
  }

  /** What holds now. */
  get agreement(): AudioAgreement | undefined {
    return this.#agreement;
  }

  /** Once it was answered. */
  get dialog(): Dialog | undefined {
    return this.#dialog;
  }

  get leg(): TransferLeg {
    return this.#leg;
  }

  /** Others want to know of the leg from now on. */
  handOver(listeners: TargetLegListeners): void {
    this.#listeners = listeners;
  }

  /** Resolves when the target has answered. @throws NotAnswered, or AppError. */
  async connect(): Promise<Dialog> {
    const dialog = await this.#dialling.connect(this.#session.local, {
      onAgreement: (agreement) => this.#agreed(agreement),
      onSent: ({ sipCallId, fromUri, toUri, trunk }) => this.#change({ sipCallId, fromUri, toUri, trunk }),
      onRinging: () => this.#listeners.ringing?.(),
    });
    this.#dialog = dialog;
    if (this.#closing) await dialog.hangup();
    else this.#change({ answeredAtMs: this.#deps.clock.nowMs() });
    return dialog;
  }

  /** From the answer on audio is expected; `onSilent` is told when nobody is there any more. */
  supervise(onSilent: () => void): void {
    const { clock, mediaTimeoutMs: limitMs } = this.#deps;
    this.#supervision = new MediaSupervision({ clock, session: this.#session, limitMs, onSilent, onFault: () => {} });
    if (this.#agreement) this.#supervision.expect(this.#agreement, isHold(this.#agreement));
  }

  /** Hangs up, or takes the INVITE back. Idempotent; resolves when nothing of it is left. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    this.#change({ endedAtMs: this.#deps.clock.nowMs() });
    this.#supervision?.close();
    this.#dialling.giveUp();
    const gone = this.#dialog ? this.#dialog.hangup() : this.#dialling.settled();
    await Promise.allSettled([gone, this.#session.close()]);
    this.#seat.leave();
  }

  #agreed(agreement: AudioAgreement): void {
    if (this.#closing) return;
    this.#session.configure(agreement);
    const first = this.#agreement === undefined;
    this.#agreement = agreement;
    this.#supervision?.expect(agreement, isHold(agreement));
    const { codec, srtp, remote } = agreement;
    this.#change({ codec, srtp: srtp?.suite, mediaPeer: `${remote.address}:${remote.rtpPort}` });
    if (first) this.#listeners.audible(this.#session);
  }

  #change(change: Partial<TransferLeg>): void {
    this.#leg = { ...this.#leg, ...change };
    this.#listeners.changed(this.#leg);
  }
}
