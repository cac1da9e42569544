import type { Cancel } from '../core/clock.js';
import type { DtmfMenu, DtmfRule } from '../domain/agent.js';
import type { FreezableTimers } from './freezable-timers.js';

const TIMEOUT_MS = 8_000;
const RETRIES = 2;

export type KeyMenuListener = {
  /** Asks again. */
  say(text: string): void;
  /** There was no choice, however often it was asked for. */
  left(): void;
};

/** The menu that the caller is in, if any: which keys count, and how often it is read out. */
export class KeyMenu {
  readonly #timers: FreezableTimers;
  readonly #listener: KeyMenuListener;
  readonly #notAnOption: string;
  #menu: DtmfMenu | undefined;
  #readings = 0;
  #cancelWait: Cancel = () => undefined;

  /** `notAnOption`: said where the menu has no words for it. */
  constructor(timers: FreezableTimers, listener: KeyMenuListener, notAnOption: string) {
    this.#timers = timers;
    this.#notAnOption = notAnOption;
    this.#listener = listener;
  }

  get open(): boolean {
    return this.#menu !== undefined;
  }

  ruleOf(key: string): DtmfRule | undefined {
    return this.#menu?.options[key];
  }

  /** Whoever enters it reads the prompt out. */
  enter(menu: DtmfMenu): void {
    this.#menu = menu;
    this.#readings = 1;
  }

  close(): void {
    this.#menu = undefined;
    this.#cancelWait();
  }

  /** Time passes while nobody speaks. */
  listening(listening: boolean): void {
    this.#cancelWait();
    const menu = this.#menu;
    if (menu && listening) {
      this.#cancelWait = this.#timers.schedule(menu.timeoutMs ?? TIMEOUT_MS, () => this.#again(menu, ''));
    }
  }

  notAnOption(): void {
    if (this.#menu) this.#again(this.#menu, `${this.#menu.invalidSay ?? this.#notAnOption} `);
  }

  #again(menu: DtmfMenu, lead: string): void {
    if (this.#readings > (menu.retries ?? RETRIES)) {
      this.close();
      return this.#listener.left();
    }
    this.#readings += 1;
    this.#listener.say(lead + menu.prompt);
  }
}
