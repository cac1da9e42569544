import type { Cancel } from '../core/clock.js';
import type { AgentSettings, DtmfRule } from '../domain/agent.js';
import type { FreezableTimers } from './freezable-timers.js';
import { PHRASES } from './phrases.js';

/** Between two keys of one number. */
const NEXT_DIGIT_MS = 3_000;
const MAX_DIGITS = 32;
/** Some gateways send one key press both as RFC 4733 and as INFO. */
const SAME_PRESS_MS = 500;

export type KeypadListener = {
  say(text: string, endCall: boolean, atMs: number): void;
  /** To be answered as if the caller had said it. */
  ask(text: string, atMs: number): void;
};

/** What key presses do: the agent's rules first; keys without a rule are collected into a number for the model. */
export class Keypad {
  readonly #timers: FreezableTimers;
  readonly #agent: AgentSettings;
  readonly #listener: KeypadListener;
  #digits = '';
  #cancelWait: Cancel = () => undefined;
  #last: { digit: string; source: string; atMs: number } | undefined;

  constructor(timers: FreezableTimers, agent: AgentSettings, listener: KeypadListener) {
    this.#timers = timers;
    this.#agent = agent;
    this.#listener = listener;
  }

  /** A number is being keyed in. */
  get collecting(): boolean {
    return this.#digits !== '';
  }

  /** Whether this press was already reported by another way. */
  isEcho(digit: string, source: string, atMs: number): boolean {
    const last = this.#last;
    if (last && last.digit === digit && last.source !== source && Math.abs(atMs - last.atMs) < SAME_PRESS_MS) {
      this.#last = undefined;
      return true;
    }
    this.#last = { digit, source, atMs };
    return false;
  }

  /** What a press means now; in a number that is being keyed in it is a digit of it. */
  ruleOf(digit: string): DtmfRule | undefined {
    return this.collecting ? undefined : this.#agent.dtmfRules[digit];
  }

  press(digit: string, atMs: number): void {
    this.#cancelWait();
    const rule = this.ruleOf(digit);
    if (rule?.intent !== undefined) {
      const intent = this.#agent.script?.intents.find(({ name }) => name === rule.intent);
      return this.#listener.ask(intent?.phrases[0] ?? rule.intent, atMs);
    }
    if (rule) return this.#listener.say(rule.say ?? PHRASES.goodbye, rule.endCall ?? false, atMs);
    if (digit !== '#') this.#digits += digit;
    if (!this.collecting) return;
    if (digit === '#' || this.#digits.length >= MAX_DIGITS) this.#handOver(atMs);
    else this.#cancelWait = this.#timers.schedule(NEXT_DIGIT_MS, () => this.#handOver(atMs));
  }

  #handOver(atMs: number): void {
    const digits = this.#digits;
    this.#digits = '';
    this.#listener.ask(`[digits ${digits}]`, atMs);
  }
}
