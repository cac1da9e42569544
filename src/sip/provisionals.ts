import type { Headers, SrfResponse } from './srf-types.js';

type Waiting = { status: number; headers: Headers; body: string | undefined };

/**
 * The provisional responses to one INVITE, in order. After a reliable one the next waits for its PRACK (RFC 3262 section 3); the
 * signalling server repeats it meanwhile, and ends the call when none comes.
 */
export class Provisionals {
  readonly #response: SrfResponse;
  readonly #waiting: Waiting[] = [];
  #awaitsPrack = false;
  #onSettled: (() => void)[] = [];
  #reliable = false;

  constructor(response: SrfResponse) {
    this.#response = response;
  }

  /** Every reliable one was acknowledged, and there was one. */
  get settled(): boolean {
    return this.#reliable && !this.#awaitsPrack && this.#waiting.length === 0;
  }

  /** Resolves when none waits for its PRACK: a 2xx must not overtake a session description that may be lost. */
  get acknowledged(): Promise<void> {
    return this.#awaitsPrack ? new Promise((resolve) => this.#onSettled.push(resolve)) : Promise.resolve();
  }

  send(status: number, headers: Headers, body: string | undefined, reliable: boolean): void {
    this.#reliable = reliable;
    if (this.#awaitsPrack) this.#waiting.push({ status, headers, body });
    else this.#sendNow({ status, headers, body });
  }

  /** The one that was waited for is acknowledged, or will never be. */
  onPrack(): void {
    this.#awaitsPrack = false;
    const next = this.#waiting.shift();
    if (next) this.#sendNow(next);
    if (!this.#awaitsPrack) for (const resolve of this.#onSettled.splice(0)) resolve();
  }

  #sendNow({ status, headers, body }: Waiting): void {
    this.#awaitsPrack = this.#reliable;
    const required = this.#reliable ? { ...headers, Require: '100rel' } : headers;
    this.#response.send(status, { headers: required, ...(body !== undefined && { body }) });
  }
}
