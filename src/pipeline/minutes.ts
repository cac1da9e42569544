import type { Clock } from '../core/clock.js';
import type { Speaker } from '../domain/call.js';
import type { OptOutSource } from '../domain/do-not-call.js';
import type { OptOutPhrases } from '../domain/opt-out.js';
import type { ConversationRecord } from '../domain/ports/conversation-record.js';
import type { ChatMessage, ToolCall } from '../domain/ports/speech.js';
import type { ConversationState, LiveEvent } from './live-event.js';
import type { TurnTimes } from './turn-times.js';

export type MinutesOptions = {
  clock: Clock;
  record: ConversationRecord;
  live?: ((event: LiveEvent) => void) | undefined;
  /** By which somebody asks not to be called again. */
  optOut: Pick<OptOutPhrases, 'matches'>;
  /** What was said before, by others. */
  before?: readonly ChatMessage[] | undefined;
};

/** Whose words ours are. */
type OurSpeaker = Exclude<Speaker, 'caller'>;
export type AgentWords = {
  speaker: OurSpeaker;
  text: string;
  heardText: string;
  answer: string;
  interrupted: boolean;
  /** What a model that said it by itself knows it by. */
  spokenAs?: readonly string[] | undefined;
};

/** What became of the wish not to be called again, where there was one. */
export type OptOutResult = 'listed' | 'number_unknown' | undefined;

/** Writes down one conversation: transcript and turns for the record, the model's history, and events for who watches. */
export class Minutes {
  readonly #options: MinutesOptions;
  #messages: ChatMessage[];
  readonly #answeredMs: number;
  /** The caller's next words belong to the last ones. */
  #goesOn = false;

  /** Begins when the call was answered. */
  constructor(options: MinutesOptions) {
    this.#options = options;
    this.#messages = [...(options.before ?? [])];
    this.#answeredMs = options.clock.monotonicMs();
  }

  /** The model's view: what the caller said and what the caller heard. */
  get messages(): readonly ChatMessage[] {
    return [...this.#messages];
  }

  /** The caller's last words, or what a tool came to, have had no answer yet. */
  get unanswered(): boolean {
    const role = this.#messages.at(-1)?.role;
    return role === 'user' || role === 'tool';
  }

  /** `heardAs`: what a model that heard it itself knows it by. */
  addUserMessage(content: string, heardAs?: readonly string[]): void {
    this.#messages = this.messagesWith(content, heardAs);
    this.#goesOn = false;
  }

  /** What `messages` will be after `addUserMessage`. */
  messagesWith(content: string, heardAs?: readonly string[]): ChatMessage[] {
    const last = this.#messages.at(-1);
    if (!this.#goesOn || last?.role !== 'user')
      return [...this.#messages, { role: 'user', content, ...(heardAs && { heardAs }) }];
    const utterances = [...(last.utterances ?? [last.content]), content];
    const both = last.heardAs && heardAs && [...last.heardAs, ...heardAs];
    return [
      ...this.#messages.slice(0, -1),
      { role: 'user', content: utterances.join(' '), utterances, ...(both && { heardAs: both }) },
    ];
  }

  /** The caller was not done: what was heard of the answer stays in the transcript alone, and what comes now is the rest of their words. */
  takeBackAnswer(): void {
    const last = this.#messages.at(-1);
    if (last?.role === 'assistant' && !last.toolCalls && this.#messages.at(-2)?.role === 'user') this.#messages.pop();
    this.#goesOn = this.#messages.at(-1)?.role === 'user';
  }

  /** What the model had done, and what came of it. */
  addToolMessages(toolCalls: readonly ToolCall[], results: readonly ChatMessage[]): void {
    this.#messages.push({ role: 'assistant', content: '', toolCalls }, ...results);
  }

  callerSaid(text: string, startMs: number, endMs: number): OptOutResult {
    const source = this.#options.optOut.matches(text) ? 'caller_voice' : undefined;
    const result = this.#callerEntry(text, startMs, endMs, source);
    this.#speech('caller', text, true, false);
    return result;
  }

  callerIsSaying(text: string): void {
    this.#speech('caller', text, false, false);
  }

  /** `optsOut`: the key stands for the wish not to be called again. */
  digit(digit: string, durationMs: number, atMs: number, optsOut: boolean): OptOutResult {
    const source = optsOut ? 'caller_dtmf' : undefined;
    const result = this.#callerEntry(`[digit ${digit}]`, atMs, atMs + durationMs, source);
    this.#options.live?.({ type: 'digit', digit, atMs: this.#sinceAnswer(atMs) });
    return result;
  }

  /** The agent stopped: `heardText` is what was sent of `text`, `answer` what of that is more than a filler. */
  agentSaid(said: AgentWords, startMs: number, endMs: number): void {
    const { answer, spokenAs, ...entry } = said;
    this.#options.record.entry({ ...entry, ...this.#span(startMs, endMs) });
    if (answer !== '') this.#messages.push({ role: 'assistant', content: answer, ...(spokenAs && { spokenAs }) });
    this.#speech(said.speaker, said.heardText, true, said.interrupted);
  }

  agentIsSaying(heardText: string, speaker: OurSpeaker): void {
    this.#speech(speaker, heardText, false, false);
  }

  /** With their own voice. The model is to go on with it as if it had been the agent. */
  operatorSaid(text: string, startMs: number, endMs: number): void {
    const said = { speaker: 'operator', text, heardText: text, answer: text, interrupted: false } as const;
    this.agentSaid(said, startMs, endMs);
  }

  suggested(text: string): void {
    this.#options.live?.({ type: 'suggestion', text, atMs: this.#now() });
  }

  turn(times: TurnTimes, interrupted: boolean, bargeInMs: number | undefined): void {
    const { doneProbability } = times;
    const speculation = times.speculation?.();
    const turn = {
      cause: times.cause,
      originMs: this.#sinceAnswer(times.originMs),
      latency: times.latency(),
      interrupted,
      ...(Object.keys(times.providers).length === 0 ? {} : { providers: times.providers }),
      ...(times.sources.length === 0 ? {} : { sources: times.sources }),
      ...(speculation && speculation.attempts > 0 ? { speculation } : {}),
      ...(doneProbability === undefined ? {} : { doneProbability }),
      ...(bargeInMs === undefined ? {} : { bargeInMs: Math.round(bargeInMs) }),
    };
    this.#options.record.turn(turn);
    this.#options.live?.({ type: 'turn', turn, atMs: this.#now() });
  }

  state(state: ConversationState): void {
    this.#options.live?.({ type: 'state', state, atMs: this.#now() });
  }

  #callerEntry(text: string, startMs: number, endMs: number, optOut: OptOutSource | undefined): OptOutResult {
    const { record } = this.#options;
    const entry = { speaker: 'caller', text, heardText: text, interrupted: false, ...this.#span(startMs, endMs) } as const;
    if (optOut) return record.optOut(entry, optOut) ? 'listed' : 'number_unknown';
    record.entry(entry);
    return undefined;
  }

  #span(fromMs: number, toMs: number): { startMs: number; endMs: number } {
    const startMs = this.#sinceAnswer(fromMs);
    return { startMs, endMs: Math.max(startMs, this.#sinceAnswer(toMs)) };
  }

  #speech(speaker: Speaker, text: string, final: boolean, interrupted: boolean): void {
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
