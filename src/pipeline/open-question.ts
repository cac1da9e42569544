import type { Expectation } from '../domain/expectation.js';
import { askedFor } from './language/questions.js';

export type OpenQuestionOptions = {
  language: string;
  /** What the agent's tools know of the question that these words end with. */
  asksFor: (words: string) => Expectation | undefined;
  onExpect: (expectation: Expectation) => void;
};

/** What the agent has asked the caller for: as a script or a tool puts it, else as its words tell. */
export class OpenQuestion {
  readonly #options: OpenQuestionOptions;
  #stands: Expectation | undefined;
  /** Within the present reply, and not by its words. */
  #told = false;

  constructor(options: OpenQuestionOptions) {
    this.#options = options;
  }

  /** A reply begins, and all expectations with it are forgotten. `repeats`: it only asks for the same again. */
  begin(repeats: boolean): void {
    this.#told = false;
    if (!repeats) this.#stands = undefined;
    else if (this.#stands) this.#options.onExpect(this.#stands);
  }

  /** Somebody who knows says what it is. */
  tell(expectation: Expectation): void {
    this.#told = true;
    this.#expect(expectation);
  }

  /** These words of the agent were heard. */
  heard(words: string): void {
    if (this.#told) return;
    const { language, asksFor } = this.#options;
    const asked = asksFor(words) ?? askedFor(words, language);
    if (asked) this.#expect(asked);
  }

  #expect(expectation: Expectation): void {
    this.#stands = expectation;
    this.#options.onExpect(expectation);
  }
}
