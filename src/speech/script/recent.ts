/** Things made from a text, as long as the text was among the last that were asked for. */
export class Recent<T> {
  readonly #limit: number;
  readonly #make: (text: string) => T;
  readonly #drop: (made: T) => void;
  /** Least recently used first. */
  readonly #made = new Map<string, T>();

  constructor(limit: number, make: (text: string) => T, drop: (made: T) => void = () => {}) {
    this.#limit = limit;
    this.#make = make;
    this.#drop = drop;
  }

  get(text: string): T {
    const made = this.#made.get(text) ?? this.#make(text);
    this.#made.delete(text);
    this.#made.set(text, made);
    for (const [oldest, gone] of this.#made) {
      if (this.#made.size <= this.#limit) break;
      this.#made.delete(oldest);
      this.#drop(gone);
    }
    return made;
  }

  clear(): void {
    for (const made of this.#made.values()) this.#drop(made);
    this.#made.clear();
  }
}
