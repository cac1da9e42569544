import type { RedirectRules } from '../domain/call-setup.js';
import { hostOfUri } from '../domain/party.js';

/** Of whoever was reached and does not want the call: nobody else is asked (RFC 3261 section 21.6). */
const FINAL = (sipCode: number): boolean => sipCode === 486 || sipCode === 487 || sipCode >= 600;

export type Redirection = { uri: string; sameHost: boolean };

/** Where 3xx responses may send one call, in order and each once (RFC 3261 section 8.1.3.4). */
export class RedirectTargets {
  readonly #host: string | undefined;
  readonly #rules: RedirectRules;
  readonly #mayCall: (uri: string) => boolean;
  readonly #seen: Set<string>;
  #waiting: string[] = [];
  #followed = 0;

  /** `mayCall`: whether a URI names nobody who must not be called. */
  constructor(uri: string, rules: RedirectRules | undefined, mayCall: (uri: string) => boolean) {
    this.#host = hostOfUri(uri);
    this.#rules = rules ?? { policy: 'refuse', max: 0 };
    this.#mayCall = mayCall;
    this.#seen = new Set([uri]);
  }

  /** An attempt has failed; `contacts` are those of a 3xx. Undefined when nothing is left to try. */
  after(sipCode: number, contacts: readonly string[]): Redirection | undefined {
    if (FINAL(sipCode) || this.#followed >= this.#rules.max) return undefined;
    // What a target points to goes before what is left of those that pointed to it.
    this.#waiting = [...contacts.filter((uri) => this.#admits(uri)), ...this.#waiting];
    const uri = this.#waiting.shift();
    if (uri === undefined) return undefined;
    this.#followed += 1;
    return { uri, sameHost: hostOfUri(uri) === this.#host };
  }

  #admits(uri: string): boolean {
    const { policy } = this.#rules;
    if (policy === 'refuse' || this.#seen.has(uri)) return false;
    this.#seen.add(uri);
    return (policy === 'follow' || hostOfUri(uri) === this.#host) && this.#mayCall(uri);
  }
}
