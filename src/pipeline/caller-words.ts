import type { AgentFloor } from './agent-floor.js';
import type { CallerTurn } from './caller-floor.js';
import type { KeptWords } from './kept-words.js';
import type { Keypad } from './keypad.js';
import type { ConversationState } from './live-event.js';
import type { Minutes, OptOutResult } from './minutes.js';
import { Overheard } from './overheard.js';
import { isGreeting } from './spoken-words.js';
import type { StockWords } from './stock-words.js';
import { TurnTimes } from './turn-times.js';

export type CallerWordsDeps = {
  /** The agent's, as a BCP 47 tag. */
  language: string;
  /** They were called: what they say first is answered by the greeting. */
  calledOut: boolean;
  keypad: Pick<Keypad, 'interrupt'>;
  kept: KeptWords;
  stock: StockWords;
  /** There from the beginning of the conversation. */
  minutes: () => Minutes;
  agent: () => AgentFloor;
  state: () => ConversationState;
  /** Stops the agent where it is. */
  cut: () => void;
  /** Says what was kept. */
  sayKept: () => void;
  /** It is the caller's turn. */
  listen: () => void;
};

/** What the caller has said: it is written down and answered, or taken up when the agent is done. */
export class CallerWords {
  readonly #deps: CallerWordsDeps;
  readonly #overheard: Overheard;
  /** What waits until the agent has said that it is there. */
  #waiting: (() => void) | undefined;

  constructor(deps: CallerWordsDeps) {
    this.#deps = deps;
    this.#overheard = new Overheard(deps.language);
  }

  heard(turn: CallerTurn): void {
    const { minutes, agent, keypad, state, calledOut, language } = this.#deps;
    const speaking = state() === 'agent_speaking';
    if (speaking && turn.text === '') {
      if (agent().holdsOn && turn.confirmed) this.later(() => this.heard(turn));
      return;
    }
    const noted = turn.text !== '' || turn.confirmed;
    const optOut = noted ? minutes().callerSaid(turn.text, turn.startMs, turn.lastPacketMs) : undefined;
    if (optOut) return this.#confirmOptOut(optOut, turn);
    if (!speaking && turn.text !== '') keypad.interrupt();
    if (!speaking) return this.#answer(turn);
    if (agent().holdsOn) return this.#overheard.keep(turn);
    const { reply } = agent();
    const greetsBack = calledOut && reply?.times.cause === 'greeting' && isGreeting(turn.text, language);
    if (!greetsBack) this.#overheard.hear(turn, reply);
  }

  /** Comes when the agent, which only says that it is there, has done so; never when the caller cuts it short. */
  later(task: () => void): void {
    this.#waiting = task;
  }

  /** The agent has said so. */
  takeWaiting(): (() => void) | undefined {
    const task = this.#waiting;
    this.#waiting = undefined;
    return task;
  }

  /** The agent has stopped: what was said over it follows. Returns the last of it. */
  takeOverheard(): CallerTurn | undefined {
    return this.#overheard.takeInto(this.#deps.minutes());
  }

  #answer(turn: CallerTurn): void {
    const { minutes, agent, kept, stock, language, calledOut, sayKept, listen } = this.#deps;
    if (turn.text !== '') minutes().addUserMessage(turn.text, turn.heardAs);
    // Whoever says "hello" before the greeting came is greeted.
    const { fixed } = kept;
    const isFirst = calledOut || turn.text === '' || isGreeting(turn.text, language);
    if (fixed?.cause === 'greeting' && isFirst) return sayKept();
    const times = TurnTimes.ofSpeech(turn);
    if (minutes().unanswered) agent().ask(times);
    else if (turn.confirmed) agent().say(stock.notUnderstood(), times);
    else if (fixed) sayKept();
    else listen();
  }

  /** Fixed words, whatever model the agent has: a wish that is binding is not left to one. */
  #confirmOptOut(result: NonNullable<OptOutResult>, turn: CallerTurn): void {
    const { minutes, agent, stock, state, cut } = this.#deps;
    if (state() === 'agent_speaking') cut();
    minutes().addUserMessage(turn.text, turn.heardAs);
    agent().say(stock.optedOut(result), TurnTimes.ofSpeech(turn));
  }
}
