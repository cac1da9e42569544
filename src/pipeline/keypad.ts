import type { Cancel } from '../core/clock.js';
import { type AgentSettings, type DtmfRule, menuNamed } from '../domain/agent.js';
import { type KeyedIn, type KeyRequest, MASKED_KEY } from '../domain/key-collection.js';
import type { FreezableTimers } from './freezable-timers.js';
import { KeyCollector } from './key-collector.js';
import { KeyMenu } from './key-menu.js';
import { phrasesOf } from './language/phrases.js';

/** Between two keys of one number. */
const NEXT_DIGIT_MS = 3_000;
const MAX_DIGITS = 32;
/** Some gateways send one key press both as RFC 4733 and as INFO. */
const SAME_PRESS_MS = 500;

export type KeypadListener = {
  say(text: string, endCall: boolean, atMs: number): void;
  /** To be answered as if the caller had said it. */
  ask(text: string, atMs: number): void;
  /** Uses a tool, after these words where there are some. */
  use(tool: string, words: string | undefined, atMs: number): void;
  /** Whether from now on neither keys nor speech may be kept. */
  hush(hushed: boolean): void;
  /** Digits that were asked for are known, or will not be: whoever asked has been told. */
  collected(atMs: number): void;
  /** The caller has made no choice: it is as if there had been none. */
  left(): void;
};

/** What key presses do: what was asked for first, then the open menu, then the agent's rules; keys without a rule are collected into a number for the model. */
export class Keypad {
  readonly #timers: FreezableTimers;
  readonly #agent: AgentSettings;
  readonly #listener: KeypadListener;
  readonly #collector: KeyCollector;
  readonly #menu: KeyMenu;
  #digits = '';
  #cancelWait: Cancel = () => undefined;
  #last: { digit: string; source: string; atMs: number } | undefined;

  constructor(timers: FreezableTimers, nowMs: () => number, agent: AgentSettings, listener: KeypadListener) {
    this.#timers = timers;
    this.#agent = agent;
    this.#listener = listener;
    this.#collector = new KeyCollector(timers, nowMs, {
      say: (text) => listener.say(text, false, nowMs()),
      hush: (hushed) => listener.hush(hushed),
      over: (atMs) => listener.collected(atMs),
    });
    const toSay = { say: (text: string) => listener.say(text, false, nowMs()), left: () => listener.left() };
    this.#menu = new KeyMenu(timers, toSay, phrasesOf(agent.language).notAnOption);
  }

  /** Keys are waited for. */
  get collecting(): boolean {
    return this.#digits !== '' || this.#collector.collecting || this.#menu.open;
  }

  /** Neither keys nor speech may be kept. */
  get hushed(): boolean {
    return this.#collector.hushed;
  }

  /** What was asked for is complete, and what is pressed now is too much: to be overheard. */
  get ignoring(): boolean {
    return this.hushed && !this.#collector.collecting;
  }

  /** As it may be written down. */
  noted(digit: string): string {
    return this.hushed ? MASKED_KEY : digit;
  }

  /** Waits for digits that the caller has been asked for. */
  keyIn(request: KeyRequest): Promise<KeyedIn> {
    this.#menu.close();
    return this.#collector.begin(request);
  }

  /** Nobody speaks: it is the caller's turn, by keys or by voice. */
  listening(listening: boolean): void {
    this.#collector.listening(listening);
    this.#menu.listening(listening);
  }

  /** The caller is to be answered instead. */
  interrupt(): void {
    this.#menu.close();
    this.#collector.interrupt();
  }

  /** The call is over. */
  close(): void {
    this.#menu.close();
    this.#collector.close();
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
    if (this.#collector.collecting || this.hushed) return undefined;
    if (this.#menu.open) return this.#menu.ruleOf(digit);
    return this.#digits === '' ? this.#agent.dtmfRules[digit] : undefined;
  }

  press(digit: string, atMs: number): void {
    this.#cancelWait();
    if (this.#collector.collecting || this.hushed) return this.#collector.press(digit, atMs);
    const rule = this.ruleOf(digit);
    if (rule) return this.#follow(rule, atMs);
    if (this.#menu.open) return this.#menu.notAnOption();
    if (digit !== '#') this.#digits += digit;
    if (this.#digits === '') return;
    if (digit === '#' || this.#digits.length >= MAX_DIGITS) this.#handOver(atMs);
    else this.#cancelWait = this.#timers.schedule(NEXT_DIGIT_MS, () => this.#handOver(atMs));
  }

  #follow(rule: DtmfRule, atMs: number): void {
    this.#menu.close();
    const { say, intent, tool, endCall = false } = rule;
    if (intent !== undefined) {
      const named = this.#agent.script?.intents.find(({ name }) => name === intent);
      return this.#listener.ask(named?.phrases[0] ?? intent, atMs);
    }
    if (tool !== undefined) return this.#listener.use(tool, say, atMs);
    const menu = rule.menu ?? (rule.goto === undefined ? undefined : menuNamed(this.#agent.dtmfRules, rule.goto));
    if (!menu) return this.#listener.say(say ?? phrasesOf(this.#agent.language).goodbye, endCall, atMs);
    this.#menu.enter(menu);
    this.#listener.say(say === undefined ? menu.prompt : `${say} ${menu.prompt}`, false, atMs);
  }

  #handOver(atMs: number): void {
    const digits = this.#digits;
    this.#digits = '';
    this.#listener.ask(`[digits ${digits}]`, atMs);
  }
}
