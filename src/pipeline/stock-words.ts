import type { AgentSettings, DtmfRule } from '../domain/agent.js';
import type { SpeechToText } from '../domain/ports/speech.js';
import { type Phrases, phrasesOf } from './language/phrases.js';
import { keypadOffer } from './phrases.js';

const FAILURES_BEFORE_GOODBYE = 2;
const IDLE_MESSAGE_AFTER_MS = 8_000;
const IDLE_END_AFTER_MS = 16_000;

export type FixedWords = { text: string; endCall: boolean };

/** What the agent says where neither a rule nor the model has words for it, and how often it had to. */
export class StockWords {
  readonly #agent: AgentSettings;
  readonly #phrases: Phrases;
  readonly #stt: Pick<SpeechToText, 'understands'>;
  #keypadOffered = false;
  #failures = 0;
  #silences = 0;

  constructor(agent: AgentSettings, stt: Pick<SpeechToText, 'understands'>) {
    this.#agent = agent;
    this.#phrases = phrasesOf(agent.language);
    this.#stt = stt;
  }

  /** The providers have failed so often that the call ends. */
  get givenUp(): boolean {
    return this.#failures >= FAILURES_BEFORE_GOODBYE;
  }

  /** A model's answer was said to its end. */
  answered(): void {
    this.#failures = 0;
  }

  apology(): FixedWords {
    this.#failures += 1;
    return this.givenUp ? { text: this.#phrases.apologyGoodbye, endCall: true } : { text: this.#phrases.apology, endCall: false };
  }

  /** The caller gave a sign of life. */
  heard(): void {
    this.#silences = 0;
  }

  /** How much more silence is borne. */
  get silenceMs(): number {
    const { messageAfterMs, endAfterMs } = this.#idle;
    return this.#endsAtNextSilence ? endAfterMs - (this.#silences === 0 ? 0 : messageAfterMs) : messageAfterMs;
  }

  /** Into a silence that was that long. */
  silence(): FixedWords {
    const endCall = this.#endsAtNextSilence;
    this.#silences += 1;
    if (endCall) return { text: this.#phrases.silenceGoodbye, endCall };
    return { text: this.#agent.turnTaking?.idleMessage?.trim() || this.#phrases.silence, endCall };
  }

  get #endsAtNextSilence(): boolean {
    const { messageAfterMs, endAfterMs } = this.#idle;
    return this.#silences > 0 || endAfterMs <= messageAfterMs;
  }

  /** An agent that names one of the two keeps the usual distance to the other. */
  get #idle(): { messageAfterMs: number; endAfterMs: number } {
    const { idleMessageAfterMs: messageAfterMs = IDLE_MESSAGE_AFTER_MS, idleEndAfterMs } = this.#agent.turnTaking ?? {};
    const endAfterMs = idleEndAfterMs ?? messageAfterMs + IDLE_END_AFTER_MS - IDLE_MESSAGE_AFTER_MS;
    return { messageAfterMs, endAfterMs };
  }

  notUnderstood(): FixedWords {
    if (this.#stt.understands)
      return { text: this.#agent.script?.fallback.trim() || this.#phrases.notUnderstood, endCall: false };
    const firstTime = !this.#keypadOffered;
    this.#keypadOffered = true;
    return { text: keypadOffer(this.#agent, firstTime), endCall: false };
  }

  /** To somebody who asked not to be called again, by word or by the key of `rule`. Nothing is promised that was not done. */
  optedOut(result: 'listed' | 'number_unknown', rule?: DtmfRule): FixedWords {
    if (result === 'number_unknown') return { text: this.#phrases.numberUnknown, endCall: false };
    const { say, endCall = true } = { ...this.#agent.doNotCall, ...rule };
    return { text: say ?? (endCall ? `${this.#phrases.optedOut} ${this.#phrases.goodbye}` : this.#phrases.optedOut), endCall };
  }
}
