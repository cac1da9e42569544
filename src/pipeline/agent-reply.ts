import type { Clock } from '../core/clock.js';
import { AppError, toError } from '../core/errors.js';
import { background, type Logger } from '../core/log.js';
import type { AgentSettings } from '../domain/agent.js';
import type { Expectation } from '../domain/expectation.js';
import type { Values } from '../domain/placeholders.js';
import type { Playout } from '../domain/ports/media.js';
import {
  type ChatMessage,
  END_CALL_TOOL,
  type LanguageModel,
  type ReplyEvent,
  type TextToSpeech,
  type ToolCall,
  type ToolDefinition,
} from '../domain/ports/speech.js';
import type { ToolAnnouncement } from '../domain/ports/toolbox.js';
import { ClauseSplitter } from './clause-splitter.js';
import { within } from './deadline.js';
import { Fillers, type FillersOptions } from './fillers.js';
import { phrasesOf } from './language/phrases.js';
import { ReplyVoice } from './reply-voice.js';
import type { ToolRuns } from './tool-runs.js';
import type { TurnTimes } from './turn-times.js';

const TEXT_WITHIN_MS = 8_000;
/** A model that calls tools again and again is asked for words alone after so many times. */
const MAX_TOOL_ROUNDS = 5;

/** What the agent is to say: words that are known (`binding`: to be heard to their end, whatever the caller says), audio that was recorded (`text` stands for it in the transcript), or words of a model. `by`: an operator speaks with its voice. */
export type ReplySource =
  | { type: 'text'; text: string; endCall: boolean; binding?: boolean | undefined; by?: 'operator' | undefined }
  | { type: 'audio'; text: string; pcm: Int16Array; rateHz: number; by?: 'operator' | undefined }
  | { type: 'model'; llm: LanguageModel; tools: ToolRuns }
  /** Only says that somebody is there. */
  | { type: 'filler'; text: string };

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
  /** Where silence is filled. */
  fillers?: Omit<FillersOptions, 'say'> | undefined;
};

/** One thing the agent says: from the model's stream over clauses and their audio to the playout queue, until sent or cut. */
export class AgentReply {
  readonly #deps: ReplyDeps;
  readonly #listener: ReplyListener;
  readonly #voice: ReplyVoice;
  readonly #fillers: Fillers | undefined;
  readonly #abort = new AbortController();
  /** Ends the model's stream alone, when its words can no longer be spoken. */
  #modelAbort = new AbortController();
  #generated = false;
  #over = false;
  #lastWords = false;
  #hasCalledTools = false;

  constructor(deps: ReplyDeps, listener: ReplyListener) {
    this.#deps = deps;
    this.#listener = listener;
    this.#fillers = deps.fillers && new Fillers({ ...deps.fillers, say: (filler) => this.#voice.fill(filler) });
    this.#voice = new ReplyVoice(
      { ...deps, signal: this.#abort.signal },
      {
        audible: () => listener.audible(),
        begun: (isFiller) => this.#fillers?.audible(isFiller),
        failed: () => this.#modelAbort.abort(),
      },
    );
    this.#abort.signal.addEventListener('abort', () => {
      this.#modelAbort.abort();
      this.#fillers?.stop();
    });
  }

  get times(): TurnTimes {
    return this.#deps.times;
  }

  /** What of it has been given to be heard, and when that began. */
  get voice(): Pick<ReplyVoice, 'audible' | 'startedMs' | 'text' | 'heard' | 'heardItems'> {
    return this.#voice;
  }

  /** It has done more than to speak. */
  get hasCalledTools(): boolean {
    return this.#hasCalledTools;
  }

  get isLastWords(): boolean {
    return this.#lastWords;
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
    if (!this.#over && this.#voice.onMark(id, atMs)) this.#listener.progress();
  }

  /** The playout queue ran empty, which is the end only when nothing more comes. */
  onDrained(atMs: number): void {
    this.#voice.onDrained();
    if (this.#over || this.#deps.playout.queued() > 0) return;
    if (!this.#generated) return this.#lastWords ? undefined : this.#fillers?.quiet();
    this.#over = true;
    this.#listener.finished(atMs);
  }

  async #run(source: ReplySource): Promise<void> {
    try {
      if (source.type === 'text') this.#sayFixed(source.text, source.endCall);
      else if (source.type === 'filler') this.#voice.fill(source.text);
      else if (source.type === 'audio') await this.#voice.play(source.text, source.pcm, source.rateHz);
      else await this.#generate(source);
      this.#fillers?.stop();
      await this.#voice.voiced();
    } catch (error) {
      if (this.#over) return;
      if (!(await this.#apologise(toError(error)))) return;
    }
    this.#generated = true;
    this.onDrained(this.#deps.clock.monotonicMs());
  }

  /** False when that failed too, or the reply was stopped meanwhile. */
  async #apologise(error: Error): Promise<boolean> {
    this.#fillers?.stop();
    const { failure } = this.#voice;
    const instead = this.#listener.failed(failure ? 'tts' : 'llm', failure ?? error);
    if (failure) this.#voice.recover();
    try {
      this.#sayFixed(instead.text, instead.endCall);
      await this.#voice.voiced();
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
    this.#voice.say(text);
  }

  async #generate({ llm, tools }: Extract<ReplySource, { type: 'model' }>): Promise<void> {
    this.#fillers?.quiet();
    // What runs since an earlier reply belongs to what this one is to answer.
    await tools.settled();
    const messages = [...tools.messages];
    for (let round = 0; !this.#over; round += 1) {
      const { calls, text, spokenAs } = await this.#stream(
        llm,
        messages,
        round < MAX_TOOL_ROUNDS ? await tools.definitions() : [END_CALL_TOOL],
      );
      if (calls.length === 0 || this.#over) break;
      this.#hasCalledTools = true;
      if (this.#lastWords) {
        tools.runUnattended(calls, true);
        break;
      }
      const announcements = calls.map((call) => tools.announcement(call));
      if (!(await this.#announce(announcements, text !== ''))) return;
      if (announcements.some(({ listens }) => listens)) {
        tools.runUnattended(calls, false);
        break;
      }
      const { results, handedOver } = await tools.run(calls, () => !this.#over);
      if (handedOver || this.#over) return;
      if (this.#voice.failure) throw this.#voice.failure;
      messages.push({ role: 'assistant', content: text, toolCalls: calls, ...(spokenAs && { spokenAs }) }, ...results);
    }
    if (this.#voice.hasWords || this.#over) return;
    if (!this.#lastWords) throw new AppError('provider_failed', 'the language model said nothing');
    this.#voice.say(phrasesOf(this.#deps.agent.language).goodbye);
  }

  /** Says what the model says, to the end of its answer. Returns the tools it calls, in order. */
  async #stream(
    llm: LanguageModel,
    messages: readonly ChatMessage[],
    tools: readonly ToolDefinition[],
  ): Promise<{ calls: ToolCall[]; text: string; spokenAs: string[] | undefined }> {
    const { clock, agent } = this.#deps;
    this.#modelAbort = new AbortController();
    const { signal } = this.#modelAbort;
    if (this.#over) this.#modelAbort.abort();
    const splitter = new ClauseSplitter();
    const calls: ToolCall[] = [];
    const spoken = new Set<string>();
    let text = '';
    const events = llm.reply({ agent, messages: [...messages], tools, signal })[Symbol.asyncIterator]();
    try {
      for (;;) {
        const next = await within(events.next(), { clock, limitMs: TEXT_WITHIN_MS, signal, what: 'the language model' });
        if (next.done) break;
        if (next.value.type === 'spoken') spoken.add(next.value.piece.item.id);
        text += this.#take(next.value, splitter, calls);
      }
    } finally {
      this.#modelAbort.abort();
      // A stream that has not ended is told so, but not waited for.
      events.return?.().catch(() => undefined);
    }
    for (const clause of splitter.flush()) this.#voice.say(clause);
    return { calls, text: text.trim(), spokenAs: spoken.size > 0 ? [...spoken] : undefined };
  }

  /** A model is an outside party: what is none of these is passed over. Returns the text. */
  #take(event: ReplyEvent, splitter: ClauseSplitter, calls: ToolCall[]): string {
    if (event.type === 'tool') {
      if (event.call.name === END_CALL_TOOL.name) this.#endCall();
      else calls.push(event.call);
      return '';
    }
    if (event.type === 'spoken') {
      this.times.stamp('firstTextMs', this.#deps.clock.monotonicMs());
      this.#voice.speak(event.piece);
      return event.piece.text ?? '';
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
    for (const clause of splitter.push(event.text)) this.#voice.say(clause);
    return event.text;
  }

  /** Says that tools will run where the model has not (`told`). False: the caller has spoken before one that had to wait for that. */
  async #announce(announcements: readonly ToolAnnouncement[], told: boolean): Promise<boolean> {
    const text = told ? undefined : announcements.find((announcement) => announcement.text)?.text;
    if (text !== undefined) this.#voice.say(text);
    if (announcements.some(({ first }) => first)) await this.#voice.spoken();
    return !this.#over;
  }

  #endCall(): void {
    if (this.#lastWords) return;
    this.#lastWords = true;
    this.#fillers?.stop();
    this.#listener.lastWords();
  }
}
