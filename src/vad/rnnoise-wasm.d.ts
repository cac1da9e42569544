/** What we use of the package, which brings no types: RNNoise's C functions on memory of their own. */
declare module '@echogarden/rnnoise-wasm' {
  export type RnnoiseModule = {
    /** Anew whenever the memory grows. */
    readonly HEAPF32: Float32Array;
    _malloc(bytes: number): number;
    _rnnoise_get_frame_size(): number;
    /** `model` 0 is the one built in. */
    _rnnoise_create(model: number): number;
    _rnnoise_destroy(state: number): void;
    /** Floats in the range of 16-bit samples; `out` may be `in`. Returns the probability of speech. */
    _rnnoise_process_frame(state: number, out: number, input: number): number;
  };
  export default function load(): Promise<RnnoiseModule>;
}
