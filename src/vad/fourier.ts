/** The discrete Fourier transform of one length, by the prime factors of that length: fast where they are small. */
export class Fourier {
  /** What is transformed next: filled by whoever asks. */
  readonly re: Float64Array;
  readonly im: Float64Array;
  readonly #length: number;
  readonly #factors: readonly number[];
  readonly #cos: Float64Array;
  readonly #sin: Float64Array;
  readonly #outRe: Float64Array;
  readonly #outIm: Float64Array;
  readonly #partRe: Float64Array;
  readonly #partIm: Float64Array;

  constructor(length: number) {
    this.#length = length;
    this.#factors = factorsOf(length);
    const widest = Math.max(1, ...this.#factors);
    this.re = new Float64Array(length);
    this.im = new Float64Array(length);
    this.#outRe = new Float64Array(length);
    this.#outIm = new Float64Array(length);
    this.#partRe = new Float64Array(widest);
    this.#partIm = new Float64Array(widest);
    const turn = (i: number): number => (-2 * Math.PI * i) / length;
    this.#cos = Float64Array.from({ length }, (_, i) => Math.cos(turn(i)));
    this.#sin = Float64Array.from({ length }, (_, i) => Math.sin(turn(i)));
  }

  /** Of `re` and `im`, which stay as they are. What is returned is good until the next one. */
  transform(): { re: Float64Array; im: Float64Array } {
    this.#part(this.#length, 1, 0, 0, 0);
    return { re: this.#outRe, im: this.#outIm };
  }

  /** `length` values, every `stride`th from `from` on, to the places from `to` on. */
  #part(length: number, stride: number, from: number, to: number, level: number): void {
    if (length === 1) {
      this.#outRe[to] = this.re[from]!;
      this.#outIm[to] = this.im[from]!;
      return;
    }
    const parts = this.#factors[level]!;
    const each = length / parts;
    for (let q = 0; q < parts; q += 1) this.#part(each, stride * parts, from + q * stride, to + q * each, level + 1);
    for (let k = 0; k < each; k += 1) this.#combine(parts, each, stride, to + k, k);
  }

  #combine(parts: number, each: number, stride: number, at: number, k: number): void {
    for (let q = 0; q < parts; q += 1) {
      this.#partRe[q] = this.#outRe[at + q * each]!;
      this.#partIm[q] = this.#outIm[at + q * each]!;
    }
    for (let j = 0; j < parts; j += 1) {
      const step = stride * (k + j * each);
      let re = 0;
      let im = 0;
      for (let q = 0; q < parts; q += 1) {
        const angle = (q * step) % this.#length;
        re += this.#partRe[q]! * this.#cos[angle]! - this.#partIm[q]! * this.#sin[angle]!;
        im += this.#partRe[q]! * this.#sin[angle]! + this.#partIm[q]! * this.#cos[angle]!;
      }
      this.#outRe[at + j * each] = re;
      this.#outIm[at + j * each] = im;
    }
  }
}

function factorsOf(length: number): number[] {
  const factors: number[] = [];
  for (let rest = length, factor = 2; rest > 1; ) {
    if (rest % factor === 0) {
      factors.push(factor);
      rest /= factor;
    } else factor += 1;
  }
  return factors;
}
