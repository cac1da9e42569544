import { acousticModel } from './acoustic-model.js';
import { forgetLanguageModel, generalLanguageModel, languageModelFor } from './language-model.js';
import type { Decoder, PocketsphinxLibrary } from './pocketsphinx-library.js';
import type { ChildSettings, DecoderModel } from './recognizer-protocol.js';

/** About 15 MB each, so that a process serves a handful of agents without loading anew. */
export const MAX_DECODERS = 6;

/** The decoders of one process, the least recently used leaving first. */
export class DecoderCache {
  readonly #library: PocketsphinxLibrary;
  readonly #settings: ChildSettings;
  readonly #onGuessed: (words: string[]) => void;
  readonly #decoders = new Map<string, Decoder>();

  constructor(library: PocketsphinxLibrary, settings: ChildSettings, onGuessed: (words: string[]) => void) {
    this.#library = library;
    this.#settings = settings;
    this.#onGuessed = onGuessed;
  }

  /** @throws Error when the model cannot be compiled or loaded */
  get(model: DecoderModel): Decoder {
    const name = `${model.band} ${model.key}`;
    const decoder = this.#decoders.get(name) ?? this.#load(model);
    this.#decoders.delete(name);
    this.#decoders.set(name, decoder);
    this.#evict();
    return decoder;
  }

  /** Drops a decoder that failed in the middle of an utterance: its state is unknown. */
  drop(decoder: Decoder): void {
    for (const [name, cached] of this.#decoders) {
      if (cached !== decoder) continue;
      this.#decoders.delete(name);
      cached.free();
    }
  }

  #load(model: DecoderModel): Decoder {
    const { files, dataDir } = this.#settings;
    const acoustic = acousticModel(files.modelDir, dataDir, model.band);
    if (model.sentences.length === 0) return this.#library.createDecoder(acoustic, generalLanguageModel(files.modelDir));
    const compile = () => languageModelFor({ ...model, modelDir: files.modelDir, dataDir }, this.#onGuessed);
    try {
      return this.#library.createDecoder(acoustic, compile());
    } catch {
      // Compiled files can be damaged (a full disk, a curious operator): once more from the sentences.
      forgetLanguageModel(dataDir, model.key);
      return this.#library.createDecoder(acoustic, compile());
    }
  }

  #evict(): void {
    for (const [name, decoder] of this.#decoders) {
      if (this.#decoders.size <= MAX_DECODERS) return;
      this.#decoders.delete(name);
      decoder.free();
    }
  }
}
