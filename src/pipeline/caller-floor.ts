import type { Cancel } from '../core/clock.js';
import { toError } from '../core/errors.js';
import type { Expectation } from '../domain/expectation.js';
import type { MediaSession } from '../domain/ports/media.js';
import type { Vocabulary } from '../domain/ports/speech.js';
import type { TurnModel } from '../domain/ports/turn-model.js';
import type { VoiceEvent } from '../domain/ports/voice-activity.js';
import { CallerPace } from './caller-pace.js';
import { completeSentences, type EndpointPolicy, NEUTRAL_WAIT_MS } from './endpointing.js';
import { withoutFillers } from './spoken-words.js';
import { TurnVerdict } from './turn-verdict.js';
import { type Understood, Utterance, type UtteranceDeps } from './utterance.js';

/** Before the onset, so that the first sound of a word reaches the recogniser: 500 ms. */
const PRE_ROLL_SAMPLES = 8_000;
/** From here on the recogniser works on its final text while the policy still waits. */
const EARLY_FINISH_MS = 200;
/** Time the final text takes, where the policy waits for long anyway. */
const FINISH_BEFORE_COMMIT_MS = 400;
/** From here on somebody says that the caller was heard: the synthesiser needs its part of the two and a half seconds that nobody is to wait. */
const LATE_FINAL_MS = 2_000;
/** A radio in the background must not hold the floor for ever. */
const MAX_TURN_MS = 60_000;
/** How late the detector tells an end: five windows. */
const VAD_TAIL_MS = 160;

/** What the caller said until the policy gave the floor to the agent. Times are monotonic milliseconds. */
export type CallerTurn = {
  text: string;
  /** What a model that heard all of it itself knows it by. */
  heardAs: readonly string[] | undefined;
  /** It was certainly speech, with words or without. */
  confirmed: boolean;
  startMs: number;
  /** Arrival of the packet with the caller's last speech. */
  lastPacketMs: number;
  vadEndMs: number;
  sttFinalMs: number;
  endpointMs: number;
  /** That the caller was done, as far as a model could tell by the sound (0 to 1). */
  doneProbability: number | undefined;
};

export type FloorListener = {
  /** The words understood so far, while the caller speaks. */
  partial(text: string): void;
  /** The recogniser is sure of everything said so far; the caller may go on. */
  settled(text: string): void;
  /** The caller is silent, and if that lasts they will have said this. */
  likely(text: string, heardAs: readonly string[] | undefined): void;
  /** The caller has been silent since then, and the recogniser still does not say what they have said. */
  late(sinceMs: number): void;
  /** The caller is done. */
  turn(turn: CallerTurn): void;
  /** The recogniser failed; what it had said is lost. */
  failed(error: Error): void;
};

export type FloorDeps = UtteranceDeps & {
  media: Pick<MediaSession, 'heard' | 'readHeard' | 'arrivalMs'>;
  policy: EndpointPolicy;
  language: string;
  band: 'narrow' | 'wide';
  vocabulary: Vocabulary;
  /** The policy's waits are for callers who are given `NEUTRAL_WAIT_MS` where their words do not tell; this agent gives them this. */
  endOfUtteranceMs?: number | undefined;
  /** Whether "uhm" and the like are part of what was said; the policy hears them in any case. */
  transcribeFillers?: boolean | undefined;
  /** Asked at each pause. */
  turnModel?: TurnModel | undefined;
};

/** The caller's side: from the first suspicion of speech to the end of the turn, over any number of pauses. */
export class CallerFloor {
  readonly #deps: FloorDeps;
  readonly #listener: FloorListener;
  readonly #pace: CallerPace;
  readonly #verdict: TurnVerdict;
  /** What the agent has asked for, if anything. */
  expectation: Expectation | undefined;
  /** One per turn; present while the caller has the floor. */
  #abort: AbortController | undefined;
  #utterance: Utterance | undefined;
  /** Each finished utterance; while its final is awaited, as far as it is understood. */
  #segments: Understood[] = [];
  #awaited = 0;
  #speaking = false;
  #fedUntil = 0;
  /** Where the turn began, or what nobody is to know ended. */
  #fromSample = 0;
  #cancelWait: Cancel = () => undefined;
  #cancelLimit: Cancel = () => undefined;
  #cancelLate: Cancel = () => undefined;
  #turn = emptyTurn(0);

  constructor(deps: FloorDeps, listener: FloorListener) {
    this.#deps = deps;
    this.#listener = listener;
    this.#pace = new CallerPace(deps.endOfUtteranceMs);
    this.#verdict = new TurnVerdict(deps.turnModel, deps.media, () => this.#awaitCommit());
  }

  get taken(): boolean {
    return this.#abort !== undefined;
  }

  /** The detector says that the caller is speaking now. */
  get speaking(): boolean {
    return this.#speaking;
  }

  /** Arrival of the first packet of the present turn's speech, or of the last turn's. */
  get startMs(): number {
    return this.#turn.startMs;
  }

  /** `goesOn`: the turn before was not over after all. */
  onset(event: VoiceEvent, goesOn = false): void {
    const beganMs = this.#deps.media.arrivalMs(event.sample) ?? event.atMs;
    if (goesOn || (this.taken && !this.#speaking)) this.#pace.paused(beganMs - this.#turn.lastPacketMs);
    if (!this.#abort) {
      this.#abort = new AbortController();
      this.#turn = emptyTurn(beganMs);
      this.#fromSample = Math.max(this.#fromSample, event.sample - PRE_ROLL_SAMPLES);
      this.#cancelLimit = this.#deps.timers.schedule(MAX_TURN_MS, () => this.#limitReached());
    }
    this.#speaking = true;
    this.#cancelWait();
    this.#cancelLate();
    this.#verdict.forget();
    this.#utterance ??= this.#listen(event.sample, this.#abort.signal);
  }

  /** This turn goes on with the one that had ended with speech at `lastPacketMs`. */
  wentOn(lastPacketMs: number): void {
    this.#pace.paused(this.#turn.startMs - lastPacketMs);
  }

  confirmed(): void {
    if (this.taken) this.#turn.confirmed = true;
  }

  ended(event: VoiceEvent): void {
    if (!this.taken) return;
    this.#speaking = false;
    this.#turn.lastPacketMs = this.#deps.media.arrivalMs(event.sample - 1) ?? event.atMs - VAD_TAIL_MS;
    this.#turn.vadEndMs = event.atMs;
    this.#verdict.ask(this.#fromSample);
    if (!this.#utterance) return this.#awaitCommit();
    const wait = this.#policyMs();
    this.#wait(wait <= NEUTRAL_WAIT_MS ? EARLY_FINISH_MS : wait - FINISH_BEFORE_COMMIT_MS, () => this.#finish());
  }

  /** Takes the floor away. Returns what was understood so far, and since when, if anything. */
  abandon(): { text: string; startMs: number } {
    const said = { text: this.#said(), startMs: this.#turn.startMs };
    this.#abort?.abort();
    this.#release();
    return said;
  }

  /** What was said up to now is nobody's to know. */
  forget(): void {
    this.#fedUntil = this.#deps.media.heard();
    this.#fromSample = this.#fedUntil;
  }

  #listen(onsetSample: number, signal: AbortSignal): Utterance {
    const { language, vocabulary, band } = this.#deps;
    const from = Math.max(0, this.#fedUntil, onsetSample - PRE_ROLL_SAMPLES);
    const onPartial = (): void => {
      if (!signal.aborted) this.#listener.partial(this.#said());
    };
    const { expectation } = this;
    return new Utterance(this.#deps, { language, vocabulary, band, expectation, signal, onPartial }, from);
  }

  /** Ends the utterance, but not the turn: a caller who goes on opens the next utterance, and the texts are joined. */
  #finish(): void {
    const utterance = this.#utterance;
    const signal = this.#abort?.signal;
    if (!utterance || !signal) return;
    const segment = this.#segments.push({ text: utterance.partial, heardAs: undefined }) - 1;
    this.#utterance = undefined;
    this.#awaited += 1;
    const finished = utterance.finish();
    this.#fedUntil = utterance.fedUntil;
    this.#guess();
    const { lastPacketMs } = this.#turn;
    this.#cancelLate();
    this.#cancelLate = this.#deps.timers.schedule(lastPacketMs + LATE_FINAL_MS - this.#deps.clock.monotonicMs(), () =>
      this.#listener.late(lastPacketMs),
    );
    finished.then(
      (understood) => {
        if (signal.aborted || this.#abort?.signal !== signal) return;
        this.#segments[segment] = understood;
        this.#awaited -= 1;
        if (this.#awaited === 0) this.#cancelLate();
        this.#turn.sttFinalMs = this.#deps.clock.monotonicMs();
        this.#listener.settled(this.#said());
        if (this.#abort?.signal === signal) this.#guess();
        if (this.#abort?.signal === signal) this.#awaitCommit();
      },
      (error: unknown) => {
        if (signal.aborted || this.#abort?.signal !== signal) return;
        this.#release();
        this.#listener.failed(toError(error));
      },
    );
  }

  #guess(): void {
    const text = this.#said();
    if (!this.#speaking && text !== '') this.#listener.likely(text, this.#heardAs());
  }

  #awaitCommit(): void {
    if (this.#speaking || this.#awaited > 0 || this.#utterance) return;
    this.#wait(this.#policyMs(), () => {
      const text = this.#said();
      // Who only said "uhm" is about to say more.
      const confirmed = this.#turn.confirmed && (text !== '' || this.#text() === '');
      const endpointMs = this.#deps.clock.monotonicMs();
      const doneProbability = this.#verdict.probability;
      const turn = { ...this.#turn, text, heardAs: this.#heardAs(), confirmed, endpointMs, doneProbability };
      this.#pace.turnEnded();
      this.#release();
      this.#listener.turn(turn);
    });
  }

  /** Runs `task` when the caller has been silent for `silenceMs`. */
  #wait(silenceMs: number, task: () => void): void {
    this.#cancelWait();
    const delayMs = this.#turn.lastPacketMs + silenceMs - this.#deps.clock.monotonicMs();
    this.#cancelWait = this.#deps.timers.schedule(delayMs, task);
  }

  #limitReached(): void {
    const nowMs = this.#deps.clock.monotonicMs();
    this.#speaking = false;
    Object.assign(this.#turn, { lastPacketMs: nowMs, vadEndMs: nowMs });
    if (this.#utterance) this.#finish();
    else this.#awaitCommit();
  }

  #policyMs(): number {
    const { policy, language, vocabulary } = this.#deps;
    const expected = completeSentences(vocabulary);
    const { expectation } = this;
    const { probability: doneProbability } = this.#verdict;
    return this.#pace.wait(policy({ text: this.#text(), language, expected, expectation, doneProbability }));
  }

  /** As it goes into the transcript and to the model. */
  #said(): string {
    const { transcribeFillers = true, language } = this.#deps;
    return transcribeFillers ? this.#text() : withoutFillers(this.#text(), language);
  }

  #text(): string {
    const segments = this.#segments.map(({ text }) => text);
    return [...segments, this.#utterance?.partial ?? ''].filter((text) => text !== '').join(' ');
  }

  /** Noise between the words is left out. */
  #heardAs(): string[] | undefined {
    const spoken = this.#segments.filter(({ text }) => text !== '');
    const heard = spoken.flatMap(({ heardAs }) => heardAs ?? []);
    return heard.length === 0 || heard.length < spoken.length ? undefined : heard;
  }

  #release(): void {
    this.#cancelWait();
    this.#cancelLimit();
    this.#cancelLate();
    this.#verdict.forget();
    this.#fedUntil = Math.max(this.#fedUntil, this.#utterance?.fedUntil ?? 0);
    this.#abort = undefined;
    this.#utterance = undefined;
    this.#segments = [];
    this.#awaited = 0;
    this.#speaking = false;
  }
}

const emptyTurn = (startMs: number): CallerTurn => ({
  text: '',
  heardAs: undefined,
  confirmed: false,
  startMs,
  lastPacketMs: startMs,
  vadEndMs: startMs,
  sttFinalMs: startMs,
  endpointMs: startMs,
  doneProbability: undefined,
});
