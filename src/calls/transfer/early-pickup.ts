import type { AudioAgreement } from '../../domain/ports/media.js';
import type { Dialog, EarlyDialog, LocalMedia } from '../../domain/ports/telephony.js';
import type { Connect } from '../call-dialog.js';
import type { CallOrigin, ConnectListeners } from '../call-origin.js';

type Open = { listeners: ConnectListeners; resolve: (dialog: Dialog) => void };

/** How a call comes to its answer: by whom we have dialled, or by whoever takes the place of the phone that rings (RFC 3891 section 3). */
export class EarlyPickup {
  readonly #origin: Pick<CallOrigin, 'connect' | 'giveUp'>;
  #open: Open | undefined;
  #dialogs: EarlyDialog[] = [];
  #by: string | undefined;

  constructor(origin: Pick<CallOrigin, 'connect' | 'giveUp'>) {
    this.#origin = origin;
  }

  /** Those that can be taken over now. */
  get dialogs(): readonly EarlyDialog[] {
    return this.#open ? this.#dialogs : [];
  }

  /** Who has taken it over; undefined where nobody has. */
  get by(): string | undefined {
    return this.#by;
  }

  /** As `CallOrigin.connect`, whose dialog it need not be. */
  connect(local: LocalMedia, listeners: ConnectListeners): Promise<Dialog> {
    return new Promise((resolve, reject) => {
      const open: Open = { listeners, resolve };
      this.#open = open;
      const stillOpen = (): boolean => this.#open === open;
      const settle = (then: () => void, otherwise: () => void = () => {}): void => {
        if (!stillOpen()) return otherwise();
        this.#open = undefined;
        then();
      };
      const dialling = this.#origin.connect(local, {
        ...listeners,
        onAgreement: (agreement) => {
          if (this.#by === undefined) listeners.onAgreement(agreement);
        },
        onSent: (...sent) => {
          this.#dialogs = [];
          listeners.onSent(...sent);
        },
        onRinging: (early) => {
          if (early) this.#dialogs.push(early);
          listeners.onRinging?.(early);
        },
      });
      dialling.then(
        (dialog) =>
          settle(
            () => resolve(dialog),
            () => void dialog.hangup(),
          ),
        (error: Error) => settle(() => reject(error)),
      );
    });
  }

  /**
   * Somebody takes the place of the phone that rings, which then stops. Hung up on where the phone was faster.
   *
   * @throws as `connect`: then it rings on.
   */
  async take(by: string, connect: Connect): Promise<void> {
    const open = this.#open;
    let agreed: AudioAgreement | undefined;
    let won = false;
    const dialog = await connect((agreement) => {
      if (won) open?.listeners.onAgreement(agreement);
      else agreed = agreement;
    });
    if (!open || this.#open !== open) return dialog.hangup();
    this.#open = undefined;
    won = true;
    this.#by = by;
    this.#origin.giveUp(487, {});
    if (agreed) open.listeners.onAgreement(agreed);
    open.resolve(dialog);
  }
}
