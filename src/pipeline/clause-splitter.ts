/** The first clause is let go early, so that the agent begins to speak while the rest is being written. */
const FIRST_MIN_CHARS = 8;
const MIN_CHARS = 24;
/** A comma ends a later clause only when it has become long. */
const COMMA_MIN_CHARS = 80;
/** Text without punctuation is cut between words. */
const MAX_CHARS = 220;
const FIRST_MAX_CHARS = 90;

const ABBREVIATION = /(?:^|[\s(])(?:mr|mrs|ms|dr|st|no|vs|etc|approx|prof|e\.g|i\.e|a\.m|p\.m|[a-z]|\d{1,2})\.$/i;

/** Cuts a stream of text into pieces that can be spoken on their own. Loses no text but white space between clauses. */
export class ClauseSplitter {
  #pending = '';
  #first = true;

  /** Takes the next piece of the stream and returns the clauses it completed. */
  push(text: string): string[] {
    this.#pending += text;
    const clauses: string[] = [];
    for (let end = this.#end(); end > 0; end = this.#end()) this.#take(end, clauses);
    return clauses;
  }

  /** The stream is over: what is left is a clause. */
  flush(): string[] {
    const clauses: string[] = [];
    this.#take(this.#pending.length, clauses);
    return clauses;
  }

  #take(end: number, clauses: string[]): void {
    const clause = this.#pending.slice(0, end).replace(/\s+/g, ' ').trim();
    this.#pending = this.#pending.slice(end).trimStart();
    if (clause === '') return;
    clauses.push(clause);
    this.#first = false;
  }

  /** Where the first complete clause ends, or 0. Punctuation counts once white space follows: before that, `3.` may become `3.5`. */
  #end(): number {
    const text = this.#pending;
    for (const match of text.matchAll(/[.!?…:;,。！？][")'\]]*(?=\s)|\n/gu)) {
      const end = match.index + match[0].length;
      if (this.#ends(match[0].charAt(0), end)) return end;
    }
    const max = this.#first ? FIRST_MAX_CHARS : MAX_CHARS;
    if (text.length <= max) return 0;
    const space = text.lastIndexOf(' ', max);
    return space > 0 ? space : max;
  }

  #ends(mark: string, end: number): boolean {
    const min = this.#first ? FIRST_MIN_CHARS : MIN_CHARS;
    if (end < min) return false;
    if (mark === ',') return this.#first || end >= COMMA_MIN_CHARS;
    return mark !== '.' || !ABBREVIATION.test(this.#pending.slice(0, end));
  }
}
