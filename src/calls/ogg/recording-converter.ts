import { readdir, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { background, type Logger } from '../../core/log.js';
import type { Call } from '../../domain/call.js';
import type { CallArchive, RecordedCall } from '../../domain/ports/call-archive.js';
import { RECORDINGS_FOLDER } from '../recordings.js';
import type { Conversion, Converted, OggWorkerSetup } from './worker-protocol.js';

export type RecordingConverterDeps = {
  archive: Pick<CallArchive, 'recordedIn' | 'replaceRecording'>;
  /** Removes the files that are written down as to be removed. */
  removeFiles: () => Promise<void>;
  dataDir: string;
  passphrases: readonly string[];
  log: Logger;
};

const BATCH = 100;

/**
 * Makes Ogg Opus of the recordings of ended calls, one after the other in a thread of the lowest priority; those that an earlier process
 * left as WAV as well. A call names one whole file at all times: the WAV goes only when the Ogg is on the disk and in the record.
 */
export class RecordingConverter {
  readonly #deps: RecordingConverterDeps;
  #worker: Worker | undefined;
  #settle: (answer: Converted) => void = () => {};
  #closed = false;
  #last: Promise<void> = Promise.resolve();

  constructor(deps: RecordingConverterDeps) {
    this.#deps = deps;
  }

  start(): void {
    background(this.#takeUpOld(), 'old recordings as Ogg', this.#deps.log);
  }

  onEnded(call: Call): void {
    const { recordingPath: path } = call;
    if (path !== undefined) this.#add({ id: call.id, tenantId: call.tenantId, path });
  }

  /** Breaks off what is being converted: it is begun anew at the next start. Idempotent. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#worker?.terminate();
    await this.#last;
  }

  async #takeUpOld(): Promise<void> {
    const { archive, dataDir } = this.#deps;
    const names = await readdir(join(dataDir, RECORDINGS_FOLDER)).catch(() => []);
    for (const name of names.filter((file) => file.endsWith('.part'))) {
      await rm(join(dataDir, RECORDINGS_FOLDER, name), { force: true });
    }
    const paths = names.filter((name) => name.endsWith('.wav')).map((name) => join(RECORDINGS_FOLDER, name));
    for (let from = 0; from < paths.length && !this.#closed; from += BATCH) {
      for (const recorded of await archive.recordedIn(paths.slice(from, from + BATCH))) this.#add(recorded);
    }
  }

  #add(recorded: RecordedCall): void {
    if (!recorded.path.endsWith('.wav')) return;
    this.#last = this.#last.then(() => this.#convert(recorded));
  }

  async #convert({ id, tenantId, path }: RecordedCall): Promise<void> {
    if (this.#closed) return;
    const { archive, removeFiles, dataDir, log } = this.#deps;
    const ogg = join(RECORDINGS_FOLDER, `${basename(path, '.wav')}.ogg`);
    try {
      const done = await this.#ask({ from: join(dataDir, path), to: join(dataDir, ogg), tenant: tenantId });
      if (!done.ok) throw new Error(done.reason);
      await archive.replaceRecording(tenantId, id, path, ogg);
      await removeFiles();
    } catch (error) {
      if (!this.#closed) log.error({ err: error, callId: id }, 'recording stays WAV');
    }
  }

  /** One at a time. */
  #ask(conversion: Conversion): Promise<Converted> {
    const worker = this.#worker ?? this.#startWorker();
    return new Promise((resolve) => {
      this.#settle = resolve;
      worker.postMessage(conversion);
    });
  }

  #startWorker(): Worker {
    const setup: OggWorkerSetup = { passphrases: this.#deps.passphrases };
    const worker = new Worker(new URL('./ogg.worker.js', import.meta.url), { workerData: setup, name: 'ogg' });
    worker.on('message', (answer: Converted) => this.#settle(answer));
    worker.on('error', (error) => this.#deps.log.error({ err: error }, 'thread that converts recordings died'));
    worker.once('exit', () => {
      this.#worker = undefined;
      this.#settle({ ok: false, reason: 'the thread that converts left' });
    });
    this.#worker = worker;
    return worker;
  }
}
