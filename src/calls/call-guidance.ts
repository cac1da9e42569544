import { AppError } from '../core/errors.js';
import { type AgentGuidance, type GuidanceChange, UNGUIDED } from '../domain/agent-guidance.js';
import type { Call } from '../domain/call.js';
import type { CallAudio } from './call-audio.js';
import type { CallRecord } from './call-record.js';

/** How an operator leads the agent of one answered call. */
export class CallGuidance {
  readonly #record: CallRecord;
  readonly #audio: Pick<CallAudio, 'conversation'>;

  constructor(record: CallRecord, audio: Pick<CallAudio, 'conversation'>) {
    this.#record = record;
    this.#audio = audio;
  }

  get now(): AgentGuidance {
    return this.#record.call.guidance ?? UNGUIDED;
  }

  /** Resolves when the record says so. @throws AppError `conflict` when no agent speaks, or this one cannot be led so. */
  async change(change: GuidanceChange): Promise<Call> {
    const { conversation } = this.#audio;
    if (!conversation) {
      const publicMessage = 'No agent speaks on this call';
      throw new AppError('conflict', publicMessage, { publicMessage });
    }
    const guidance = { ...this.now, ...change };
    conversation.guide(guidance);
    this.#record.guided(guidance);
    await this.#record.journal.settled();
    return this.#record.call;
  }
}
