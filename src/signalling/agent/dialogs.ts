import type { Application } from './application.js';
import { type Dialog, dialogKey } from './dialog.js';

/** All dialogs, by what a message carries and by what applications say. */
export class Dialogs {
  readonly #byKey = new Map<string, Dialog>();
  readonly #byId = new Map<string, Dialog>();

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

  confirm(dialog: Dialog): void {
    dialog.state = 'confirmed';
    this.#byId.set(dialog.id, dialog);
  }

  end(dialog: Dialog): void {
    if (dialog.state === 'ended') return;
    dialog.state = 'ended';
    this.#byKey.delete(dialog.key);
    if (this.#byId.get(dialog.id) === dialog) this.#byId.delete(dialog.id);
    const wait = dialog.ackWait;
    dialog.ackWait = undefined;
    dialog.provisional?.stop();
    dialog.sessionTimer?.stop();
    wait?.end();
  }

  /** Those of one application, or all. */
  ownedBy(owner: Application | undefined): Dialog[] {
    return [...this.#byKey.values()].filter((dialog) => owner === undefined || dialog.owner === owner);
  }
}
