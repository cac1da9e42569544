import type { Clock } from '../core/clock.js';
import type { ConversationRecord } from '../domain/ports/conversation-record.js';
import type { ChatMessage } from '../domain/ports/speech.js';
import type { ConversationState, LiveEvent } from './live-event.js';
import type { TurnTimes } from './turn-times.js';

export type MinutesOptions = { clock: Clock; record: ConversationRecord; live?: ((event: LiveEvent) => void) | undefined };

/** Writes down one conversation: transcript and turns for the record, the model's history, and events for who watches. */
export class Minutes {
  readonly #options: MinutesOptions;
  readonly #messages: ChatMessage[] = [];
  readonly #answeredMs: number;

  /** Begins when the call was answered. */
  constructor(options: MinutesOptions) {
    this.#options = options;
    this.#answeredMs = options.clock.monotonicMs();
  }

  /** The model's view: what the caller said and what the caller heard. */
  get messages(): readonly ChatMessage[] {
    return [...this.#messages];
  }

  /** The caller's last words have had no answer yet. */
  get unanswered(): boolean {
    return this.#messages.at(-1)?.role === 'user';
  }

  addUserMessage(content: string): void {
    this.#messages.push({ role: 'user', content });
  }

  callerSaid(text: string, startMs: number, endMs: number): void {
    this.#entry('caller', { text, heardText: text, interrupted: false }, startMs, endMs);
    this.#speech('caller', text, true, false);
  }

  callerIsSaying(text: string): void {
    this.#speech('caller', text, false, false);
  }

  digit(digit: string, durationMs: number, atMs: number): void {
    const text = `[digit ${digit}]`;
    this.#entry('caller', { text, heardText: text, interrupted: false }, atMs, atMs + durationMs);
    this.#options.live?.({ type: 'digit', digit, atMs: this.#sinceAnswer(atMs) });
  }

  /** The agent stopped: `heardText` is what was sent of `text`. */
  agentSaid(said: { text: string; heardText: string; interrupted: boolean }, startMs: number, endMs: number): void {
    this.#entry('agent', said, startMs, endMs);
    if (said.heardText !== '') this.#messages.push({ role: 'assistant', content: said.heardText });
    this.#speech('agent', said.heardText, true, said.interrupted);
  }

  agentIsSaying(heardText: string): void {
    this.#speech('agent', heardText, false, false);
  }

  turn(times: TurnTimes, interrupted: boolean, bargeInMs: number | undefined): void {
    const turn = {
      cause: times.cause,
      originMs: this.#sinceAnswer(times.originMs),
      latency: times.latency(),
      interrupted,
      ...(bargeInMs === undefined ? {} : { bargeInMs: Math.round(bargeInMs) }),
    };
    this.#options.record.turn(turn);
    this.#options.live?.({ type: 'turn', turn, atMs: this.#now() });
  }

  state(state: ConversationState): void {
    this.#options.live?.({ type: 'state', state, atMs: this.#now() });
  }

  #entry(
    speaker: 'caller' | 'agent',
    said: { text: string; heardText: string; interrupted: boolean },
    startMs: number,
    endMs: number,
  ): void {
    const start = this.#sinceAnswer(startMs);
    this.#options.record.entry({ speaker, ...said, startMs: start, endMs: Math.max(start, this.#sinceAnswer(endMs)) });
  }

  #speech(speaker: 'caller' | 'agent', text: string, final: boolean, interrupted: boolean): void {
    this.#options.live?.({ type: 'speech', speaker, text, final, interrupted, atMs: this.#now() });
  }

  #now(): number {
    return this.#sinceAnswer(this.#options.clock.monotonicMs());
  }

  /** Whole milliseconds. Audio that arrived before the answer was sent counts as its moment. */
  #sinceAnswer(monotonicMs: number): number {
    return Math.max(0, Math.round(monotonicMs - this.#answeredMs));
  }
}
