/** Lets so many run at once and so many wait, in order; turns away what comes on top. */
export class Turnstile {
  readonly #limits: { parallel: number; waiting: number };
  #running = 0;
  readonly #waiting: (() => void)[] = [];

  constructor(limits: { parallel: number; waiting: number }) {
    this.#limits = limits;
  }

  /** Undefined when there is no room to wait. */
  run<T>(work: () => Promise<T>): Promise<T> | undefined {
    if (this.#running < this.#limits.parallel) {
      this.#running += 1;
      return this.#pass(work);
    }
    if (this.#waiting.length >= this.#limits.waiting) return undefined;
    return new Promise<void>((resolve) => this.#waiting.push(resolve)).then(() => this.#pass(work));
  }

  async #pass<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } finally {
      // The place goes to the next in line before anybody else can take it.
      const next = this.#waiting.shift();
      if (next) next();
      else this.#running -= 1;
    }
  }
}
