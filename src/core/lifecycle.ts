/** Closes what was opened, last first. One failure does not keep the rest open; the first is thrown at the end. */
export class CloseStack {
  readonly #closers: (() => Promise<void> | void)[] = [];
  #closing: Promise<void> | undefined;

  push(close: () => Promise<void> | void): void {
    this.#closers.push(close);
  }

  /** Idempotent: later calls return the first one's promise. */
  close(): Promise<void> {
    this.#closing ??= this.#run();
    return this.#closing;
  }

  async #run(): Promise<void> {
    const failures: unknown[] = [];
    for (const close of this.#closers.toReversed()) {
      try {
        await close();
      } catch (thrown) {
        failures.push(thrown);
      }
    }
    if (failures.length > 0) throw failures[0];
  }
}
