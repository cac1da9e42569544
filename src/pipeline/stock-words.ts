import type { AgentSettings, DtmfRule } from '../domain/agent.js';
import type { SpeechToText } from '../domain/ports/speech.js';
import { keypadOffer, PHRASES } from './phrases.js';

const FAILURES_BEFORE_GOODBYE = 2;

export type FixedWords = { text: string; endCall: boolean };

/** What the agent says where neither a rule nor the model has words for it, and how often it had to. */
export class StockWords {
  readonly #agent: AgentSettings;
  readonly #stt: Pick<SpeechToText, 'understands'>;
  #keypadOffered = false;
  #failures = 0;
  #silences = 0;

  constructor(agent: AgentSettings, stt: Pick<SpeechToText, 'understands'>) {
    this.#agent = agent;
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
    return this.givenUp ? { text: PHRASES.apologyGoodbye, endCall: true } : { text: PHRASES.apology, endCall: false };
  }

  /** The caller gave a sign of life. */
  heard(): void {
    this.#silences = 0;
  }

  silence(): FixedWords {
    this.#silences += 1;
    return this.#silences === 1 ? { text: PHRASES.silence, endCall: false } : { text: PHRASES.silenceGoodbye, endCall: true };
  }

  notUnderstood(): FixedWords {
    if (this.#stt.understands) return { text: this.#agent.script?.fallback.trim() || PHRASES.notUnderstood, endCall: false };
    const firstTime = !this.#keypadOffered;
    this.#keypadOffered = true;
    return { text: keypadOffer(this.#agent, firstTime), endCall: false };
  }

  /** To somebody who asked not to be called again, by word or by the key of `rule`. Nothing is promised that was not done. */
  optedOut(result: 'listed' | 'number_unknown', rule?: DtmfRule): FixedWords {
    if (result === 'number_unknown') return { text: PHRASES.numberUnknown, endCall: false };
    const { say, endCall = true } = { ...this.#agent.doNotCall, ...rule };
    return { text: say ?? (endCall ? `${PHRASES.optedOut} ${PHRASES.goodbye}` : PHRASES.optedOut), endCall };
  }
}
