/** Tells everything that hangs on the connection to the signalling server when it is gone. */
export class SignallingLink {
  readonly #listeners = new Set<() => void>();

  /** Returns what takes the listener away again. */
  onLost(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  lost(): void {
    for (const listener of this.#listeners) listener();
  }
}
