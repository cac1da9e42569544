import type { Cancel, Clock } from '../core/clock.js';
import { background, type Logger } from '../core/log.js';
import { resample } from '../core/resample.js';
import { AUDIO_RATE_HZ } from '../domain/ports/media.js';
import type { SpeechSuite } from '../domain/ports/speech.js';
import { within } from '../pipeline/deadline.js';
import { type CutUtterance, UtteranceCutter } from './utterance-cutter.js';

export type OperatorEarDeps = {
  clock: Clock;
  log: () => Logger;
  /** Asked for when somebody has said something. */
  hearing: () => Pick<SpeechSuite, 'stt' | 'vocabulary'> & { language: string };
  /** Times are monotonic milliseconds. */
  said: (text: string, startMs: number, endMs: number) => void;
};

/** Audio is brought to our rate in pieces of this length, whatever it comes in. */
const PIECE_MS = 250;
/** Who sends only while they speak is done after so much silence. */
const STOPPED_AFTER_MS = 800;
const UNDERSTOOD_WITHIN_MS = 20_000;
/** Utterances that wait for a recogniser that is slow; more are left out. */
const MOST_WAITING = 10;

/** Understands what operators say on a call with their own voice, and tells it in the order it was said. */
export class OperatorEar {
  readonly #deps: OperatorEarDeps;
  readonly #cutter = new UtteranceCutter((utterance) => this.#cut(utterance));
  readonly #files = new Set<Cancel>();
  readonly #closing = new AbortController();
  #pieces: Int16Array[] = [];
  #samples = 0;
  #rateHz = AUDIO_RATE_HZ;
  #cancelStop: Cancel = () => {};
  #understood: Promise<void> = Promise.resolve();
  #waiting = 0;
  #deaf = false;

  constructor(deps: OperatorEarDeps) {
    this.#deps = deps;
  }

  /** Mono of any rate, as it is spoken. */
  hear(pcm: Int16Array, rateHz: number): void {
    if (this.#deaf || this.#closing.signal.aborted) return;
    if (rateHz !== this.#rateHz) this.#take();
    this.#rateHz = rateHz;
    this.#pieces.push(pcm);
    this.#samples += pcm.length;
    if (this.#samples * 1000 >= rateHz * PIECE_MS) this.#take();
    this.#cancelStop();
    this.#cancelStop = this.#deps.clock.schedule(STOPPED_AFTER_MS, () => this.#stopped());
  }

  /** Audio that is played from `inMs` on; it is heard as time passes. */
  hearFile(pcm: Int16Array, rateHz: number, inMs: number): void {
    const length = Math.round((rateHz * PIECE_MS) / 1000);
    const next = (at: number, delayMs: number): void => {
      const cancel = this.#deps.clock.schedule(delayMs, () => {
        this.#files.delete(cancel);
        this.hear(pcm.subarray(at, at + length), rateHz);
        if (at + length < pcm.length) next(at + length, PIECE_MS);
      });
      this.#files.add(cancel);
    };
    if (!this.#closing.signal.aborted) next(0, inMs);
  }

  /** What is said now is nobody's to keep. */
  hush(hushed: boolean): void {
    this.#deaf = hushed;
    this.#pieces = [];
    this.#samples = 0;
    this.#cutter.forget();
  }

  /** The call is over: what is not understood by now will not be. */
  close(): void {
    this.#closing.abort(new Error('the call is over'));
    this.#cancelStop();
    for (const cancel of this.#files) cancel();
  }

  #stopped(): void {
    this.#take();
    this.#cutter.end();
  }

  #take(): void {
    if (this.#samples === 0) return;
    const all = new Int16Array(this.#samples);
    let at = 0;
    for (const piece of this.#pieces) {
      all.set(piece, at);
      at += piece.length;
    }
    this.#pieces = [];
    this.#samples = 0;
    this.#cutter.hear(resample(all, this.#rateHz, AUDIO_RATE_HZ));
  }

  #cut({ pcm, endedMsAgo }: CutUtterance): void {
    const { clock, log } = this.#deps;
    if (this.#waiting === MOST_WAITING) {
      log().warn({ waiting: this.#waiting }, 'words of an operator left out: the recogniser is too slow');
      return;
    }
    const nowMs = clock.monotonicMs();
    const span = { startMs: nowMs - (pcm.length * 1000) / AUDIO_RATE_HZ, endMs: nowMs - endedMsAgo };
    this.#waiting += 1;
    this.#understood = this.#understood.then(async () => {
      await this.#understand(pcm, span).catch((error: unknown) => {
        if (!this.#closing.signal.aborted) log().warn({ err: error, stage: 'stt' }, 'words of an operator not understood');
      });
      this.#waiting -= 1;
    });
    background(this.#understood, 'words of an operator', log());
  }

  async #understand(pcm: Int16Array, { startMs, endMs }: { startMs: number; endMs: number }): Promise<void> {
    const { clock, hearing, said } = this.#deps;
    const { signal } = this.#closing;
    signal.throwIfAborted();
    const { stt, vocabulary = { sentences: [] }, language } = hearing();
    if (!stt.understands) return;
    const stream = stt.open({ language, vocabulary, band: 'wide', signal });
    stream.write(pcm);
    const limit = { clock, limitMs: UNDERSTOOD_WITHIN_MS, signal, what: 'the recogniser' };
    const text = (await within(stream.finish(), limit)).text.trim();
    if (text !== '' && !signal.aborted) said(text, startMs, endMs);
  }
}
