import koffi from 'koffi';
import type { RecognizerFiles } from '../system-packages.js';
import type { AcousticModel } from './acoustic-model.js';
import type { LanguageModelFiles } from './language-model.js';

type Pointer = unknown;
type Bindings = ReturnType<typeof bind>;

const RATE_HZ = 16_000;
/** Pronunciation variants and fillers as the decoder writes them: `read(2)`, `<sil>`, `[NOISE]`, `++BREATH++`. */
const VARIANT = /\(\d+\)/g;
const FILLER = /<[^>]*>|\[[^\]]*\]|\+\+[^+]*\+\+/g;

const CEPSTRUM_SIZE = 13;
/**
 * The head of sphinxbase's `feat_t`, down to the running cepstral means. The library has no other way to them; `name` and `cepsize`
 * tell whether this is still its layout.
 */
const FEATURE_SETTINGS = koffi.struct({
  refcount: 'int',
  name: 'const char *',
  cepsize: 'int32_t',
  n_stream: 'int32_t',
  stream_len: 'void *',
  window_size: 'int32_t',
  n_sv: 'int32_t',
  sv_len: 'void *',
  subvecs: 'void *',
  sv_buf: 'void *',
  sv_dim: 'int32_t',
  cmn: 'int32_t',
  varnorm: 'int32_t',
  agc: 'int32_t',
  compute_feat: 'void *',
  cmn_struct: 'void *',
});

/** libpocketsphinx 5 prealpha of Debian. Not thread-safe, and a fault in it ends the process: only for the recogniser's own processes. */
function bind(files: RecognizerFiles) {
  const base = koffi.load(files.baseLibrary);
  const decoder = koffi.load(files.decoderLibrary);
  return {
    setLogFile: base.func('int err_set_logfile(const char *path)'),
    // The variadic one copies its strings; `cmd_ln_parse_r` keeps pointers into the caller's.
    makeArguments: base.func('void *cmd_ln_init(void *inout, void *defn, int strict, ...)'),
    freeArguments: base.func('int cmd_ln_free_r(void *config)'),
    exponent: base.func('double logmath_exp(void *logmath, int p)'),
    getMeans: base.func('void cmn_live_get(void *cmn, _Out_ float *means)'),
    setMeans: base.func('void cmn_live_set(void *cmn, const float *means)'),
    featureSettings: decoder.func('void *ps_get_feat(void *decoder)'),
    startStream: decoder.func('int ps_start_stream(void *decoder)'),
    argumentTable: decoder.func('void *ps_args()'),
    create: decoder.func('void *ps_init(void *config)'),
    free: decoder.func('int ps_free(void *decoder)'),
    startUtterance: decoder.func('int ps_start_utt(void *decoder)'),
    endUtterance: decoder.func('int ps_end_utt(void *decoder)'),
    processRaw: decoder.func(
      'int ps_process_raw(void *decoder, const void *data, size_t samples, int noSearch, int fullUtterance)',
    ),
    hypothesis: decoder.func('const char *ps_get_hyp(void *decoder, _Out_ int *score)'),
    posterior: decoder.func('int ps_get_prob(void *decoder)'),
    logmath: decoder.func('void *ps_get_logmath(void *decoder)'),
  };
}

export class PocketsphinxLibrary {
  readonly #bindings: Bindings;

  /** @throws Error when a library is absent or not the one expected */
  constructor(files: RecognizerFiles) {
    this.#bindings = bind(files);
    this.#bindings.setLogFile('/dev/null');
  }

  /** Takes 50 ms and more. @throws Error when a model cannot be loaded */
  createDecoder(acoustic: AcousticModel, language: LanguageModelFiles): Decoder {
    const settings = {
      hmm: acoustic.hmmDir,
      mllr: acoustic.transformFile,
      lm: language.modelFile,
      dict: language.dictionaryFile,
      samprate: String(RATE_HZ),
    };
    const pairs = Object.entries(settings).flatMap(([name, value]) =>
      value === undefined ? [] : ['str', `-${name}`, 'str', value],
    );
    const config: Pointer = this.#bindings.makeArguments(null, this.#bindings.argumentTable(), 1, ...pairs, 'void *', null);
    if (!config) throw new Error('pocketsphinx refused its arguments');
    const decoder: Pointer = this.#bindings.create(config);
    // The decoder holds its own reference from here on.
    this.#bindings.freeArguments(config);
    if (!decoder) throw new Error('pocketsphinx could not load its models');
    return new Decoder(this.#bindings, decoder);
  }
}

/** One language model in one band, for one utterance at a time. */
export class Decoder {
  readonly #bindings: Bindings;
  readonly #decoder: Pointer;
  /** The running cepstral means and what they are before anything was heard; absent when the library is laid out unexpectedly. */
  readonly #means: { cmn: Pointer; initial: Float32Array } | undefined;

  constructor(bindings: Bindings, decoder: Pointer) {
    this.#bindings = bindings;
    this.#decoder = decoder;
    this.#means = meansOf(bindings, decoder);
  }

  /** Each utterance begins from the same state: the one before was another caller's, or noise that would spoil this one. */
  start(): void {
    this.#bindings.startStream(this.#decoder);
    if (this.#means) this.#bindings.setMeans(this.#means.cmn, this.#means.initial);
    if (this.#bindings.startUtterance(this.#decoder) !== 0) throw new Error('pocketsphinx could not start an utterance');
  }

  /** 16 kHz mono; takes about 5 % of the time the audio lasts. */
  write(pcm: Int16Array): void {
    if (this.#bindings.processRaw(this.#decoder, pcm, pcm.length, 0, 0) < 0)
      throw new Error('pocketsphinx could not read the audio');
  }

  partial(): string {
    const text: unknown = this.#bindings.hypothesis(this.#decoder, [0]);
    return typeof text === 'string' ? cleanHypothesis(text) : '';
  }

  /** Searches again with what is known now, hence slower than a partial. */
  end(): { text: string; confidence: number | undefined } {
    if (this.#bindings.endUtterance(this.#decoder) !== 0) throw new Error('pocketsphinx could not end the utterance');
    const text = this.partial();
    if (text === '') return { text, confidence: undefined };
    const posterior: unknown = this.#bindings.exponent(
      this.#bindings.logmath(this.#decoder),
      this.#bindings.posterior(this.#decoder),
    );
    const confidence = typeof posterior === 'number' && posterior >= 0 ? Math.min(1, posterior) : undefined;
    return { text, confidence };
  }

  free(): void {
    this.#bindings.free(this.#decoder);
  }
}

function meansOf(bindings: Bindings, decoder: Pointer): { cmn: Pointer; initial: Float32Array } | undefined {
  const settings = koffi.decode(bindings.featureSettings(decoder), FEATURE_SETTINGS) as Record<string, unknown>;
  const { name, cepsize, cmn_struct: cmn } = settings;
  if (name !== '1s_c_d_dd' || cepsize !== CEPSTRUM_SIZE || !cmn) return undefined;
  const initial = new Float32Array(CEPSTRUM_SIZE);
  bindings.getMeans(cmn, initial);
  return { cmn, initial };
}

export function cleanHypothesis(text: string): string {
  return text.toLowerCase().replace(VARIANT, '').replace(FILLER, ' ').replace(/\s+/g, ' ').trim();
}
