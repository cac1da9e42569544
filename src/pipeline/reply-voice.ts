import type { Clock } from '../core/clock.js';
import { AppError, toError } from '../core/errors.js';
import type { AgentSettings } from '../domain/agent.js';
import { fillPlaceholders, type Values } from '../domain/placeholders.js';
import { AUDIO_RATE_HZ, type Playout } from '../domain/ports/media.js';
import type { SpokenItem, SpokenPiece, TextToSpeech } from '../domain/ports/speech.js';
import { within } from './deadline.js';
import { HeardLedger } from './heard-ledger.js';
import type { TurnTimes } from './turn-times.js';

const AUDIO_WITHIN_MS = 5_000;
/** Clauses synthesised ahead of the one being heard: enough to hide the synthesiser, little to throw away at an interruption. */
const CLAUSES_AHEAD = 2;

const SILENCE: Promise<void> = Promise.resolve();

export type ReplyVoiceDeps = {
  clock: Clock;
  playout: Playout;
  tts: TextToSpeech;
  agent: AgentSettings;
  times: TurnTimes;
  variables?: (() => Values) | undefined;
  /** Nothing more is to be said. */
  signal: AbortSignal;
};

export type ReplyVoiceListener = {
  /** The first audio lies in the queue. */
  audible(): void;
  /** Audio of a clause, or of a filler, begins to be queued. */
  begun(isFiller: boolean): void;
  /** The synthesiser failed; `failure` says why. */
  failed(): void;
};

/** What a model says by itself; `before`: its words until its audio begins, which has that index in the ledger. */
type Spoken = { item: SpokenItem; clause: Clause; before: string; index: number | undefined };
type Clause = { text: string; isFiller: boolean; isSpoken?: true };

/** The voice of one reply: its clauses become audio one after the other, and it knows which of them were sent. */
export class ReplyVoice {
  readonly #deps: ReplyVoiceDeps;
  readonly #listener: ReplyVoiceListener;
  readonly #ledger = new HeardLedger();
  /** The synthesis of the clauses, one after the other. */
  #voiced = SILENCE;
  #failure: Error | undefined;
  /** By id: whether a filler begins there. */
  readonly #marks = new Map<number, boolean>();
  /** What it means to say; how many of them have audio; of how many a packet was sent. */
  readonly #clauses: Clause[] = [];
  readonly #items = new Map<string, Spoken>();
  #begun = 0;
  #sent = 0;
  #hasAudio = false;
  #startedMs: number | undefined;
  #wakeAhead: () => void = () => undefined;
  #wakeSpoken: () => void = () => undefined;

  constructor(deps: ReplyVoiceDeps, listener: ReplyVoiceListener) {
    this.#deps = deps;
    this.#listener = listener;
    deps.signal.addEventListener('abort', () => {
      this.#wakeAhead();
      this.#wakeSpoken();
    });
  }

  /** Its first audio lies in the queue, or has left it. */
  get audible(): boolean {
    return this.#hasAudio;
  }

  /** When its first packet left. */
  get startedMs(): number | undefined {
    return this.#startedMs;
  }

  get failure(): Error | undefined {
    return this.#failure;
  }

  /** Everything it means to say, as far as that is known. */
  get text(): string {
    return this.#clauses.map(({ text }) => text.trim()).join(' ');
  }

  /** There are words beside fillers. */
  get hasWords(): boolean {
    return this.#clauses.some(({ isFiller }) => !isFiller);
  }

  /** What had been sent at this playout position. */
  heard(position = this.#deps.playout.position()): { text: string; withoutFillers: string; wordSamples: number } {
    const text = this.#ledger.heardText(position);
    return { text, withoutFillers: this.#ledger.heardText(position, false), wordSamples: this.#ledger.wordSamples(position) };
  }

  /** Returns whether the mark was one of these clauses. */
  onMark(id: number, atMs: number): boolean {
    const isFiller = this.#marks.get(id);
    if (isFiller === undefined) return false;
    this.#marks.delete(id);
    this.#sent += 1;
    this.#startedMs ??= atMs;
    this.#deps.times.stamp(isFiller ? 'fillerMs' : 'firstPacketMs', atMs);
    this.#wakeAhead();
    return true;
  }

  onDrained(): void {
    this.#wakeSpoken();
  }

  say(text: string): void {
    const clause = fillPlaceholders(text, this.#deps.variables?.() ?? {}, '');
    // Punctuation alone has no sound.
    if (!/[\p{L}\p{N}]/u.test(clause)) return;
    this.#clauses.push({ text: clause, isFiller: false });
    this.#deps.times.stamp('firstClauseMs', this.#deps.clock.monotonicMs());
    this.#voiced = this.#voiced.then(() => this.#voice(clause, false));
    this.#voiced.catch((error: unknown) => {
      this.#failure ??= toError(error);
      this.#listener.failed();
    });
  }

  /** Says what a model says by itself. */
  speak(piece: SpokenPiece): void {
    const { item, text = '' } = piece;
    let spoken = this.#items.get(item.id);
    if (!spoken) {
      spoken = { item, clause: { text: '', isFiller: false, isSpoken: true }, before: '', index: undefined };
      this.#items.set(item.id, spoken);
      this.#clauses.push(spoken.clause);
      this.#deps.times.stamp('firstClauseMs', this.#deps.clock.monotonicMs());
    }
    spoken.clause.text += text;
    const known = spoken;
    this.#voiced = this.#voiced.then(() => this.#sound(piece, known));
    this.#voiced.catch((error: unknown) => {
      this.#failure ??= toError(error);
      this.#listener.failed();
    });
  }

  /** Tells the model where it was cut off. Returns what it knows that by which was heard; undefined where other words were heard too. */
  heardItems(position = this.#deps.playout.position()): string[] | undefined {
    const heard = [...this.#items.values()].flatMap(({ item, index }) => {
      if (index === undefined) return [];
      const { samples, all } = this.#ledger.sentOf(index, position);
      if (!all) item.cutOff((samples * 1000) / AUDIO_RATE_HZ);
      return samples > 0 ? [item.id] : [];
    });
    const others = this.#clauses.some(({ isFiller, isSpoken }) => !isFiller && !isSpoken);
    return others || heard.length === 0 ? undefined : heard;
  }

  /** Says it unless there is something better to say by then. Never fails. */
  fill(filler: string): void {
    this.#voiced = this.#voiced.then(() => this.#voice(filler, true).catch(() => undefined));
    this.#voiced.catch(() => undefined);
  }

  /** A second at a time, so that an interruption throws little away and no long audio is converted in one go. */
  async play(text: string, pcm: Int16Array, rateHz: number): Promise<void> {
    const { clock, playout, times, signal } = this.#deps;
    this.#clauses.push({ text, isFiller: false });
    times.stamp('firstClauseMs', clock.monotonicMs());
    for (let at = 0; at < pcm.length; at += rateHz) {
      await this.#notTooFarAhead();
      if (signal.aborted) return;
      this.#begin(at === 0 ? text : '', false);
      const endPosition = playout.write(pcm.subarray(at, at + rateHz), rateHz);
      // How long it will be is known from the beginning.
      const rest = Math.max(0, pcm.length - at - rateHz);
      this.#ledger.extend(endPosition + Math.round((rest * AUDIO_RATE_HZ) / rateHz));
      this.#ledger.complete();
      this.#announceAudio(false);
    }
  }

  /** Resolves when everything so far has audio. @throws what the synthesiser failed with */
  async voiced(): Promise<void> {
    await this.#voiced;
  }

  /** Resolves when everything so far has been sent, or nothing more is to be said. */
  async spoken(): Promise<void> {
    await this.#voiced;
    const { signal, playout } = this.#deps;
    while (!signal.aborted && playout.queued() > 0) {
      await new Promise<void>((resolve) => {
        this.#wakeSpoken = resolve;
      });
    }
  }

  /** After a failure: what got no audio will not be said, and something else may be. */
  recover(): void {
    this.#failure = undefined;
    this.#voiced = SILENCE;
    this.#clauses.length = this.#begun;
  }

  async #voice(clause: string, isFiller: boolean): Promise<void> {
    await this.#notTooFarAhead();
    const { clock, playout, tts, agent, signal } = this.#deps;
    if (signal.aborted || (isFiller && this.#isWaiting)) return;
    const request = { text: clause, language: agent.language, voiceSettings: agent.voiceSettings, signal };
    const chunks = tts.synthesize(request)[Symbol.asyncIterator]();
    let audible = false;
    try {
      for (;;) {
        const next = await within(chunks.next(), { clock, limitMs: AUDIO_WITHIN_MS, signal, what: 'the synthesiser' });
        if (next.done || signal.aborted) break;
        const { pcm, rateHz } = next.value;
        if (pcm.length === 0) continue;
        if (!audible && isFiller && this.#isWaiting) return;
        if (!audible && isFiller) this.#clauses.push({ text: clause, isFiller });
        if (!audible) this.#begin(clause, isFiller);
        audible = true;
        this.#ledger.extend(playout.write(pcm, rateHz));
        this.#announceAudio(isFiller);
      }
    } finally {
      chunks.return?.().catch(() => undefined);
    }
    if (!audible && !signal.aborted) throw new AppError('provider_failed', 'the synthesiser made no audio');
    this.#ledger.complete();
  }

  async #sound({ text = '', audio, done }: SpokenPiece, spoken: Spoken): Promise<void> {
    if (spoken.index === undefined) spoken.before += text;
    else this.#ledger.append(text);
    if (audio && spoken.index === undefined) {
      await this.#notTooFarAhead();
      if (this.#deps.signal.aborted) return;
      spoken.index = this.#begin(spoken.before, false, true);
    }
    if (this.#deps.signal.aborted) return;
    if (audio) {
      this.#ledger.extend(this.#deps.playout.write(audio.pcm, audio.rateHz));
      this.#announceAudio(false);
    }
    if (!done) return;
    if (spoken.index !== undefined) return this.#ledger.complete();
    // A model that only writes, although it was to speak.
    delete spoken.clause.isSpoken;
    if (/[\p{L}\p{N}]/u.test(spoken.before)) await this.#voice(spoken.before.trim(), false);
  }

  /** Words are there that have no audio yet. */
  get #isWaiting(): boolean {
    return this.#clauses.length > this.#begun;
  }

  /** `grows`: its words come with its audio. Returns its index in the ledger. */
  #begin(clause: string, isFiller: boolean, grows = false): number | undefined {
    const { playout } = this.#deps;
    this.#begun += 1;
    const start = playout.position() + playout.queued();
    const index = clause !== '' || grows ? this.#ledger.begin(clause, start, isFiller) : undefined;
    this.#marks.set(playout.mark(), isFiller);
    this.#listener.begun(isFiller);
    return index;
  }

  #announceAudio(isFiller: boolean): void {
    const { times, clock } = this.#deps;
    if (!isFiller) times.stamp('firstAudioMs', clock.monotonicMs());
    if (this.#hasAudio) return;
    this.#hasAudio = true;
    this.#listener.audible();
  }

  async #notTooFarAhead(): Promise<void> {
    while (this.#begun - this.#sent >= CLAUSES_AHEAD && !this.#deps.signal.aborted) {
      await new Promise<void>((resolve) => {
        this.#wakeAhead = resolve;
      });
    }
  }
}
