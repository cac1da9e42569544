import type { AgentGuidance } from '../domain/agent-guidance.js';
import type { TurnCause } from '../domain/call.js';
import type { Expectation } from '../domain/expectation.js';
import type { KeyedIn, KeyRequest } from '../domain/key-collection.js';
import { OptOutPhrases } from '../domain/opt-out.js';
import type { MediaEvent } from '../domain/ports/media.js';
import type { ChatMessage } from '../domain/ports/speech.js';
import { AgentFloor } from './agent-floor.js';
import type { AgentReply } from './agent-reply.js';
import { BargeIn } from './barge-in.js';
import { CallerFloor } from './caller-floor.js';
import { CallerKeys } from './caller-keys.js';
import { CallerVoice } from './caller-voice.js';
import { CallerWords } from './caller-words.js';
import { type ConversationDeps, floorDeps, type HangupReason } from './conversation-deps.js';
import { FreezableTimers } from './freezable-timers.js';
import { keyingIn, wordsOf } from './giving-way.js';
import { Hold } from './hold.js';
import { IdleTimer } from './idle-timer.js';
import { type Interjection, tooLate } from './interjections.js';
import { KeptWords } from './kept-words.js';
import type { ConversationState } from './live-event.js';
import { Minutes } from './minutes.js';
import { StockWords } from './stock-words.js';
import { TurnTimes } from './turn-times.js';
import { welcomeOf } from './welcome.js';

const CUT_FADE_MS = 20;
/** The far end's jitter buffer plays the last word this much later than we sent it. */
const AFTER_GOODBYE_MS = 100;

/**
 * One call's conversation, from the answer to the end: who has the floor, when it changes hands, what is said and what was heard.
 *
 * Everything happens on the caller's thread, in reaction to media, voice activity, providers and timers. It owns no resource but the
 * watch on voice activity: media session and providers belong to whoever made them.
 */
export class Conversation {
  readonly #deps: ConversationDeps;
  readonly #timers: FreezableTimers;
  readonly #floor: CallerFloor;
  readonly #bargeIn: BargeIn;
  readonly #idle: IdleTimer;
  readonly #keys: CallerKeys;
  readonly #stock: StockWords;
  #minutes!: Minutes;
  #agent!: AgentFloor;
  #watch: { close(): void } | undefined;
  #state: ConversationState = 'idle';
  readonly #hold: Hold;
  readonly #kept = new KeptWords();
  readonly #words: CallerWords;
  readonly #voice: CallerVoice;
  #hungUp = false;

  constructor(deps: ConversationDeps) {
    this.#deps = deps;
    const { clock, media, agent, speech } = deps;
    const timers = new FreezableTimers(clock);
    this.#timers = timers;
    this.#floor = new CallerFloor(floorDeps(deps, timers), {
      partial: (text) => this.#onPartial(text),
      settled: (text) => {
        if (this.#state === 'agent_speaking') this.#bargeIn.settled(text);
      },
      likely: (text, heardAs) => {
        if (this.#state === 'caller_speaking' && !this.#greetsNext) this.#agent.speculate(text, heardAs);
      },
      late: (sinceMs) => {
        if (this.#state === 'caller_speaking' && !this.#kept.fixed) this.#agent.holdOn(sinceMs);
      },
      turn: (turn) => this.#words.heard(turn),
      failed: (error) => this.#onRecogniserFailed(error),
    });
    const onAir = {
      interruptible: () => this.#agent.interruptible,
      greets: () => this.#calledOut && this.#agent.reply?.times.cause === 'greeting',
      onHold: () => this.#hold.held,
      cut: () => this.#cut(),
    };
    this.#bargeIn = new BargeIn({ clock, timers, media, agent, ...onAir });
    const stock = new StockWords(agent, speech.stt);
    this.#stock = stock;
    this.#idle = new IdleTimer({
      clock,
      timers,
      limitMs: () => stock.silenceMs,
      onIdle: () => this.#agent.say(stock.silence(), this.#times('silence')),
    });
    this.#hold = new Hold({ clock, media, timers, idle: this.#idle, bargeIn: this.#bargeIn, floor: this.#floor });
    const sides = { stock, minutes: () => this.#minutes, agent: () => this.#agent, state: () => this.#state };
    const parts = { floor: this.#floor, bargeIn: this.#bargeIn, idle: this.#idle, goesOn: () => this.#goesOn };
    this.#keys = new CallerKeys({
      ...sides,
      ...parts,
      clock,
      timers,
      settings: agent,
      takeFloor: () => this.#takeFloor(),
      silence: () => this.#silence(),
      hush: deps.hush,
    });
    const { keypad } = this.#keys;
    this.#voice = new CallerVoice({
      ...sides,
      ...parts,
      keypad,
      hold: this.#hold,
      dropReply: () => this.#dropReply(),
      takesFloor: () => this.#enter('caller_speaking'),
    });
    this.#words = new CallerWords({
      ...sides,
      language: agent.language,
      calledOut: this.#calledOut,
      keypad,
      kept: this.#kept,
      cut: () => this.#cut(),
      sayKept: () => this.#sayKept(),
      listen: () => this.#listen(),
    });
  }

  get state(): ConversationState {
    return this.#state;
  }

  /** It has begun, and is not about to end. */
  get #goesOn(): boolean {
    return this.#state !== 'idle' && this.#state !== 'ended' && !this.#hungUp && !this.#agent.reply?.isLastWords;
  }

  /** The call is one of ours: whoever takes it says who they are before they listen. */
  get #calledOut(): boolean {
    return this.#deps.answeredBy !== undefined;
  }

  /** Whatever the other says, the greeting is the answer. */
  get #greetsNext(): boolean {
    return this.#calledOut && this.#kept.fixed?.cause === 'greeting';
  }

  /** The call was answered: greets, or listens when the agent has no greeting. */
  start(): void {
    if (this.#state !== 'idle') return;
    const { clock, record, live, media, voice, agent, before } = this.#deps;
    this.#minutes = new Minutes({ clock, record, live, before, optOut: new OptOutPhrases(agent.doNotCall?.phrases) });
    this.#agent = this.#agentFloor();
    media.onEvent((event) => this.#onMedia(event));
    this.#watch = voice.watch(media, (event) => this.#voice.hear(event));
    this.#welcome();
  }

  /** What the caller will be saying, as far as the agent's next words do not ask for something else. */
  expect(expectation: Expectation | undefined): void {
    this.#floor.expectation = expectation;
  }

  /** A key press that came by SIP INFO; those of RFC 4733 come from the media session by themselves. */
  digit(digit: string, durationMs: number): void {
    const nowMs = this.#deps.clock.monotonicMs();
    if (this.#state !== 'idle' && this.#state !== 'ended') this.#keys.press(digit, durationMs, nowMs, 'info');
  }

  /** Waits for keys that the caller has been asked for. */
  keyIn(request: KeyRequest): Promise<KeyedIn> {
    return this.#keys.keypad.keyIn(request);
  }

  /** At once when nobody speaks or with `interrupt`, else when what is being said was answered. @throws AppError `conflict` */
  interject(interjection: Interjection, interrupt: boolean): 'now' | 'waiting' {
    if (!this.#goesOn) throw tooLate();
    if (interrupt) this.#silence();
    const isFree = this.#state === 'listening' && !this.#keys.keypad.collecting && !this.#greetsNext;
    this.#kept.interjections.add(interjection, isFree);
    if (isFree) this.#listen();
    return isFree ? 'now' : 'waiting';
  }

  /** An operator leads the agent in another way from now on. @throws AppError `conflict` */
  guide(guidance: AgentGuidance): void {
    if (!this.#goesOn) throw tooLate();
    const givenBack = this.#agent.guide(guidance);
    if (this.#agent.silent) {
      this.#keys.keypad.interrupt();
      this.#idle.reset();
      const isCut = this.#state === 'agent_speaking' && this.#agent.reply?.times.cause !== 'operator';
      if (isCut) this.#cut();
      this.#kept.forget();
      if (isCut) this.#passFloor();
    } else if (this.#state === 'listening') {
      // Whoever was heard by nobody but the operator is answered now; what was said to a muted agent is over.
      if (givenBack && this.#minutes.unanswered) this.#agent.ask(this.#times('speech'));
      else this.#awaitCaller();
    }
  }

  /** An operator has said this to the caller with their own voice; times are monotonic milliseconds. */
  operatorSaid(text: string, startMs: number, endMs: number): void {
    if (this.#state !== 'idle' && this.#state !== 'ended') this.#minutes.operatorSaid(text, startMs, endMs);
  }

  /** The far end does not listen: the agent stops in mid-sentence, and no time passes. */
  hold(): void {
    if (this.#state !== 'ended' && this.#state !== 'idle') this.#hold.begin();
  }

  unhold(): void {
    if (!this.#hold.held || this.#state === 'ended') return;
    const missed = this.#hold.end();
    if (this.#state === 'listening') this.#awaitCaller();
    if (missed) this.#voice.hear(missed);
  }

  /** Another agent goes on: stops in mid-sentence. @throws AppError `conflict` when about to end, or while masked digits are keyed in. */
  giveWay(): ChatMessage[] {
    if (!this.#goesOn || this.#keys.keypad.hushed) throw this.#goesOn ? keyingIn() : tooLate();
    void this.end();
    return wordsOf(this.#minutes.messages);
  }

  /** The call is over: stops the providers and records what was said so far. Idempotent, in any state. */
  async end(): Promise<void> {
    if (this.#state === 'ended') return;
    const begun = this.#state !== 'idle';
    this.#watch?.close();
    this.#keys.keypad.close();
    this.#timers.clear();
    if (begun) {
      this.#takeFloor();
      this.#bargeIn.reset();
      this.#agent.close(this.#deps.clock.monotonicMs());
    }
    this.#enter('ended');
  }

  #welcome(): void {
    const welcome = welcomeOf(this.#deps.agent, this.#calledOut);
    // Who asked another agent something is answered.
    if (!welcome) return this.#minutes.unanswered ? this.#agent.ask(this.#times('speech')) : this.#listen();
    const { text, delayMs, latestMs, binding } = welcome;
    this.#kept.keep({ source: { type: 'text', text, endCall: false, binding }, cause: 'greeting' });
    if (delayMs <= 0) return this.#sayKept();
    this.#enter('listening');
    this.#timers.schedule(delayMs, () => {
      if (this.#state === 'listening') this.#sayKept();
    });
    if (latestMs !== undefined) this.#timers.schedule(latestMs, () => this.#greetAnyway());
  }

  #greetAnyway(): void {
    if (this.#state !== 'caller_speaking' || !this.#greetsNext) return;
    this.#takeFloor();
    this.#sayKept();
  }

  #sayKept(): void {
    const { fixed } = this.#kept;
    if (fixed) this.#agent.begin(this.#times(fixed.cause), fixed.source);
  }

  /** Of what begins now, by the agent's own decision. */
  #times(cause: TurnCause): TurnTimes {
    return new TurnTimes(cause, this.#deps.clock.monotonicMs());
  }

  #onPartial(text: string): void {
    this.#minutes.callerIsSaying(text);
    if (this.#state === 'agent_speaking') this.#bargeIn.partial(text);
  }

  #onRecogniserFailed(error: Error): void {
    this.#deps.log.warn({ err: error, stage: 'stt', provider: this.#deps.speech.stt.name }, 'provider failed');
    if (this.#state === 'agent_speaking' && !this.#agent.holdsOn) return this.#bargeIn.yieldBack();
    if (this.#agent.silent) return this.#awaitCaller();
    if (this.#greetsNext) return this.#sayKept();
    const apologise = (): void => this.#agent.say(this.#stock.apology(), this.#times('speech'));
    if (this.#state === 'agent_speaking') this.#words.later(apologise);
    else apologise();
  }

  /** Whatever is said or was about to be said is over, on both sides. */
  #silence(): void {
    this.#takeFloor();
    if (this.#state === 'agent_speaking') this.#cut();
    else this.#dropReply();
    this.#kept.forget();
    this.#awaitCaller();
  }

  #passFloor(): void {
    if (this.#floor.taken) this.#enter('caller_speaking');
    else this.#listen();
  }

  #takeFloor(): void {
    const { text, startMs } = this.#floor.abandon();
    this.#agent.forgetSpeculation();
    if (text !== '') this.#minutes.callerSaid(text, startMs, this.#deps.clock.monotonicMs());
  }

  #agentFloor(): AgentFloor {
    return new AgentFloor(
      { ...this.#deps, minutes: this.#minutes, stock: this.#stock, timers: this.#timers },
      {
        orphan: () => {
          if (this.#state === 'listening' && !this.#hungUp) this.#agent.ask(this.#times('speech'));
        },
        withheld: () => {
          this.#kept.forget();
          this.#passFloor();
        },
        thinking: ({ cause }) => {
          this.#idle.reset();
          if (cause !== 'silence' && cause !== 'operator') this.expect(undefined);
          this.#kept.forget();
          this.#enter('thinking');
        },
        expects: (expectation) => this.expect(expectation),
        audible: () => this.#enter('agent_speaking'),
        lastWords: () => {
          this.#takeFloor();
          this.#bargeIn.reset();
        },
        finished: (reply) => this.#onReplyFinished(reply),
        mute: () => this.#hangup('provider_failed'),
      },
    );
  }

  #onReplyFinished(reply: AgentReply): void {
    this.#bargeIn.reset();
    if (reply.isLastWords) {
      const reason = this.#stock.givenUp ? 'provider_failed' : reply.times.cause === 'silence' ? 'silence' : 'goodbye';
      this.#enter('listening');
      this.#timers.schedule(AFTER_GOODBYE_MS, () => this.#hangup(reason));
      this.#hungUp = true;
      return;
    }
    const overheard = this.#words.takeOverheard();
    if (overheard) this.#keys.keypad.interrupt();
    const waiting = this.#words.takeWaiting();
    if (overheard && !this.#floor.taken) return this.#agent.ask(TurnTimes.ofSpeech(overheard));
    this.#passFloor();
    if (this.#state === 'listening') waiting?.();
  }

  /** Stops the agent where it is; the words not sent were never said. */
  #cut(): void {
    if (this.#state !== 'agent_speaking' || this.#agent.reply?.isLastWords) return;
    // What is paused has faded already; more of it would be heard as a blip.
    const fadeMs = this.#hold.held || this.#bargeIn.stage === 'paused' ? 0 : CUT_FADE_MS;
    const { tooEarlyMs, unheard } = this.#agent.cut(fadeMs, this.#floor.taken ? this.#floor.startMs : undefined);
    this.#bargeIn.reset();
    if (tooEarlyMs !== undefined) this.#floor.wentOn(tooEarlyMs);
    if (unheard && this.#calledOut) this.#kept.putBack(unheard, 'greeting');
    this.#words.takeOverheard();
    this.#words.takeWaiting();
    this.#enter('caller_speaking');
  }

  /** Fixed words are kept, in case the caller had nothing to say. */
  #dropReply(): void {
    const dropped = this.#agent.drop();
    if (dropped) this.#kept.putBack(dropped.source, dropped.reply.times.cause);
  }

  #hangup(reason: HangupReason): void {
    if (this.#state === 'ended') return;
    this.#hungUp = true;
    this.#idle.stop();
    this.#deps.hangup(reason);
  }

  /** Nobody speaks: the operator's words come first, then it is the caller's turn. */
  #listen(): void {
    const interjection = this.#kept.interjections.next();
    if (interjection) this.#agent.begin(this.#times('operator'), interjection);
    else this.#awaitCaller();
  }

  #awaitCaller(): void {
    this.#enter('listening');
    if (!this.#agent.silent && !this.#keys.keypad.collecting) this.#idle.run();
  }

  #enter(state: ConversationState): void {
    if (this.#state === state) return;
    this.#state = state;
    this.#keys.keypad.listening(state === 'listening');
    this.#minutes?.state(state);
  }

  #onMedia(event: MediaEvent): void {
    if (this.#state === 'ended') return;
    if (event.type === 'mark') this.#agent.reply?.onMark(event.id, event.atMs);
    else if (event.type === 'drained') this.#agent.reply?.onDrained(event.atMs);
    else if (event.type === 'digit') this.#keys.press(event.digit, event.durationMs, event.atMs, 'rtp');
  }
}
