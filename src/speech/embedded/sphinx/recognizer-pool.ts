import type { Cancel, Clock } from '../../../core/clock.js';
import { AppError } from '../../../core/errors.js';
import type { Logger } from '../../../core/log.js';
import { DecoderProcess } from './decoder-process.js';
import type { Band, ChildSettings, DecoderModel, FromChild } from './recognizer-protocol.js';
import { type Ending, Utterance } from './utterance.js';

/** As many decoders as a child keeps: what is told to be loaded here is loaded there. */
const MAX_LOADED = 6;
/** A process that dies before it was ready is started again after this, doubled each time up to the maximum. */
const RESTART_DELAY_MS = { min: 250, max: 30_000 } as const;
/** Compiling and loading a vocabulary takes a fraction of this on an idle machine. */
const PREPARE_DEADLINE_MS = 30_000;

type Preparation = { resolve(): void; reject(error: AppError): void; cancelDeadline: Cancel };
type Member = {
  process: DecoderProcess;
  ready: boolean;
  utterance: Utterance | undefined;
  preparations: Map<number, Preparation>;
  /** Names of the models it has loaded, most recently used last. */
  loaded: string[];
};

type PoolOptions = { settings: ChildSettings; size: number; maxSize: number; clock: Clock; log: Logger };
type OpenOptions = { model: DecoderModel; signal: AbortSignal; onPartial: ((text: string) => void) | undefined };

const nameOf = (model: { band: Band; key: string }): string => `${model.band} ${model.key}`;
const failed = (message: string): AppError => new AppError('provider_failed', message);

/**
 * Recogniser processes, one utterance each at a time. Utterances that find none free wait in order while the pool grows to its
 * maximum. A process that dies takes its own utterance with it and is replaced.
 */
export class RecognizerPool {
  readonly #options: PoolOptions;
  readonly #members = new Set<Member>();
  /** What new processes load before they are asked, most recently prepared last. */
  readonly #prepared = new Map<string, DecoderModel>();
  #queue: Utterance[] = [];
  #nextId = 1;
  #restartDelayMs: number = RESTART_DELAY_MS.min;
  #cancelRestart: Cancel | undefined;
  #closed = false;
  #firstReady: { resolve(): void; reject(error: Error): void } | undefined;

  constructor(options: PoolOptions) {
    this.#options = options;
  }

  /** Resolves when a process is ready. @throws Error with the reason when the libraries cannot be loaded */
  async start(): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#firstReady = { resolve, reject };
      this.#fill();
      for (const member of this.#members) member.process.ref();
    });
    for (const member of this.#members) this.#rest(member);
  }

  get processIds(): number[] {
    return [...this.#members].flatMap(({ process }) => process.pid ?? []);
  }

  open(options: OpenOptions): Utterance {
    const utterance: Utterance = new Utterance({ ...options, id: this.#nextId++, clock: this.#options.clock }, (ending) =>
      this.#onEnded(utterance, ending),
    );
    if (this.#closed) utterance.fail('the recogniser is closed');
    else if (!options.signal.aborted) this.#queue.push(utterance);
    utterance.open();
    this.#dispatch();
    return utterance;
  }

  /** Loads `model` in all processes that are not in the middle of an utterance, and later in those to come. */
  async prepare(model: DecoderModel): Promise<void> {
    this.#prepared.delete(nameOf(model));
    this.#prepared.set(nameOf(model), model);
    for (const name of this.#prepared.keys()) if (this.#prepared.size > MAX_LOADED) this.#prepared.delete(name);
    const free = [...this.#members].filter((member) => !member.utterance);
    await Promise.all(free.map((member) => this.#load(member, model)));
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#cancelRestart?.();
    const members = [...this.#members];
    this.#members.clear();
    for (const utterance of this.#queue) utterance.fail('the recogniser is closed');
    for (const member of members) this.#failWork(member, 'the recogniser is closed');
    await Promise.all(members.map(({ process }) => process.close()));
  }

  #fill(): void {
    while (!this.#closed && this.#members.size < this.#options.size) this.#add();
  }

  #add(): Member {
    const process: DecoderProcess = new DecoderProcess(this.#options.settings, this.#options.clock, {
      onMessage: (message) => this.#onMessage(member, message),
      onExit: (description) => this.#onExit(member, description),
    });
    const member: Member = { process, ready: false, utterance: undefined, preparations: new Map(), loaded: [] };
    this.#members.add(member);
    return member;
  }

  #dispatch(): void {
    while (this.#queue.length > 0) {
      const free = [...this.#members].filter((member) => member.ready && !member.utterance);
      if (free.length === 0) break;
      const utterance = this.#queue.shift();
      if (!utterance) return;
      this.#assign(free.find((member) => member.loaded.includes(nameOf(utterance.model))) ?? (free[0] as Member), utterance);
    }
    const coming = [...this.#members].filter((member) => !member.ready).length;
    const wanted = Math.min(this.#queue.length - coming, this.#options.maxSize - this.#members.size);
    if (this.#cancelRestart || this.#closed) return;
    for (let i = 0; i < wanted; i++) this.#add();
    if (this.#queue.length > 0) for (const member of this.#members) member.process.ref();
  }

  #assign(member: Member, utterance: Utterance): void {
    const { process } = member;
    const { id, model } = utterance;
    member.utterance = utterance;
    process.ref();
    process.send({ type: 'start', id, model });
    noteLoaded(member, model);
    utterance.attach({
      audio: (pcm) => process.send({ type: 'audio', id, pcm }),
      finish: () => process.send({ type: 'finish', id }),
    });
  }

  #load(member: Member, model: DecoderModel): Promise<void> {
    if (member.loaded.includes(nameOf(model))) return Promise.resolve();
    const id = this.#nextId++;
    noteLoaded(member, model);
    member.process.ref();
    return new Promise((resolve, reject) => {
      const cancelDeadline = this.#options.clock.schedule(PREPARE_DEADLINE_MS, () => member.process.kill());
      member.preparations.set(id, { resolve, reject, cancelDeadline });
      member.process.send({ type: 'prepare', id, model });
    });
  }

  #onMessage(member: Member, message: FromChild): void {
    switch (message.type) {
      case 'ready':
        member.ready = true;
        this.#restartDelayMs = RESTART_DELAY_MS.min;
        this.#firstReady?.resolve();
        this.#firstReady = undefined;
        return this.#rest(member);
      case 'broken':
        this.#options.log.error({ reason: message.message }, 'the recogniser cannot be loaded');
        this.#firstReady?.reject(new Error(message.message));
        this.#firstReady = undefined;
        return;
      case 'guessed':
        return this.#options.log.info(
          { words: message.words.slice(0, 50) },
          'pronunciations guessed for words no dictionary has',
        );
      case 'partial':
        if (member.utterance?.id === message.id) member.utterance.partial(message.text);
        return;
      case 'prepared':
        return this.#settlePreparation(member, message.id, undefined);
      case 'final':
        if (member.utterance?.id !== message.id) return;
        return this.#release(member, (utterance) => utterance.answer({ text: message.text, confidence: message.confidence }));
      case 'failed':
        return this.#onFailed(member, message.id, message.message);
    }
  }

  #onFailed(member: Member, id: number, message: string): void {
    this.#options.log.warn({ reason: message }, 'the recogniser failed');
    // Whatever it had loaded may be gone: let it be asked again.
    member.loaded = [];
    if (member.preparations.has(id)) this.#settlePreparation(member, id, failed(message));
    else if (member.utterance?.id === id) this.#release(member, (utterance) => utterance.fail(message));
  }

  #settlePreparation(member: Member, id: number, error: AppError | undefined): void {
    const preparation = member.preparations.get(id);
    if (!preparation) return;
    member.preparations.delete(id);
    preparation.cancelDeadline();
    if (error) preparation.reject(error);
    else preparation.resolve();
    this.#rest(member);
  }

  #release(member: Member, settle: (utterance: Utterance) => void): void {
    const { utterance } = member;
    member.utterance = undefined;
    if (utterance) settle(utterance);
    this.#rest(member);
  }

  /** A process without an utterance: next in the queue, or a model it has not loaded yet, or nothing, which must not keep us running. */
  #rest(member: Member): void {
    this.#dispatch();
    if (member.utterance || this.#closed || !this.#members.has(member)) return;
    if (member.preparations.size > 0 || !member.ready) return;
    const missing = [...this.#prepared.values()].find((model) => !member.loaded.includes(nameOf(model)));
    if (missing)
      this.#load(member, missing).catch((error: unknown) => this.#options.log.warn({ err: error }, 'vocabulary not loaded'));
    else member.process.unref();
  }

  #onEnded(utterance: Utterance, ending: Ending): void {
    this.#queue = this.#queue.filter((queued) => queued !== utterance);
    const member = [...this.#members].find((candidate) => candidate.utterance === utterance);
    if (!member || ending === 'answered') return;
    // A cancelled utterance still has to be ended by its process, which is free again when it says so; a hanging one never will.
    if (ending === 'late') member.process.kill();
    else member.process.send({ type: 'cancel', id: utterance.id });
  }

  #onExit(member: Member, description: string): void {
    if (!this.#members.delete(member)) return;
    this.#options.log.warn({ reason: description }, 'a recogniser process ended');
    this.#failWork(member, 'the recogniser process ended');
    this.#firstReady?.reject(new Error(`the recogniser process ended: ${description}`));
    this.#firstReady = undefined;
    if (member.ready) {
      this.#fill();
      return this.#dispatch();
    }
    this.#cancelRestart ??= this.#options.clock.schedule(this.#restartDelayMs, () => {
      this.#cancelRestart = undefined;
      this.#fill();
      this.#dispatch();
    });
    this.#restartDelayMs = Math.min(this.#restartDelayMs * 2, RESTART_DELAY_MS.max);
  }

  #failWork(member: Member, message: string): void {
    for (const preparation of member.preparations.values()) {
      preparation.cancelDeadline();
      preparation.reject(failed(message));
    }
    member.preparations.clear();
    member.utterance?.fail(message);
    member.utterance = undefined;
  }
}

function noteLoaded(member: Member, model: DecoderModel): void {
  member.loaded = [...member.loaded.filter((name) => name !== nameOf(model)), nameOf(model)].slice(-MAX_LOADED);
}
