import { AppError } from '../../src/core/errors.js';
import type { LineListener, LineSide, OverheardLine } from '../../src/domain/ports/call-control.js';

/** The line of a call that tests say something on, and that notes what is said to it. */
export class FakeLine implements OverheardLine {
  readonly listeners = new Set<LineListener>();
  readonly spoken: { pcm: Int16Array; rateHz: number; to: LineSide }[] = [];
  readonly #most: number;

  constructor(most = 8) {
    this.#most = most;
  }

  listen(listener: LineListener): () => void {
    if (this.listeners.size === this.#most) throw tooMany();
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  speak(pcm: Int16Array, rateHz: number, to: LineSide): boolean {
    this.spoken.push({ pcm, rateHz, to });
    return true;
  }

  audio(pairs: Int16Array): void {
    for (const listener of this.listeners) listener.audio(pairs);
  }

  end(): void {
    for (const listener of [...this.listeners]) listener.ended();
  }
}

const tooMany = (): AppError => new AppError('conflict', 'as many as may be');
