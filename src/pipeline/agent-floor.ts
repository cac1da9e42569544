import { AppError } from '../core/errors.js';
import type { AgentSettings } from '../domain/agent.js';
import { type AgentGuidance, isSilent, UNGUIDED } from '../domain/agent-guidance.js';
import type { TurnCause } from '../domain/call.js';
import type { Expectation } from '../domain/expectation.js';
import { AUDIO_RATE_HZ } from '../domain/ports/media.js';
import type { LanguageModel, ToolCall } from '../domain/ports/speech.js';
import { AgentReply, type ReplySource } from './agent-reply.js';
import type { ConversationDeps } from './conversation-deps.js';
import { Copilot } from './copilot.js';
import type { FillersOptions } from './fillers.js';
import type { FreezableTimers } from './freezable-timers.js';
import { cuesOf } from './language/cues.js';
import type { AgentWords, Minutes } from './minutes.js';
import { OpenQuestion } from './open-question.js';
import { countOf, Speculation } from './speculation.js';
import type { FixedWords, StockWords } from './stock-words.js';
import { ToolRuns } from './tool-runs.js';
import { TurnTimes } from './turn-times.js';

/** Each is paid for. */
const MAX_SPECULATIONS = 2;
const HARDLY_HEARD_SAMPLES = AUDIO_RATE_HZ;

export type AgentFloorDeps = Pick<
  ConversationDeps,
  'clock' | 'log' | 'media' | 'speech' | 'agent' | 'toolbox' | 'variables' | 'fillerAfterMs' | 'speculation'
> & {
  minutes: Minutes;
  stock: StockWords;
  timers: FreezableTimers;
};

export type AgentFloorListener = {
  /** A tool has ended after the reply that called it was gone: nobody has told the caller. */
  orphan(): void;
  /** Something was about to be said that the agent is to keep to itself. */
  withheld(): void;
  /** Something is about to be said. */
  thinking(times: TurnTimes): void;
  /** What is being said asks the caller for this. */
  expects(expectation: Expectation): void;
  /** The first audio lies in the queue. */
  audible(): void;
  /** What is being said ends the call. */
  lastWords(): void;
  /** Everything was sent. */
  finished(reply: AgentReply): void;
  /** Not even an apology could be spoken. */
  mute(): void;
};

/** A model whose first step is known. */
function beginningWith(llm: LanguageModel, words: string | undefined, call: ToolCall): LanguageModel {
  let begun = false;
  return {
    name: llm.name,
    async *reply(request) {
      if (begun) return yield* llm.reply(request);
      begun = true;
      if (words !== undefined) yield { type: 'text', text: words };
      yield { type: 'tool', call };
    },
  };
}

type Present = { reply: AgentReply; source: ReplySource };
/** What was said while nobody knew yet what to answer: it is written down behind what the caller had said. */
type HeldOn = { said: AgentWords; startedMs: number; endedMs: number };

/** The agent's side: what it says or is about to say, from the decision until it was sent, dropped or cut. One thing at a time. */
export class AgentFloor {
  readonly #deps: AgentFloorDeps;
  readonly #listener: AgentFloorListener;
  readonly #tools: ToolRuns;
  readonly #copilot: Copilot;
  readonly #question: OpenQuestion;
  #guidance = UNGUIDED;
  #settings: AgentSettings;
  #present: Present | undefined;
  #heldOn: HeldOn | undefined;
  #speculation: Speculation | undefined;
  /** Within one turn of the caller. */
  #speculations = 0;
  /** Since the last answer that was given. */
  #begun: Speculation[] = [];

  constructor(deps: AgentFloorDeps, listener: AgentFloorListener) {
    this.#deps = deps;
    this.#listener = listener;
    const { clock, toolbox, minutes, log } = deps;
    this.#settings = deps.agent;
    this.#copilot = new Copilot({
      clock,
      log,
      agent: () => this.#settings,
      messages: () => minutes.messages,
      suggested: (text) => minutes.suggested(text),
    });
    this.#question = new OpenQuestion({
      language: deps.agent.language,
      asksFor: (words) => toolbox?.asksFor?.(words),
      onExpect: (it) => listener.expects(it),
    });
    this.#tools = new ToolRuns({
      toolbox,
      minutes,
      log,
      onOrphan: () => listener.orphan(),
      onExpect: (it) => this.#question.tell(it),
    });
  }

  /** What is being said or was decided on. */
  get reply(): AgentReply | undefined {
    return this.#present?.reply;
  }

  /** Whoever speaks may stop it. */
  get interruptible(): boolean {
    const source = this.#present?.source;
    return !this.reply?.isLastWords && !(source?.type === 'text' && source.binding);
  }

  /** It only says that it is there, as nobody knows yet what the caller has said. */
  get holdsOn(): boolean {
    return this.#present?.source.type === 'filler';
  }

  /** It says nothing but what an operator has it say. */
  get silent(): boolean {
    return isSilent(this.#guidance);
  }

  /**
   * What is being said goes on; what was about to be said is withheld from a silent agent. Returns whether an operator who had taken over
   * has given back.
   *
   * @throws AppError `conflict` for instructions to an agent that has only a script.
   */
  guide(guidance: AgentGuidance): boolean {
    const { agent, speech } = this.#deps;
    const { instructions } = guidance;
    if (instructions !== undefined && speech.llm.model === undefined) {
      const publicMessage = 'The agent of this call answers by a script, which takes no instructions';
      throw new AppError('conflict', publicMessage, { publicMessage });
    }
    this.forgetSpeculation();
    const before = this.#guidance.mode;
    this.#guidance = guidance;
    this.#settings = instructions === undefined ? agent : instructed(agent, instructions);
    const { reply } = this;
    if (this.silent && reply && !reply.voice.audible && reply.times.cause !== 'operator') {
      const dropped = this.drop();
      if (dropped) this.begin(reply.times, dropped.source);
    }
    return before !== 'regular' && guidance.mode === 'regular';
  }

  /** The model's words, to everything said so far. */
  ask(times: TurnTimes): void {
    const { minutes, speech } = this.#deps;
    const ahead = this.#speculation;
    const llm = ahead?.answers(minutes.messages) ? ahead : speech.llm;
    if (llm === ahead) times.stamp('aheadMs', ahead.askedMs);
    if (this.#heldOn) times.stamp('fillerMs', this.#heldOn.startedMs);
    const begun = this.#begun;
    times.speculation = () => countOf(begun, llm === ahead ? ahead : undefined);
    this.#speculations = 0;
    this.begin(times, { type: 'model', llm, tools: this.#tools });
  }

  /** The caller has been silent since then, and what they have said is still not known. */
  holdOn(sinceMs: number): void {
    const { agent, fillerAfterMs = 0 } = this.#deps;
    const [text] = cuesOf(agent.language)?.holding ?? [];
    if (text !== undefined && fillerAfterMs > 0 && !this.silent) {
      this.begin(new TurnTimes('speech', sinceMs), { type: 'filler', text });
    }
  }

  /** Uses a tool at once, after these words where there are some; what came of it is the model's to tell. */
  use(tool: string, words: string | undefined, times: TurnTimes): void {
    const { speech } = this.#deps;
    const call = { id: `key_${Math.round(times.originMs)}`, name: tool, arguments: {} };
    this.begin(times, { type: 'model', llm: beginningWith(speech.llm, words, call), tools: this.#tools });
  }

  /** The caller is silent, and has probably said this: the model may begin to think about it. */
  speculate(text: string, heardAs?: readonly string[]): void {
    const { clock, speech, minutes, speculation = false } = this.#deps;
    // A script answers at once, and only a model can write.
    if (!speculation || this.silent || !speech.llm.write || this.#speculations >= MAX_SPECULATIONS || this.#tools.isBusy) return;
    const messages = minutes.messagesWith(text, heardAs);
    if (this.#speculation?.answers(messages)) return;
    this.#speculation?.cancel();
    this.#speculations += 1;
    this.#speculation = new Speculation(
      speech.llm,
      { agent: this.#settings, messages },
      this.#tools.definitions(),
      clock.monotonicMs(),
    );
    this.#begun.push(this.#speculation);
  }

  /** The caller goes on, or was done in another way. */
  forgetSpeculation(): void {
    this.#speculation?.cancel();
    this.#speculation = undefined;
    this.#copilot.forget();
  }

  say(words: FixedWords, times: TurnTimes): void {
    this.begin(times, { type: 'text', ...words });
  }

  begin(times: TurnTimes, source: ReplySource): void {
    const { clock, log, media, speech, variables, minutes, stock } = this.#deps;
    const { cause } = times;
    if (this.silent && cause !== 'operator') {
      this.forgetSpeculation();
      if (this.#guidance.mode === 'copilot' && (cause === 'speech' || cause === 'digit')) this.#copilot.suggest(source);
      return this.#listener.withheld();
    }
    if (this.holdsOn) this.drop();
    const fillers = this.#fillersFor(times, source);
    this.#writeHeldOn();
    const agent = this.#settings;
    const speaker = speakerOf(source);
    if (source.type !== 'model' || source.llm !== this.#speculation) this.#speculation?.cancel();
    this.#speculation = undefined;
    this.#listener.thinking(times);
    // Fixed words to what the caller said are that it was not understood.
    this.#question.begin(cause === 'silence' || cause === 'operator' || (cause === 'speech' && source.type !== 'model'));
    let failed = false;
    const reply: AgentReply = new AgentReply(
      { clock, log, playout: media.playout, tts: speech.tts, agent, times, variables, fillers },
      {
        expects: (expectation) => this.#question.tell(expectation),
        audible: () => this.#listener.audible(),
        progress: () => minutes.agentIsSaying(reply.voice.heard().text, speaker),
        lastWords: () => this.#listener.lastWords(),
        failed: (stage, error) => {
          failed = true;
          log.warn({ err: error, stage, provider: speech[stage].name }, 'provider failed');
          return stock.apology();
        },
        finished: (atMs) => {
          if (source.type === 'model' && !failed) stock.answered();
          this.finish(atMs);
          this.#listener.finished(reply);
        },
        mute: () => {
          this.finish(clock.monotonicMs());
          this.#listener.mute();
        },
      },
    );
    this.#present = { reply, source };
    reply.start(source);
  }

  #providersOf(cause: TurnCause, { type }: ReplySource): TurnTimes['providers'] {
    const { stt, llm, tts } = this.#deps.speech;
    return {
      ...(cause === 'speech' && { stt: stt.servedBy ?? stt.name }),
      ...(type === 'model' && { llm: llm.servedBy ?? llm.name }),
      ...(type !== 'audio' && { tts: tts.servedBy ?? tts.name }),
    };
  }

  /** Only a model takes its time. */
  #fillersFor({ cause, originMs }: TurnTimes, source: ReplySource): Omit<FillersOptions, 'say'> | undefined {
    const { clock, timers, agent, fillerAfterMs: afterMs = 0 } = this.#deps;
    const texts = cuesOf(agent.language)?.holding;
    if (source.type !== 'model' || afterMs === 0 || !texts) return undefined;
    const heardMs = Math.max(originMs, this.#heldOn?.endedMs ?? 0);
    const waitedMs = cause === 'speech' ? clock.monotonicMs() - heardMs : 0;
    return { timers, texts: this.#heldOn ? texts.slice(1) : texts, afterMs, waitedMs };
  }

  /** A reply that has no audio yet leaves no trace. Returns what it was. */
  drop(): Present | undefined {
    const dropped = this.#present;
    this.#present = undefined;
    dropped?.reply.stop();
    return dropped;
  }

  /** Writes down the reply as far as it was sent: up to now, or to the playout position where it was cut. */
  finish(atMs: number, position?: number, bargeInMs?: number): void {
    if (!this.#present) return;
    const { reply, source } = this.#present;
    const { minutes } = this.#deps;
    this.#present = undefined;
    if (reply.times.speculation) this.#begun = [];
    const { text, audible, startedMs = atMs } = reply.voice;
    const heard = reply.voice.heard(position);
    reply.stop();
    const interrupted = audible && heard.text !== text;
    const words = { text, heardText: heard.text, answer: heard.withoutFillers, interrupted };
    const said = { speaker: speakerOf(source), ...words, spokenAs: reply.voice.heardItems(position) };
    if (source.type === 'filler') {
      if (audible) this.#heldOn = { said, startedMs, endedMs: atMs };
      return;
    }
    if (audible) minutes.agentSaid(said, startedMs, atMs);
    this.#question.heard(heard.text);
    reply.times.providers = this.#providersOf(reply.times.cause, source);
    minutes.turn(reply.times, interrupted, interrupted ? bargeInMs : undefined);
  }

  /** The call is over. */
  close(atMs: number): void {
    this.finish(atMs);
    this.#writeHeldOn();
  }

  #writeHeldOn(): void {
    if (this.#heldOn) this.#deps.minutes.agentSaid(this.#heldOn.said, this.#heldOn.startedMs, this.#heldOn.endedMs);
    this.#heldOn = undefined;
  }

  /**
   * Stops it where it is: the words not sent were never said. `callerSinceMs`: when whoever interrupts began to speak. `tooEarlyMs` is the
   * end of the speech that it answered, where the caller had not been done with it; `unheard` a greeting that has hardly been heard.
   */
  cut(fadeMs: number, callerSinceMs: number | undefined): { tooEarlyMs: number | undefined; unheard: ReplySource | undefined } {
    const { media, clock, minutes } = this.#deps;
    const answeredMs = this.reply?.times.originMs;
    const fullLevelMs = media.lastFullLevelSentMs();
    const position = media.playout.flush(fadeMs);
    const interrupted = callerSinceMs !== undefined;
    const bargeInMs = interrupted && fullLevelMs !== undefined ? Math.max(0, fullLevelMs - callerSinceMs) : undefined;
    const goesOn = interrupted && this.#isAnsweredTooEarly(position);
    const greets = this.reply?.times.cause === 'greeting' && this.#isHardlyHeard(position);
    const unheard = greets ? this.#present?.source : undefined;
    this.finish(clock.monotonicMs(), position, bargeInMs);
    if (goesOn) minutes.takeBackAnswer();
    return { tooEarlyMs: goesOn ? answeredMs : undefined, unheard };
  }

  /** So little was heard of the answer that a caller who speaks now goes on with what they had been saying. */
  #isAnsweredTooEarly(position: number): boolean {
    const present = this.#present;
    if (present?.source.type !== 'model' || present.reply.times.cause !== 'speech' || present.reply.hasCalledTools) return false;
    return this.#isHardlyHeard(position);
  }

  #isHardlyHeard(position: number): boolean {
    return this.#present !== undefined && this.#present.reply.voice.heard(position).wordSamples < HARDLY_HEARD_SAMPLES;
  }
}

const speakerOf = (source: ReplySource): 'agent' | 'operator' => ('by' in source && source.by) || 'agent';

/** They stand behind the agent's own, which a model takes for the more pressing ones. */
function instructed(agent: AgentSettings, instructions: string): AgentSettings {
  const all = [agent.persona?.instructions, instructions].filter(Boolean).join('\n');
  return { ...agent, persona: { ...agent.persona, instructions: all } };
}
