import type { Clock } from '../core/clock.js';
import { AppError, toError } from '../core/errors.js';
import { background, type Logger } from '../core/log.js';
import type { AgentSettings } from '../domain/agent.js';
import type { Expectation } from '../domain/expectation.js';
import { fillPlaceholders, type Values } from '../domain/placeholders.js';
import { AUDIO_RATE_HZ, type Playout } from '../domain/ports/media.js';
import {
  type ChatMessage,
  END_CALL_TOOL,
  type LanguageModel,
  type ReplyEvent,
  type TextToSpeech,
  type ToolCall,
  type ToolDefinition,
} from '../domain/ports/speech.js';
import { ClauseSplitter } from './clause-splitter.js';
import { within } from './deadline.js';
import { HeardLedger } from './heard-ledger.js';
import { PHRASES } from './phrases.js';
import type { ToolRuns } from './tool-runs.js';
import type { TurnTimes } from './turn-times.js';

const TEXT_WITHIN_MS = 8_000;
const AUDIO_WITHIN_MS = 5_000;
/** Clauses synthesised ahead of the one being heard: enough to hide the synthesiser, little to throw away at an interruption. */
const CLAUSES_AHEAD = 2;
/** A model that calls tools again and again is asked for words alone after so many times. */
const MAX_TOOL_ROUNDS = 5;

const SILENCE: Promise<void> = Promise.resolve();

/** What the agent is to say: words that are known (`binding`: to be heard to their end, whatever the caller says), audio that was recorded (`text` stands for it in the transcript), or words of a model. */
export type ReplySource =
  | { type: 'text'; text: string; endCall: boolean; binding?: boolean | undefined }
  | { type: 'audio'; text: string; pcm: Int16Array; rateHz: number }
  | { type: 'model'; llm: LanguageModel; tools: ToolRuns };

export type ReplyListener = {
  expects(expectation: Expectation): void;
  /** The first audio lies in the queue. */
  audible(): void;
  /** A clause began to be sent. */
  progress(): void;
  /** What is being said ends the call: it may no longer be interrupted. */
  lastWords(): void;
  /** A provider failed or was too slow. Returns what to say instead of the rest. */
  failed(stage: 'llm' | 'tts', error: Error): { text: string; endCall: boolean };
  /** Everything has been sent. */
  finished(atMs: number): void;
  /** Not even the apology could be spoken. */
  mute(): void;
};

export type ReplyDeps = {
  clock: Clock;
  log: Logger;
  playout: Playout;
  tts: TextToSpeech;
  agent: AgentSettings;
  times: TurnTimes;
  variables?: (() => Values) | undefined;
};

/** One thing the agent says: from the model's stream over clauses and their audio to the playout queue, until sent or cut. */
export class AgentReply {
  readonly #deps: ReplyDeps;
  readonly #listener: ReplyListener;
  readonly #ledger = new HeardLedger();
  readonly #abort = new AbortController();
  /** Ends the model's stream alone, when its words can no longer be spoken. */
  #modelAbort = new AbortController();
  /** The clauses' synthesis, one after the other. */
  #voiced = SILENCE;
  #voiceFailure: Error | undefined;
  readonly #marks = new Set<number>();
  /** What it means to say, clause by clause; those whose audio has begun; those of which a packet was sent. */
  readonly #clauses: string[] = [];
  #clausesBegun = 0;
  #clausesSent = 0;
  #hasAudio = false;
  #wakeAhead: () => void = () => undefined;
  #wakeSpoken: () => void = () => undefined;
  #startedMs: number | undefined;
  #generated = false;
  #over = false;
  #lastWords = false;

  constructor(deps: ReplyDeps, listener: ReplyListener) {
    this.#deps = deps;
    this.#listener = listener;
    this.#abort.signal.addEventListener('abort', () => {
      this.#modelAbort.abort();
      this.#wakeAhead();
      this.#wakeSpoken();
    });
  }

  get times(): TurnTimes {
    return this.#deps.times;
  }

  /** When its first packet left. */
  get startedMs(): number | undefined {
    return this.#startedMs;
  }

  /** Its first audio lies in the queue, or has left it. */
  get audible(): boolean {
    return this.#hasAudio;
  }

  get isLastWords(): boolean {
    return this.#lastWords;
  }

  /** Everything it means to say, as far as that is known. */
  get text(): string {
    return this.#clauses.join(' ');
  }

  /** The words sent by now. */
  heardText(position = this.#deps.playout.position()): string {
    return this.#ledger.heardText(position);
  }

  /** Nothing more will come, and less than `samples` are left to be sent. */
  endsWithin(samples: number): boolean {
    return this.#generated && this.#deps.playout.queued() < samples;
  }

  start(source: ReplySource): void {
    background(this.#run(source), 'agent reply', this.#deps.log);
  }

  /** Stops model and synthesiser; what lies in the playout queue is the caller's to flush. No listener is called afterwards. Idempotent. */
  stop(): void {
    this.#over = true;
    this.#abort.abort();
  }

  onMark(id: number, atMs: number): void {
    if (this.#over || !this.#marks.delete(id)) return;
    this.#clausesSent += 1;
    this.#startedMs ??= atMs;
    this.times.stamp('firstPacketMs', atMs);
    this.#wakeAhead();
    this.#listener.progress();
  }

  /** The playout queue ran empty, which is the end only when nothing more comes. */
  onDrained(atMs: number): void {
    this.#wakeSpoken();
    if (this.#over || !this.#generated || this.#deps.playout.queued() > 0) return;
    this.#over = true;
    this.#listener.finished(atMs);
  }

  async #run(source: ReplySource): Promise<void> {
    try {
      if (source.type === 'text') this.#sayFixed(source.text, source.endCall);
      else if (source.type === 'audio') await this.#play(source);
      else await this.#generate(source);
      await this.#voiced;
    } catch (error) {
      if (this.#over) return;
      if (!(await this.#apologise(toError(error)))) return;
    }
    this.#generated = true;
    this.onDrained(this.#deps.clock.monotonicMs());
  }

  /** False when that failed too, or the reply was stopped meanwhile. */
  async #apologise(error: Error): Promise<boolean> {
    const instead = this.#listener.failed(this.#voiceFailure ? 'tts' : 'llm', this.#voiceFailure ?? error);
    if (this.#voiceFailure) {
      this.#voiceFailure = undefined;
      this.#voiced = SILENCE;
      // What got no audio will not be said.
      this.#clauses.length = this.#clausesBegun;
    }
    try {
      this.#sayFixed(instead.text, instead.endCall);
      await this.#voiced;
      return true;
    } catch {
      if (this.#over) return false;
      this.stop();
      this.#listener.mute();
      return false;
    }
  }

  #sayFixed(text: string, endCall: boolean): void {
    if (endCall) this.#endCall();
    this.#say(text);
  }

  async #generate({ llm, tools }: Extract<ReplySource, { type: 'model' }>): Promise<void> {
    // What runs since an earlier reply belongs to what this one is to answer.
    await tools.settled();
    const messages = [...tools.messages];
    for (let round = 0; !this.#over; round += 1) {
      const { calls, text } = await this.#stream(
        llm,
        messages,
        round < MAX_TOOL_ROUNDS ? await tools.definitions() : [END_CALL_TOOL],
      );
      if (calls.length === 0 || this.#over) break;
      if (this.#lastWords) {
        tools.runUnattended(calls);
        break;
      }
      if (!(await this.#announce(calls, tools, text !== ''))) return;
      const { results, handedOver } = await tools.run(calls, () => !this.#over);
      if (handedOver || this.#over) return;
      if (this.#voiceFailure) throw this.#voiceFailure;
      messages.push({ role: 'assistant', content: text, toolCalls: calls }, ...results);
    }
    if (this.#clauses.length > 0 || this.#over) return;
    if (!this.#lastWords) throw new AppError('provider_failed', 'the language model said nothing');
    this.#say(PHRASES.goodbye);
  }

  /** Says what the model says, to the end of its answer. Returns the tools it calls, in order. */
  async #stream(
    llm: LanguageModel,
    messages: readonly ChatMessage[],
    tools: readonly ToolDefinition[],
  ): Promise<{ calls: ToolCall[]; text: string }> {
    const { clock, agent } = this.#deps;
    this.#modelAbort = new AbortController();
    const { signal } = this.#modelAbort;
    if (this.#over) this.#modelAbort.abort();
    const splitter = new ClauseSplitter();
    const calls: ToolCall[] = [];
    let text = '';
    const events = llm.reply({ agent, messages: [...messages], tools, signal })[Symbol.asyncIterator]();
    try {
      for (;;) {
        const next = await within(events.next(), { clock, limitMs: TEXT_WITHIN_MS, signal, what: 'the language model' });
        if (next.done) break;
        text += this.#take(next.value, splitter, calls);
      }
    } finally {
      this.#modelAbort.abort();
      // A stream that has not ended is told so, but not waited for.
      events.return?.().catch(() => undefined);
    }
    for (const clause of splitter.flush()) this.#say(clause);
    return { calls, text: text.trim() };
  }

  /** A model is an outside party: what is none of these is passed over. Returns the text. */
  #take(event: ReplyEvent, splitter: ClauseSplitter, calls: ToolCall[]): string {
    if (event.type === 'tool') {
      if (event.call.name === END_CALL_TOOL.name) this.#endCall();
      else calls.push(event.call);
      return '';
    }
    if (event.type === 'sources') {
      this.times.sources = event.sources;
      return '';
    }
    if (event.type === 'expect') {
      this.#listener.expects(event.expectation);
      return '';
    }
    if (typeof event.text !== 'string' || event.text === '') return '';
    this.times.stamp('firstTextMs', this.#deps.clock.monotonicMs());
    for (const clause of splitter.push(event.text)) this.#say(clause);
    return event.text;
  }

  /** Says that tools will run where the model has not (`told`). False: the caller has spoken before one that had to wait for that. */
  async #announce(calls: readonly ToolCall[], tools: ToolRuns, told: boolean): Promise<boolean> {
    const announcements = calls.map((call) => tools.announcement(call));
    const text = told ? undefined : announcements.find((announcement) => announcement.text)?.text;
    if (text !== undefined) this.#say(text);
    if (announcements.some(({ first }) => first)) await this.#spoken();
    return !this.#over;
  }

  /** Resolves when everything so far has been sent, or the reply was stopped. */
  async #spoken(): Promise<void> {
    await this.#voiced;
    while (!this.#over && this.#deps.playout.queued() > 0) {
      await new Promise<void>((resolve) => {
        this.#wakeSpoken = resolve;
      });
    }
  }

  /** A second at a time, so that an interruption throws little away and no long audio is converted in one go. */
  async #play({ text, pcm, rateHz }: Extract<ReplySource, { type: 'audio' }>): Promise<void> {
    const { clock, playout } = this.#deps;
    this.#clauses.push(text);
    this.times.stamp('firstClauseMs', clock.monotonicMs());
    for (let at = 0; at < pcm.length; at += rateHz) {
      await this.#notTooFarAhead();
      if (this.#over) return;
      this.#begin(at === 0 ? text : '');
      const endPosition = playout.write(pcm.subarray(at, at + rateHz), rateHz);
      // How long it will be is known from the beginning.
      const rest = Math.max(0, pcm.length - at - rateHz);
      this.#ledger.extend(endPosition + Math.round((rest * AUDIO_RATE_HZ) / rateHz));
      this.#ledger.complete();
      this.#announceAudio(clock.monotonicMs());
    }
  }

  #endCall(): void {
    if (this.#lastWords) return;
    this.#lastWords = true;
    this.#listener.lastWords();
  }

  #say(text: string): void {
    const clause = fillPlaceholders(text, this.#deps.variables?.() ?? {}, '');
    // Punctuation alone has no sound.
    if (!/[\p{L}\p{N}]/u.test(clause)) return;
    this.#clauses.push(clause);
    this.times.stamp('firstClauseMs', this.#deps.clock.monotonicMs());
    this.#voiced = this.#voiced.then(() => this.#voice(clause));
    this.#voiced.catch((error: unknown) => {
      this.#voiceFailure ??= toError(error);
      this.#modelAbort.abort();
    });
  }

  async #voice(clause: string): Promise<void> {
    await this.#notTooFarAhead();
    if (this.#over) return;
    const { clock, playout, tts, agent } = this.#deps;
    const { signal } = this.#abort;
    const request = { text: clause, language: agent.language, voiceSettings: agent.voiceSettings, signal };
    const chunks = tts.synthesize(request)[Symbol.asyncIterator]();
    let audible = false;
    try {
      for (;;) {
        const next = await within(chunks.next(), { clock, limitMs: AUDIO_WITHIN_MS, signal, what: 'the synthesiser' });
        if (next.done || this.#over) break;
        const { pcm, rateHz } = next.value;
        if (pcm.length === 0) continue;
        if (!audible) this.#begin(clause);
        audible = true;
        this.#ledger.extend(playout.write(pcm, rateHz));
        this.#announceAudio(clock.monotonicMs());
      }
    } finally {
      chunks.return?.().catch(() => undefined);
    }
    if (!audible && !this.#over) throw new AppError('provider_failed', 'the synthesiser made no audio');
    this.#ledger.complete();
  }

  #begin(clause: string): void {
    const { playout } = this.#deps;
    this.#clausesBegun += 1;
    if (clause !== '') this.#ledger.begin(clause, playout.position() + playout.queued());
    this.#marks.add(playout.mark());
  }

  #announceAudio(nowMs: number): void {
    if (this.#hasAudio) return;
    this.#hasAudio = true;
    this.times.stamp('firstAudioMs', nowMs);
    this.#listener.audible();
  }

  async #notTooFarAhead(): Promise<void> {
    while (this.#clausesBegun - this.#clausesSent >= CLAUSES_AHEAD && !this.#over) {
      await new Promise<void>((resolve) => {
        this.#wakeAhead = resolve;
      });
    }
  }
}
