import type { Cancel } from '../core/clock.js';
import { toError } from '../core/errors.js';
import type { MediaSession } from '../domain/ports/media.js';
import type { Vocabulary } from '../domain/ports/speech.js';
import type { VoiceEvent } from '../domain/ports/voice-activity.js';
import { completeSentences, ENDPOINT_CAP_MS, type EndpointPolicy } from './endpointing.js';
import { Utterance, type UtteranceDeps } from './utterance.js';

/** Before the onset, so that the first sound of a word reaches the recogniser: 500 ms. */
const PRE_ROLL_SAMPLES = 8_000;
/** From here on the recogniser works on its final text while the policy still waits. */
const EARLY_FINISH_MS = 200;
/** Time the final text takes, where the policy waits for long anyway. */
const FINISH_BEFORE_COMMIT_MS = 400;
const NEUTRAL_WAIT_MS = 600;
/** A radio in the background must not hold the floor for ever. */
const MAX_TURN_MS = 60_000;
/** How late the detector tells an end: five windows. */
const VAD_TAIL_MS = 160;

/** What the caller said until the policy gave the floor to the agent. Times are monotonic milliseconds. */
export type CallerTurn = {
  text: string;
  /** It was certainly speech, with words or without. */
  confirmed: boolean;
  startMs: number;
  /** Arrival of the packet with the caller's last speech. */
  lastPacketMs: number;
  vadEndMs: number;
  sttFinalMs: number;
  endpointMs: number;
};

export type FloorListener = {
  /** The words understood so far, while the caller speaks. */
  partial(text: string): void;
  /** The recogniser is sure of everything said so far; the caller may go on. */
  settled(text: string): void;
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
};

/** The caller's side: from the first suspicion of speech to the end of the turn, over any number of pauses. */
export class CallerFloor {
  readonly #deps: FloorDeps;
  readonly #listener: FloorListener;
  /** One per turn; present while the caller has the floor. */
  #abort: AbortController | undefined;
  #utterance: Utterance | undefined;
  /** Text of each finished utterance, '' while its final is awaited. */
  #segments: string[] = [];
  #awaited = 0;
  #speaking = false;
  #fedUntil = 0;
  #cancelWait: Cancel = () => undefined;
  #cancelLimit: Cancel = () => undefined;
  #turn = emptyTurn(0);

  constructor(deps: FloorDeps, listener: FloorListener) {
    this.#deps = deps;
    this.#listener = listener;
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

  onset(event: VoiceEvent): void {
    if (!this.#abort) {
      this.#abort = new AbortController();
      this.#turn = emptyTurn(this.#deps.media.arrivalMs(event.sample) ?? event.atMs);
      this.#cancelLimit = this.#deps.timers.schedule(MAX_TURN_MS, () => this.#limitReached());
    }
    this.#speaking = true;
    this.#cancelWait();
    this.#utterance ??= this.#listen(event.sample, this.#abort.signal);
  }

  confirmed(): void {
    if (this.taken) this.#turn.confirmed = true;
  }

  ended(event: VoiceEvent): void {
    if (!this.taken) return;
    this.#speaking = false;
    this.#turn.lastPacketMs = this.#deps.media.arrivalMs(event.sample - 1) ?? event.atMs - VAD_TAIL_MS;
    this.#turn.vadEndMs = event.atMs;
    if (!this.#utterance) return this.#awaitCommit();
    const wait = this.#policyMs();
    this.#wait(wait <= NEUTRAL_WAIT_MS ? EARLY_FINISH_MS : wait - FINISH_BEFORE_COMMIT_MS, () => this.#finish());
  }

  /** Takes the floor away. Returns what was understood so far, and since when, if anything. */
  abandon(): { text: string; startMs: number } {
    const said = { text: this.#text(), startMs: this.#turn.startMs };
    this.#abort?.abort();
    this.#release();
    return said;
  }

  #listen(onsetSample: number, signal: AbortSignal): Utterance {
    const { language, vocabulary, band } = this.#deps;
    const from = Math.max(0, this.#fedUntil, onsetSample - PRE_ROLL_SAMPLES);
    const onPartial = (): void => {
      if (!signal.aborted) this.#listener.partial(this.#text());
    };
    return new Utterance(this.#deps, { language, vocabulary, band, signal, onPartial }, from);
  }

  /** Ends the utterance, but not the turn: a caller who goes on opens the next utterance, and the texts are joined. */
  #finish(): void {
    const utterance = this.#utterance;
    const signal = this.#abort?.signal;
    if (!utterance || !signal) return;
    const segment = this.#segments.push(utterance.partial) - 1;
    this.#utterance = undefined;
    this.#awaited += 1;
    const finished = utterance.finish();
    this.#fedUntil = utterance.fedUntil;
    finished.then(
      (text) => {
        if (signal.aborted || this.#abort?.signal !== signal) return;
        this.#segments[segment] = text;
        this.#awaited -= 1;
        this.#turn.sttFinalMs = this.#deps.clock.monotonicMs();
        this.#listener.settled(this.#text());
        if (this.#abort?.signal === signal) this.#awaitCommit();
      },
      (error: unknown) => {
        if (signal.aborted || this.#abort?.signal !== signal) return;
        this.#release();
        this.#listener.failed(toError(error));
      },
    );
  }

  #awaitCommit(): void {
    if (this.#speaking || this.#awaited > 0 || this.#utterance) return;
    this.#wait(this.#policyMs(), () => {
      const turn = { ...this.#turn, text: this.#text(), endpointMs: this.#deps.clock.monotonicMs() };
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
    return Math.min(ENDPOINT_CAP_MS, policy({ text: this.#text(), language, expected: completeSentences(vocabulary) }));
  }

  #text(): string {
    return [...this.#segments, this.#utterance?.partial ?? ''].filter((text) => text !== '').join(' ');
  }

  #release(): void {
    this.#cancelWait();
    this.#cancelLimit();
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
  confirmed: false,
  startMs,
  lastPacketMs: startMs,
  vadEndMs: startMs,
  sttFinalMs: startMs,
  endpointMs: startMs,
});
