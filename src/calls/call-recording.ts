import { AppError } from '../core/errors.js';
import type { Call } from '../domain/call.js';
import type { MediaSession } from '../domain/ports/media.js';
import type { CallRecord } from './call-record.js';
import type { AgentTarget, AnsweringTarget } from './inbound-route.js';
import type { Recordings } from './recordings.js';

/** The recording of one call: begun once, paused while what is said must not be kept. */
export class CallRecording {
  readonly #record: CallRecord;
  readonly #recordings: Recordings;
  #session: MediaSession | undefined;
  #paused = false;
  #hushed = false;
  /** The calls of the agent that leads this one now are not recorded. */
  #unwanted = false;

  constructor(record: CallRecord, recordings: Recordings) {
    this.#record = record;
    this.#recordings = recordings;
  }

  /** The second and later times do nothing, nor does the first for an agent whose calls are not recorded. A call goes on without its recording. */
  begin(session: MediaSession, target: AnsweringTarget | undefined): void {
    if (this.#session || (target?.kind === 'agent' && target.settings.callRecording === false)) return;
    this.#session = session;
    const { path, kept, seal } = this.#recordings.place(this.#record.call);
    try {
      session.startRecording(path, seal);
      this.#record.recordedTo(kept);
    } catch (error) {
      this.#record.log.error({ err: error }, 'recording not started');
    }
  }

  /** Another agent goes on with the call: it is recorded from now on, or not, as the calls of that one are. */
  follow(session: MediaSession, target: AgentTarget): void {
    this.begin(session, target);
    this.#unwanted = target.settings.callRecording === false;
    if (this.#session && this.#record.call.recordingPath !== undefined) this.#apply(this.#session);
  }

  /** What is said now is nobody's to keep, whatever an operator says. Does nothing on a call that is not recorded. */
  hush(hushed: boolean): void {
    this.#hushed = hushed;
    if (this.#session && this.#record.call.recordingPath !== undefined) this.#apply(this.#session);
  }

  /** Resolves when the record says so. Idempotent. @throws AppError `conflict` when the call is not recorded. */
  pause(): Promise<Call> {
    return this.#switch(true);
  }

  /** As `pause`. */
  resume(): Promise<Call> {
    return this.#switch(false);
  }

  async #switch(paused: boolean): Promise<Call> {
    const record = this.#record;
    const session = this.#session;
    if (!session || record.call.recordingPath === undefined) {
      throw new AppError('conflict', `call ${record.id} is not recorded`, { publicMessage: 'The call is not recorded' });
    }
    this.#paused = paused;
    // Somebody wants it now.
    if (!paused) this.#unwanted = false;
    this.#apply(session);
    await record.journal.settled();
    return record.call;
  }

  #apply(session: MediaSession): void {
    const paused = this.#paused || this.#hushed || this.#unwanted;
    if (paused) session.pauseRecording();
    else session.resumeRecording();
    this.#record.recordingPaused(paused);
  }
}
