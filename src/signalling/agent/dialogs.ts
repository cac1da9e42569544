import type { Application } from './application.js';
import { type Dialog, dialogKey } from './dialog.js';

/** All dialogs, by what a message carries and by what applications say. */
export class Dialogs {
  readonly #byKey = new Map<string, Dialog>();
  readonly #byId = new Map<string, Dialog>();
  /** Reliable provisionals that the application has not acknowledged, by the dialogs' identifier. */
  readonly #unacknowledged = new Map<string, { rack: string; dialog: Dialog }[]>();

  get size(): number {
    return this.#byKey.size;
  }

  find(callId: string, localTag: string, remoteTag: string): Dialog | undefined {
    return this.#byKey.get(dialogKey(callId, localTag, remoteTag));
  }

  byId(id: string): Dialog | undefined {
    return this.#byId.get(id);
  }

  /** A fork's early dialog takes the identifier over unless a confirmed one has it. */
  add(dialog: Dialog): void {
    this.#byKey.set(dialog.key, dialog);
    if (this.#byId.get(dialog.id)?.state !== 'confirmed') this.#byId.set(dialog.id, dialog);
  }

  /** A reliable provisional came; `rack` is what its PRACK will say. */
  unacknowledged(dialog: Dialog, rack: string): void {
    this.#unacknowledged.set(dialog.id, [...(this.#unacknowledged.get(dialog.id) ?? []), { rack, dialog }]);
  }

  /** Whose provisional a PRACK is for, the earlier of two that say the same. */
  takeUnacknowledged(id: string, rack: string): Dialog | undefined {
    const waiting = this.#unacknowledged.get(id) ?? [];
    const found = waiting.find((each) => each.rack === rack.trim());
    if (found) this.#keep(id, (each) => each !== found);
    return found?.dialog;
  }

  #keep(id: string, stays: (each: { rack: string; dialog: Dialog }) => boolean): void {
    const left = (this.#unacknowledged.get(id) ?? []).filter(stays);
    if (left.length > 0) this.#unacknowledged.set(id, left);
    else this.#unacknowledged.delete(id);
  }

  confirm(dialog: Dialog): void {
    dialog.state = 'confirmed';
    this.#byId.set(dialog.id, dialog);
  }

  end(dialog: Dialog): void {
    if (dialog.state === 'ended') return;
    dialog.state = 'ended';
    this.#byKey.delete(dialog.key);
    if (this.#byId.get(dialog.id) === dialog) this.#byId.delete(dialog.id);
    this.#keep(dialog.id, (each) => each.dialog !== dialog);
    const wait = dialog.ackWait;
    dialog.ackWait = undefined;
    dialog.cancelForget?.();
    dialog.provisional?.stop();
    wait?.end();
  }

  /** Those of one application, or all. */
  ownedBy(owner: Application | undefined): Dialog[] {
    return [...this.#byKey.values()].filter((dialog) => owner === undefined || dialog.owner === owner);
  }
}
