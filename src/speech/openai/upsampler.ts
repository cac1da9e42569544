/** 16 kHz -> 24 kHz by straight lines between samples, which leaves speech as it was; pieces may be cut anywhere. */
export class Upsampler {
  #rest: Int16Array = new Int16Array(0);
  /** Of the next output sample, in input samples after the beginning of `#rest`. */
  #position = 0;

  push(pcm: Int16Array): Int16Array {
    const samples = new Int16Array(this.#rest.length + pcm.length);
    samples.set(this.#rest);
    samples.set(pcm, this.#rest.length);
    const out: number[] = [];
    for (; this.#position + 1 < samples.length; this.#position += 2 / 3) {
      const at = Math.floor(this.#position + 1e-9);
      const [before = 0, after = 0] = [samples[at], samples[at + 1]];
      out.push(Math.round(before + (after - before) * (this.#position - at)));
    }
    const used = Math.min(Math.floor(this.#position + 1e-9), samples.length);
    this.#rest = samples.slice(used);
    this.#position -= used;
    return Int16Array.from(out);
  }
}
