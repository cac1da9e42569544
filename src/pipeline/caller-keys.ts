import type { Clock } from '../core/clock.js';
import type { AgentSettings } from '../domain/agent.js';
import type { AgentFloor } from './agent-floor.js';
import type { BargeIn } from './barge-in.js';
import type { CallerFloor } from './caller-floor.js';
import type { FreezableTimers } from './freezable-timers.js';
import type { IdleTimer } from './idle-timer.js';
import { Keypad } from './keypad.js';
import type { ConversationState } from './live-event.js';
import type { Minutes } from './minutes.js';
import type { StockWords } from './stock-words.js';
import { TurnTimes } from './turn-times.js';

export type CallerKeysDeps = {
  clock: Clock;
  timers: FreezableTimers;
  settings: AgentSettings;
  floor: CallerFloor;
  bargeIn: BargeIn;
  idle: IdleTimer;
  stock: StockWords;
  /** There from the beginning of the conversation. */
  minutes: () => Minutes;
  agent: () => AgentFloor;
  state: () => ConversationState;
  /** No last words are being said. */
  goesOn: () => boolean;
  /** Takes the floor from the caller. */
  takeFloor: () => void;
  /** Whatever is said or was about to be said is over, on both sides. */
  silence: () => void;
  hush: ((hushed: boolean) => void) | undefined;
};

/** The caller's keys in a conversation: a press is written down, stops whoever speaks, and does what it stands for. */
export class CallerKeys {
  readonly keypad: Keypad;
  readonly #deps: CallerKeysDeps;

  constructor(deps: CallerKeysDeps) {
    this.#deps = deps;
    const { timers, clock, settings, agent } = deps;
    this.keypad = new Keypad(timers, () => clock.monotonicMs(), settings, {
      say: (text, endCall, atMs) => agent().say({ text, endCall }, new TurnTimes('digit', atMs)),
      ask: (text, atMs) => {
        deps.minutes().addUserMessage(text);
        this.#ask(atMs);
      },
      use: (tool, words, atMs) => agent().use(tool, words, new TurnTimes('digit', atMs)),
      hush: (hushed) => this.#hush(hushed),
      collected: (atMs) => this.#ask(atMs),
      left: () => deps.idle.run(),
    });
  }

  press(digit: string, durationMs: number, atMs: number, source: 'rtp' | 'info'): void {
    const { keypad } = this;
    const { minutes, agent, stock, idle, goesOn, takeFloor, silence } = this.#deps;
    if (keypad.isEcho(digit, source, atMs)) return;
    takeFloor();
    const rule = keypad.ruleOf(digit);
    const optOut = minutes().digit(keypad.noted(digit), durationMs, atMs, rule?.action === 'do_not_call');
    if (keypad.ignoring) return keypad.press(digit, atMs);
    if (!goesOn()) return;
    stock.heard();
    idle.reset();
    silence();
    if (optOut) return agent().say(stock.optedOut(optOut, rule), new TurnTimes('digit', atMs));
    keypad.press(digit, atMs);
    if (keypad.collecting) idle.stop();
  }

  /** What keys have asked for, or were asked for, is the model's to answer. */
  #ask(atMs: number): void {
    if (this.#deps.state() === 'listening') this.#deps.agent().ask(new TurnTimes('digit', atMs));
  }

  /** What the caller says meanwhile is not listened to: somebody may read a number out while keying it in. */
  #hush(hushed: boolean): void {
    const { state, silence, takeFloor, bargeIn, floor, hush } = this.#deps;
    if (hushed && state() === 'caller_speaking') silence();
    else if (hushed) takeFloor();
    bargeIn.reset();
    floor.forget();
    hush?.(hushed);
  }
}
