import { splitList } from './text.js';

export type HeaderLine = { readonly name: string; readonly value: string };

/** Header lines in order. Names are canonical (see `canonicalHeaderName`); a line may still hold a comma-separated list. */
export class Headers {
  #lines: HeaderLine[];

  constructor(lines: readonly HeaderLine[] = []) {
    this.#lines = [...lines];
  }

  [Symbol.iterator](): IterableIterator<HeaderLine> {
    return this.#lines[Symbol.iterator]();
  }

  get(name: string): string | undefined {
    return this.#lines.find((line) => line.name === name)?.value;
  }

  count(name: string): number {
    let count = 0;
    for (const line of this.#lines) if (line.name === name) count += 1;
    return count;
  }

  /** Every value of a list header, whether it came on one line or on many. */
  list(name: string): string[] {
    return this.#lines.filter((line) => line.name === name).flatMap((line) => splitList(line.value));
  }

  /** Option tags and the like, in lower case. */
  hasOption(name: string, option: string): boolean {
    return this.list(name).some((value) => value.toLowerCase() === option);
  }

  append(name: string, value: string): void {
    this.#lines.push({ name, value });
  }

  prepend(name: string, value: string): void {
    this.#lines.unshift({ name, value });
  }

  /** Replaces the first line of that name, removes the others; appends when there was none. */
  set(name: string, value: string): void {
    const at = this.#lines.findIndex((line) => line.name === name);
    if (at < 0) {
      this.append(name, value);
      return;
    }
    this.#lines = this.#lines.filter((line, index) => line.name !== name || index === at);
    this.#lines[at] = { name, value };
  }

  remove(name: string): void {
    this.#lines = this.#lines.filter((line) => line.name !== name);
  }

  /** Replaces only the first value of a list header, keeping the order of the rest. */
  replaceFirst(name: string, value: string): void {
    const at = this.#lines.findIndex((line) => line.name === name);
    const line = this.#lines[at];
    if (!line) return;
    const rest = splitList(line.value).slice(1);
    this.#lines[at] = { name, value: [value, ...rest].join(', ') };
  }
}
