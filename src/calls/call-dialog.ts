import type { Clock } from '../core/clock.js';
import type { AudioAgreement } from '../domain/ports/media.js';
import type { Dialog, DialogEnd, EndReason, ReferRequest } from '../domain/ports/telephony.js';
import type { IncomingText } from '../domain/ports/texts.js';

export type CallDialogListeners = {
  onAgreement(agreement: AudioAgreement): void;
  onDigit(digit: string, durationMs: number): void;
  /** The dialog that carries the call now has ended. */
  onEnded(end: DialogEnd): void;
  onRefer(request: ReferRequest): void;
  /** Absent: texts are refused. */
  onText?: ((text: IncomingText) => void) | undefined;
};

export type Connect = (onAgreement: (agreement: AudioAgreement) => void) => Promise<Dialog>;

/** Whoever had us call somebody else hangs up by itself; one that does not is hung up on. */
const LEAVE_MS = 2_000;

/** The dialog that carries a call. Another may take its place, as when the far end is replaced by somebody else. */
export class CallDialog {
  readonly #clock: Clock;
  readonly #listeners: CallDialogListeners;
  readonly #left = new Set<Dialog>();
  #current: Dialog | undefined;
  /** Whose agreements hold; undefined: those of the first. */
  #carrier: Connect | undefined;

  constructor(clock: Clock, listeners: CallDialogListeners) {
    this.#clock = clock;
    this.#listeners = listeners;
  }

  get current(): Dialog | undefined {
    return this.#current;
  }

  /** The first one, which is listened to from `listen` on. */
  async begin(connecting: Promise<Dialog>): Promise<Dialog> {
    this.#current = await connecting;
    return this.#current;
  }

  /** What the first one agrees on holds at once, before the answer too. */
  agreedAtFirst(agreement: AudioAgreement): void {
    if (this.#carrier === undefined) this.#listeners.onAgreement(agreement);
  }

  listen(): void {
    if (this.#current) this.#listenTo(this.#current);
  }

  /**
   * Another one, which carries the call once it stands; until then nothing has changed. The one before is hung up on: at once, or when
   * it has had time to do so itself.
   */
  async exchange(connect: Connect, leaving: 'now' | 'soon'): Promise<void> {
    let agreed: AudioAgreement | undefined;
    const dialog = await connect((agreement) => {
      if (this.#carrier === connect) this.#listeners.onAgreement(agreement);
      else agreed = agreement;
    });
    const before = this.#current;
    this.#carrier = connect;
    this.#current = dialog;
    if (agreed) this.#listeners.onAgreement(agreed);
    this.#listenTo(dialog);
    if (!before) return;
    this.#left.add(before);
    const cancel = this.#clock.schedule(leaving === 'now' ? 0 : LEAVE_MS, () => void before.hangup());
    before.onEnded(() => {
      cancel();
      this.#left.delete(before);
    });
  }

  /** Hangs up on whoever is there. */
  async hangup(reason: EndReason): Promise<void> {
    const dialogs = this.#current ? [this.#current, ...this.#left] : [];
    await Promise.all(dialogs.map((dialog) => dialog.hangup(reason)));
  }

  #listenTo(dialog: Dialog): void {
    dialog.onDigit((digit, durationMs) => {
      if (this.#current === dialog) this.#listeners.onDigit(digit, durationMs);
    });
    dialog.onRefer((request) => {
      if (this.#current === dialog) this.#listeners.onRefer(request);
      else request.refuse(603);
    });
    const { onText } = this.#listeners;
    if (onText) dialog.onText(onText);
    dialog.onEnded((end) => {
      if (this.#current === dialog) this.#listeners.onEnded(end);
    });
  }
}
