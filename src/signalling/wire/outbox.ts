import type { Cancel, Clock } from '../../core/clock.js';

/**
 * Distance between frames of one call. The application library handles all frames of one TCP chunk before any promise of the
 * application continues, so what follows too closely finds no listener yet.
 */
export const FRAME_GAP_MS = 4;

type Lane = { openAtMs: number; waiting: Buffer[]; cancel: Cancel | undefined };

/** Writes frames in order per call, and with a gap between what one call gets to hear. Calls do not wait for each other. */
export class Outbox {
  readonly #clock: Clock;
  readonly #write: (frame: Buffer) => void;
  /** By Call-ID, the least recently used first. */
  readonly #lanes = new Map<string, Lane>();

  constructor(clock: Clock, write: (frame: Buffer) => void) {
    this.#clock = clock;
    this.#write = write;
  }

  /** An answer to the application: needs no gap before it, only after it. */
  answer(callId: string, frame: Buffer): void {
    this.#push(callId, frame, false);
  }

  event(callId: string, frame: Buffer): void {
    this.#push(callId, frame, true);
  }

  close(): void {
    for (const lane of this.#lanes.values()) lane.cancel?.();
    this.#lanes.clear();
  }

  #push(callId: string, frame: Buffer, needsGap: boolean): void {
    const nowMs = this.#clock.monotonicMs();
    this.#forgetOld(nowMs);
    const lane = this.#lanes.get(callId) ?? { openAtMs: 0, waiting: [], cancel: undefined };
    if (lane.waiting.length === 0 && (!needsGap || lane.openAtMs <= nowMs)) this.#emit(callId, lane, frame, nowMs);
    else {
      lane.waiting.push(frame);
      lane.cancel ??= this.#clock.schedule(lane.openAtMs - nowMs, () => this.#release(callId, lane));
    }
  }

  #release(callId: string, lane: Lane): void {
    lane.cancel = undefined;
    const frame = lane.waiting.shift();
    if (frame) this.#emit(callId, lane, frame, this.#clock.monotonicMs());
    if (lane.waiting.length > 0) lane.cancel = this.#clock.schedule(FRAME_GAP_MS, () => this.#release(callId, lane));
  }

  #emit(callId: string, lane: Lane, frame: Buffer, nowMs: number): void {
    this.#write(frame);
    lane.openAtMs = nowMs + FRAME_GAP_MS;
    this.#lanes.delete(callId);
    this.#lanes.set(callId, lane);
  }

  #forgetOld(nowMs: number): void {
    for (const [callId, lane] of this.#lanes) {
      if (lane.openAtMs > nowMs || lane.waiting.length > 0) return;
      this.#lanes.delete(callId);
    }
  }
}
