import type { Cancel } from '../core/clock.js';
import { isValidKeys, type KeyedIn, type KeyRequest } from '../domain/key-collection.js';
import type { FreezableTimers } from './freezable-timers.js';

/** Who has keyed in too much presses on, says the last digit aloud, or comes by INFO behind the tone: it is nobody's to keep either. */
const HUSHED_AFTER_MS = 1_000;

export type KeyCollectorListener = {
  /** Asks again. */
  say(text: string): void;
  /** Whether from now on neither keys nor speech may be kept. */
  hush(hushed: boolean): void;
  /** What was asked for is known, or will not be: whoever asked has been told. */
  over(atMs: number): void;
};

type Collection = { request: KeyRequest; digits: string; tries: number; tell: (keyed: KeyedIn) => void };

/** Digits that were asked for, one number at a time: counted, timed, checked, and asked for again. */
export class KeyCollector {
  readonly #timers: FreezableTimers;
  readonly #nowMs: () => number;
  readonly #listener: KeyCollectorListener;
  #present: Collection | undefined;
  #closed = false;
  #listening = false;
  #hushed = false;
  #cancelWait: Cancel = () => undefined;
  #cancelHush: Cancel = () => undefined;

  constructor(timers: FreezableTimers, nowMs: () => number, listener: KeyCollectorListener) {
    this.#timers = timers;
    this.#nowMs = nowMs;
    this.#listener = listener;
  }

  get collecting(): boolean {
    return this.#present !== undefined;
  }

  /** Neither keys nor speech may be kept. */
  get hushed(): boolean {
    return this.#hushed;
  }

  /** Whoever begins has seen to it that the caller is asked. Resolves when it is over. */
  begin(request: KeyRequest): Promise<KeyedIn> {
    if (this.#closed) return Promise.resolve({ outcome: 'interrupted' });
    if (this.#present) return Promise.resolve({ outcome: 'busy' });
    if (request.masked) this.#hush(true);
    return new Promise((tell) => {
      this.#present = { request, digits: '', tries: 1, tell };
      this.#await();
    });
  }

  /** Time passes while nobody speaks. */
  listening(listening: boolean): void {
    this.#listening = listening;
    this.#await();
  }

  press(key: string, atMs: number): void {
    const present = this.#present;
    if (!present) {
      if (this.#hushed) this.#hushFor();
      return;
    }
    const { request } = present;
    if (key === request.finishKey) return this.#complete(present, atMs);
    if (key === '*') present.digits = '';
    else if (/^\d$/.test(key)) present.digits += key;
    if (present.digits.length >= request.maxLength) this.#complete(present, atMs);
    else this.#await();
  }

  /** The caller is to be answered instead. */
  interrupt(): void {
    if (this.#present) this.#end(this.#present, { outcome: 'interrupted' });
  }

  /** The call is over: nobody presses anything any more. */
  close(): void {
    this.#closed = true;
    this.interrupt();
  }

  #await(): void {
    this.#cancelWait();
    const present = this.#present;
    if (!present || !this.#listening) return;
    const { firstDigitTimeoutMs, interDigitTimeoutMs } = present.request;
    this.#cancelWait = this.#timers.schedule(present.digits === '' ? firstDigitTimeoutMs : interDigitTimeoutMs, () =>
      this.#complete(present, this.#nowMs()),
    );
  }

  #complete(present: Collection, atMs: number): void {
    const { digits, request } = present;
    if (isValidKeys(digits, request)) {
      this.#end(present, { outcome: 'complete', digits });
      return this.#listener.over(atMs);
    }
    const outcome = digits === '' ? 'nothing' : 'invalid';
    present.digits = '';
    if (present.tries > request.retries) {
      this.#end(present, { outcome });
      return this.#listener.over(atMs);
    }
    present.tries += 1;
    this.#listener.say(outcome === 'invalid' && request.invalidSay ? `${request.invalidSay} ${request.prompt}` : request.prompt);
  }

  #end({ request, tell }: Collection, keyed: KeyedIn): void {
    this.#present = undefined;
    this.#cancelWait();
    if (request.masked) this.#hushFor();
    tell(keyed);
  }

  #hushFor(): void {
    this.#cancelHush();
    this.#cancelHush = this.#timers.schedule(HUSHED_AFTER_MS, () => this.#hush(false));
  }

  #hush(hushed: boolean): void {
    this.#cancelHush();
    if (hushed === this.#hushed) return;
    this.#hushed = hushed;
    this.#listener.hush(hushed);
  }
}
