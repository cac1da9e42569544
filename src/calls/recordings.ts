import { mkdirSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { isAbsolute, join, relative } from 'node:path';
import { AppError } from '../core/errors.js';
import { isSealed, openRecording, type RecordingFile } from '../core/recording-file.js';
import type { RecordingKeys, Seal } from '../core/recording-seal.js';
import type { Call } from '../domain/call.js';
import { AUDIO_RATE_HZ } from '../domain/ports/media.js';
import { repairRecording } from './repair-recording.js';

/** Of all recordings, below the data directory. */
export const RECORDINGS_FOLDER = 'recordings';

/** The recordings of calls as files, encrypted at rest when there are keys. */
export class Recordings {
  readonly #dataDir: string;
  readonly #keys: RecordingKeys;

  constructor(dataDir: string, keys: RecordingKeys) {
    this.#dataDir = dataDir;
    this.#keys = keys;
  }

  /** @throws Error when the folder cannot be made. */
  makeFolder(): void {
    mkdirSync(join(this.#dataDir, RECORDINGS_FOLDER), { recursive: true });
  }

  /** Makes the file of a call that a killed server left behind whole. Returns when it was last written. @throws Error when it cannot. */
  async recover(kept: string): Promise<number> {
    const path = join(this.#dataDir, kept);
    const { mtimeMs } = await stat(path);
    // A sealed one has no header that could be behind.
    if (!(await isSealed(path))) await repairRecording(path);
    return mtimeMs;
  }

  /** Where a new one goes: `kept` is what the call's record says, relative to the data directory. */
  place(call: Pick<Call, 'id' | 'tenantId'>): { path: string; kept: string; seal: Seal | undefined } {
    const kept = join(RECORDINGS_FOLDER, `${call.id}.wav`);
    return { path: join(this.#dataDir, kept), kept, seal: this.#keys.seal(call.tenantId, AUDIO_RATE_HZ) };
  }

  /**
   * That of an ended call, for whoever closes it.
   *
   * @throws AppError `conflict` while the call goes on, `recording_not_found` when there is none, its file is gone or its key is not known.
   */
  async open(call: Call): Promise<RecordingFile> {
    if (call.status === 'initiated' || call.status === 'in_progress') {
      throw new AppError('conflict', `call ${call.id} is being recorded`, {
        publicMessage: 'The recording is available when the call has ended',
      });
    }
    const path = join(this.#dataDir, call.recordingPath ?? '');
    const inside = relative(this.#dataDir, path);
    if (call.recordingPath === undefined || inside.startsWith('..') || isAbsolute(inside)) throw missing(call);
    return await openRecording(path, this.#keys, call.tenantId)
      .catch((error: unknown) => this.#openConverted(path, call, error))
      .catch((cause: unknown) => {
        throw missing(call, cause);
      });
  }

  /** Whoever read the record a moment ago may look for the WAV that is an Ogg by now. */
  async #openConverted(path: string, call: Call, error: unknown): Promise<RecordingFile> {
    if (!path.endsWith('.wav') || (error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    return await openRecording(`${path.slice(0, -'.wav'.length)}.ogg`, this.#keys, call.tenantId);
  }
}

const missing = (call: Call, cause?: unknown): AppError =>
  new AppError('recording_not_found', `no recording of call ${call.id}`, { cause });
