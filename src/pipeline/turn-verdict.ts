import { AUDIO_RATE_HZ, type MediaSession } from '../domain/ports/media.js';
import type { TurnModel } from '../domain/ports/turn-model.js';

/** What models of this kind listen to at most. */
const MOST_SAMPLES = 8 * AUDIO_RATE_HZ;

/** What a model makes of the sound of the caller's turn, from one pause to the next. */
export class TurnVerdict {
  readonly #model: TurnModel | undefined;
  readonly #media: Pick<MediaSession, 'heard' | 'readHeard'>;
  readonly #onVerdict: () => void;
  /** Grows when what was asked does not matter any more. */
  #pause = 0;
  #probability: number | undefined;

  constructor(model: TurnModel | undefined, media: Pick<MediaSession, 'heard' | 'readHeard'>, onVerdict: () => void) {
    this.#model = model;
    this.#media = media;
    this.#onVerdict = onVerdict;
  }

  /** That the caller is done, 0 to 1; undefined where nobody has said. */
  get probability(): number | undefined {
    return this.#probability;
  }

  /** The caller has fallen silent; their turn began at that sample. */
  ask(fromSample: number): void {
    if (!this.#model) return;
    const pause = this.#pause;
    const heard = this.#media.heard();
    const pcm = this.#media.readHeard(Math.max(0, fromSample, heard - MOST_SAMPLES), heard);
    void this.#model.judge(pcm).then((probability) => {
      if (pause !== this.#pause || probability === undefined) return;
      this.#probability = probability;
      this.#onVerdict();
    });
  }

  /** The caller speaks, or their turn is over. */
  forget(): void {
    this.#pause += 1;
    this.#probability = undefined;
  }
}
