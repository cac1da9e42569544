import { toError } from '../../../core/errors.js';
import { DecoderCache } from './decoder-cache.js';
import { Level } from './level.js';
import { type Decoder, PocketsphinxLibrary } from './pocketsphinx-library.js';
import type { ChildSettings, DecoderModel, FromChild, ToChild } from './recognizer-protocol.js';
import { TelephoneLowPass } from './telephone-low-pass.js';

const PARTIAL_EVERY_SAMPLES = 3200;
/** An utterance of more than a minute is music or a stuck line; what comes later is not searched. */
const MAX_UTTERANCE_SAMPLES = 60 * 16_000;

type Utterance = {
  id: number;
  decoder: Decoder;
  level: Level;
  lowPass: TelephoneLowPass | undefined;
  samples: number;
  samplesAtPartial: number;
  partial: string;
};

const tell = (message: FromChild): void => {
  process.send?.(message);
};

/** One process's work: utterances one after the other, each against its own decoder. */
class RecognizerChild {
  readonly #decoders: DecoderCache;
  #utterance: Utterance | undefined;

  constructor(decoders: DecoderCache) {
    this.#decoders = decoders;
  }

  handle(message: ToChild): void {
    try {
      this.#perform(message);
    } catch (error) {
      const { decoder } = this.#utterance ?? {};
      this.#utterance = undefined;
      tell({ type: 'failed', id: message.id, message: toError(error).message });
      if (decoder) this.#decoders.drop(decoder);
    }
  }

  #perform(message: ToChild): void {
    switch (message.type) {
      case 'prepare':
        this.#decoders.get(message.model);
        return tell({ type: 'prepared', id: message.id });
      case 'start':
        return this.#start(message.id, message.model);
      case 'audio':
        return this.#hear(message.id, message.pcm);
      case 'finish':
      case 'cancel':
        return this.#end(message.id);
    }
  }

  #start(id: number, model: DecoderModel): void {
    const decoder = this.#decoders.get(model);
    decoder.start();
    const lowPass = model.band === 'narrow' ? new TelephoneLowPass() : undefined;
    this.#utterance = { id, decoder, level: new Level(), lowPass, samples: 0, samplesAtPartial: 0, partial: '' };
  }

  #hear(id: number, pcm: Int16Array): void {
    const utterance = this.#utterance;
    if (utterance?.id !== id || utterance.samples > MAX_UTTERANCE_SAMPLES) return;
    feed(utterance, utterance.level.write(pcm));
    utterance.samples += pcm.length;
    if (utterance.samples - utterance.samplesAtPartial < PARTIAL_EVERY_SAMPLES) return;
    utterance.samplesAtPartial = utterance.samples;
    const text = utterance.decoder.partial();
    if (text === utterance.partial || text === '') return;
    utterance.partial = text;
    tell({ type: 'partial', id, text });
  }

  #end(id: number): void {
    // After a failure the end of the same utterance still arrives; it has been answered.
    if (this.#utterance?.id !== id) return;
    feed(this.#utterance, this.#utterance.level.end());
    const result = this.#utterance.decoder.end();
    this.#utterance = undefined;
    tell({ type: 'final', id, ...result });
  }
}

function feed({ decoder, lowPass }: Utterance, pcm: Int16Array): void {
  if (pcm.length > 0) decoder.write(lowPass ? lowPass.write(pcm) : pcm);
}

function run(): void {
  // The terminal's Ctrl-C and a service manager's SIGTERM reach the whole group: the server decides when its recognisers end.
  process.on('SIGINT', () => {});
  process.on('SIGTERM', () => {});
  process.on('disconnect', () => process.exit(0));
  const settings = JSON.parse(process.argv[2] ?? '') as ChildSettings;
  try {
    const decoders = new DecoderCache(new PocketsphinxLibrary(settings.files), settings, (words) =>
      tell({ type: 'guessed', words }),
    );
    const child = new RecognizerChild(decoders);
    process.on('message', (message) => child.handle(message as ToChild));
    tell({ type: 'ready' });
  } catch (error) {
    process.send?.({ type: 'broken', message: toError(error).message } satisfies FromChild, () => process.exit(1));
  }
}

run();
