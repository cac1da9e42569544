import type { Cancel, Clock } from '../core/clock.js';
import type { AgentSettings } from '../domain/agent.js';
import { AUDIO_RATE_HZ, type MediaSession, type Playout } from '../domain/ports/media.js';
import type { VoiceEvent } from '../domain/ports/voice-activity.js';
import type { FreezableTimers } from './freezable-timers.js';
import { isGreeting, wantsTheFloor, wordsOf } from './spoken-words.js';

const DUCK_DB = -12;
const DUCK_RAMP_MS = 10;
/** Also after a cut: the fade must not jump to full level. */
const UNDUCK_RAMP_MS = 50;
/** Whoever speaks for this long wants the floor, understood or not. */
const LONG_SPEECH_MS = 600;
/** Unless all that is understood is "okay, right": then it takes this long. */
const LONG_LISTENING_MS = 1_200;
/** Where more than one word is needed, each takes about this long. */
const WORD_MS = 400;
/** Needing more words than this, the agent only ducks while they are being said: silent, it would seem to have yielded already. */
const PAUSE_UP_TO_WORDS = 2;
/** The detector tells the end of speech this late (five windows and one that straddles), so only then is speech known to be that long. */
const DETECTOR_DELAY_MS = 192;
/**
 * A recogniser's first guess at half a word is often wrong: a word counts once it has stood this long, or has been added to. The agent is
 * silent meanwhile, so nobody hears the wait.
 */
const STABLE_WORDS_MS = 250;
/** After the caller's noise the agent waits this long for a word that means an interruption. */
const RESUME_AFTER_MS = 700;
/** Longer silence of the agent is an interruption of its own. */
const PAUSE_CAP_MS = 1_200;

export type BargeInDeps = {
  clock: Clock;
  timers: FreezableTimers;
  media: Pick<MediaSession, 'arrivalMs'> & { playout: Pick<Playout, 'setGain' | 'pause' | 'resume'> };
  /** The call is on hold: whoever took it off hold resumes the playout. */
  onHold: () => boolean;
  agent: Pick<AgentSettings, 'language' | 'turnTaking'>;
  /** What is being said may be interrupted. Otherwise it is not even ducked. */
  interruptible: () => boolean;
  /** The agent introduces itself to somebody who may still be saying hello. */
  greets: () => boolean;
  /** It is an interruption: stop the agent. */
  cut: () => void;
};

/**
 * The ladder between the agent speaking and the agent stopped. Each step but the last is taken back when the caller turns out not to
 * want the floor: ducked on suspicion, paused on confirmed speech, cut for words or long speech.
 */
export class BargeIn {
  readonly #deps: BargeInDeps;
  /** How many words stop the agent; 0: none do. */
  readonly #needed: number;
  #stage: 'none' | 'ducked' | 'paused' = 'none';
  #speaking = false;
  #onsetSample = 0;
  #pausedMs = 0;
  #cancelLongSpeech: Cancel = () => undefined;
  #cancelResume: Cancel = () => undefined;
  #cancelWords: Cancel = () => undefined;
  /** What the recogniser takes the words to be so far. */
  #words = '';
  /** Speech that was long has ended, and only its words can still take it back. */
  #wasLong = false;

  constructor(deps: BargeInDeps) {
    this.#deps = deps;
    this.#needed = deps.agent.turnTaking?.interruptAfterWords ?? 1;
  }

  get stage(): 'none' | 'ducked' | 'paused' {
    return this.#stage;
  }

  onset(event: VoiceEvent): void {
    const { clock, timers, media } = this.#deps;
    this.#speaking = true;
    this.#onsetSample = event.sample;
    const beganMs = media.arrivalMs(event.sample) ?? event.atMs;
    this.#cancelResume();
    if (!this.#mayCut) return;
    if (this.#stage === 'none') {
      this.#stage = 'ducked';
      media.playout.setGain(DUCK_DB, DUCK_RAMP_MS);
    }
    this.#wasLong = false;
    const spokenForMs = (ms: number): number => beganMs + ms + this.#moreWordsMs + DETECTOR_DELAY_MS - clock.monotonicMs();
    this.#cancelLongSpeech();
    this.#cancelLongSpeech = timers.schedule(spokenForMs(LONG_SPEECH_MS), () => {
      if (!this.#isListening()) return this.#cut();
      this.#cancelLongSpeech = timers.schedule(spokenForMs(LONG_LISTENING_MS), () => this.#cut());
    });
  }

  confirmed(): void {
    if (this.#stage !== 'ducked' || this.#needed > PAUSE_UP_TO_WORDS) return;
    this.#stage = 'paused';
    this.#pausedMs = this.#deps.clock.monotonicMs();
    this.#deps.media.playout.pause();
  }

  ended(event: VoiceEvent): void {
    if (!this.#speaking) return;
    this.#speaking = false;
    this.#cancelLongSpeech();
    const { clock, timers } = this.#deps;
    const longMs = LONG_SPEECH_MS + this.#moreWordsMs;
    this.#wasLong = ((event.sample - this.#onsetSample) * 1_000) / AUDIO_RATE_HZ >= longMs;
    if (this.#stage === 'ducked' && !this.#wasLong) return this.yieldBack();
    const resumeAtMs = Math.min(event.atMs + RESUME_AFTER_MS, this.#pausedMs + PAUSE_CAP_MS);
    if (this.#wasLong) this.#cancelResume = timers.schedule(RESUME_AFTER_MS, () => this.#cut());
    else this.#cancelResume = timers.schedule(resumeAtMs - clock.monotonicMs(), () => this.yieldBack());
  }

  /** What the recogniser takes the caller's words to be, so far. */
  partial(text: string): void {
    this.#cancelWords();
    const before = this.#words;
    this.#words = text;
    if (!this.#isEnough(text)) return;
    if (this.#isEnough(before) && text.length > before.length && text.startsWith(before)) return this.#cut();
    this.#cancelWords = this.#deps.timers.schedule(STABLE_WORDS_MS, () => this.#cut());
  }

  /** What the caller has certainly said. */
  settled(text: string): void {
    this.#words = text;
    if (this.#isEnough(text) || (this.#wasLong && !this.#isListening())) this.#cut();
    else this.yieldBack();
  }

  /** No interruption after all: the agent goes on at the very sample where it stopped. Does nothing while the caller is speaking. */
  yieldBack(): void {
    if (this.#speaking) return;
    this.#restore();
  }

  /** The agent's speech is over or cut: back to the bottom, ready for the next. */
  reset(): void {
    this.#speaking = false;
    this.#restore();
  }

  /** Something was understood, and it is not enough to stop for. */
  #isListening(): boolean {
    return this.#words !== '' && !this.#isEnough(this.#words);
  }

  #isEnough(text: string): boolean {
    const { agent, greets } = this.#deps;
    if (greets() && isGreeting(text, agent.language)) return false;
    return wantsTheFloor(text, agent.language) && wordsOf(text).length >= this.#needed;
  }

  #cut(): void {
    if (this.#mayCut) this.#deps.cut();
    else this.yieldBack();
  }

  get #mayCut(): boolean {
    return this.#needed > 0 && this.#deps.interruptible();
  }

  /** By how much longer it takes to say enough than to say one word. */
  get #moreWordsMs(): number {
    return Math.max(0, this.#needed - 1) * WORD_MS;
  }

  #restore(): void {
    const { media, onHold } = this.#deps;
    this.#cancelLongSpeech();
    this.#cancelResume();
    this.#cancelWords();
    this.#words = '';
    this.#wasLong = false;
    if (this.#stage !== 'none') media.playout.setGain(0, UNDUCK_RAMP_MS);
    if (this.#stage === 'paused' && !onHold()) media.playout.resume();
    this.#stage = 'none';
  }
}
