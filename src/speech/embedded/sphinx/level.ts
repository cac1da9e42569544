const FRAME_SAMPLES = 320;
/** Audio that is held back to learn how loud the caller is: longer than a recogniser's pre-roll, shorter than its first partial. */
const HELD_SAMPLES = 9600;
/** How loud the loudest 20 ms are in the speech that the models were made for. */
const TARGET_RMS = 4500;
/** Below this there is no speech in what was heard: amplifying the line's noise would make some. */
const SILENCE_RMS = 60;
const GAIN = { min: 0.5, max: 16 } as const;

/**
 * Brings one utterance to the level that the models expect, by a gain found in its first 600 ms and kept to its end. Without it a caller
 * 20 dB below the usual is misheard twice as often: the recogniser's own normalisation takes seconds.
 */
export class Level {
  #held: Int16Array[] = [];
  #heldSamples = 0;
  #gain: number | undefined;

  /** Returns what can be passed on. */
  write(pcm: Int16Array): Int16Array {
    if (this.#gain !== undefined) return amplify(pcm, this.#gain);
    this.#held.push(pcm);
    this.#heldSamples += pcm.length;
    return this.#heldSamples < HELD_SAMPLES ? new Int16Array(0) : this.end();
  }

  /** Returns what is still held. */
  end(): Int16Array {
    const held = new Int16Array(this.#heldSamples);
    let position = 0;
    for (const pcm of this.#held) {
      held.set(pcm, position);
      position += pcm.length;
    }
    this.#held = [];
    this.#heldSamples = 0;
    this.#gain ??= gainFor(loudestFrame(held));
    return amplify(held, this.#gain);
  }
}

function gainFor(rms: number): number {
  return rms < SILENCE_RMS ? 1 : Math.min(GAIN.max, Math.max(GAIN.min, TARGET_RMS / rms));
}

function loudestFrame(pcm: Int16Array): number {
  let loudest = 0;
  for (let start = 0; start < pcm.length; start += FRAME_SAMPLES) {
    const frame = pcm.subarray(start, start + FRAME_SAMPLES);
    let energy = 0;
    for (const sample of frame) energy += sample * sample;
    loudest = Math.max(loudest, energy / FRAME_SAMPLES);
  }
  return Math.sqrt(loudest);
}

function amplify(pcm: Int16Array, gain: number): Int16Array {
  return gain === 1 ? pcm : pcm.map((sample) => Math.max(-32_768, Math.min(32_767, Math.round(sample * gain))));
}
