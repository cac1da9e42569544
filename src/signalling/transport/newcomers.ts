/** Connections of one address that have not yet said anything whole: beyond this they are an attempt to hold places. */
const MOST_OF_ONE_ADDRESS = 32;

/** Counts connections that have not proved to speak SIP yet, by where they come from. */
export class Newcomers {
  readonly #byAddress = new Map<string, number>();

  /** @returns what is called once, when the connection has proved itself or is gone; undefined: one too many. */
  admit(address: string): (() => void) | undefined {
    const count = this.#byAddress.get(address) ?? 0;
    if (count >= MOST_OF_ONE_ADDRESS) return undefined;
    this.#byAddress.set(address, count + 1);
    let counted = true;
    return () => {
      if (!counted) return;
      counted = false;
      const left = (this.#byAddress.get(address) ?? 1) - 1;
      if (left === 0) this.#byAddress.delete(address);
      else this.#byAddress.set(address, left);
    };
  }
}
