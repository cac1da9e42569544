import { createHash } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { type Clock, systemClock } from '../../core/clock.js';
import { toError } from '../../core/errors.js';
import type { Logger } from '../../core/log.js';
import type { SpeechToText, Vocabulary } from '../../domain/ports/speech.js';
import { CALLER_PHRASES, SLOT_VALUES } from './sphinx/caller-phrases.js';
import { DICTATED_DIGITS } from './sphinx/dictated-digits.js';
import { EVERYDAY_WORDS } from './sphinx/everyday-words.js';
import { pruneLanguageModels } from './sphinx/language-model.js';
import { RecognizerPool } from './sphinx/recognizer-pool.js';
import type { Band, DecoderModel } from './sphinx/recognizer-protocol.js';
import { recognizerPackages } from './system-packages.js';

/** Part of every key, as are the phrases that come with us: files compiled by another version are not found. */
const COMPILER_VERSION = 1;
/** Beyond these a vocabulary is not a script, and compiling it would hold a recogniser up for seconds. */
const MAX_SENTENCES = 4000;
const MAX_SENTENCE_CHARS = 500;
/** A core carries about fifteen utterances at a time; memory is what ends the growth. */
const PROCESSES_PER_CORE = 4;

export type PocketsphinxOptions = {
  /** For compiled language models; made when it does not exist. */
  dataDir: string;
  /** Processes that are always there; busier times add up to four for each core. */
  poolSize: number;
  log: Logger;
  clock?: Clock;
  /** Where the system packages are looked for: `/` but in tests. */
  systemRoot?: string;
};
export type PocketsphinxRecognizer = SpeechToText & {
  /** Compiles and loads a vocabulary ahead of the first utterance. @throws AppError `provider_failed` */
  prepare(vocabulary: Vocabulary, band: Band): Promise<void>;
  close(): Promise<void>;
  /** Of the processes that run now. */
  processIds(): number[];
};

/**
 * The recogniser that needs no network: Debian's pocketsphinx in child processes, narrowed to the agent's vocabulary. English only.
 * Without a vocabulary it takes dictation, at more than twice the word errors. `missing` says in one line how to get it.
 */
export async function startPocketsphinx(options: PocketsphinxOptions): Promise<PocketsphinxRecognizer | { missing: string }> {
  const packages = recognizerPackages(options.systemRoot);
  if (!packages.installed) {
    return {
      missing: `no embedded speech recogniser (${packages.absent.join(', ')} not installed); to have one, run as root: ${packages.command}`,
    };
  }
  const clock = options.clock ?? systemClock;
  mkdirSync(options.dataDir, { recursive: true });
  pruneLanguageModels(options.dataDir, clock.nowMs());
  const pool = new RecognizerPool({
    settings: { files: packages.files, dataDir: options.dataDir },
    size: Math.max(1, options.poolSize),
    maxSize: Math.max(options.poolSize, PROCESSES_PER_CORE * availableParallelism()),
    clock,
    log: options.log,
  });
  try {
    await pool.start();
  } catch (error) {
    await pool.close();
    return { missing: `the embedded speech recogniser does not start (${toError(error).message})` };
  }
  const models = new ModelNames();
  return {
    name: 'pocketsphinx',
    understands: true,
    open: ({ vocabulary, band, signal, onPartial, expectation }) => {
      const expected = expectation?.kind === 'digits' ? DICTATED_DIGITS : vocabulary;
      return pool.open({ model: models.of(expected, band), signal, onPartial });
    },
    prepare: (vocabulary, band) => pool.prepare(models.of(vocabulary, band)),
    close: () => pool.close(),
    processIds: () => pool.processIds,
  };
}

/** Hashes each vocabulary once, as long as its owner keeps the object. */
class ModelNames {
  readonly #known = new WeakMap<Vocabulary, { key: string; sentences: readonly string[] }>();

  of(vocabulary: Vocabulary, band: Band): DecoderModel {
    const known = this.#known.get(vocabulary) ?? nameVocabulary(vocabulary);
    this.#known.set(vocabulary, known);
    return { ...known, band };
  }
}

function nameVocabulary(vocabulary: Vocabulary): { key: string; sentences: readonly string[] } {
  const sentences = vocabulary.sentences.slice(0, MAX_SENTENCES).map((sentence) => sentence.slice(0, MAX_SENTENCE_CHARS));
  const key = createHash('sha256')
    .update(JSON.stringify([COMPILER_VERSION, CALLER_PHRASES, SLOT_VALUES, EVERYDAY_WORDS, sentences]))
    .digest('hex')
    .slice(0, 24);
  return { key, sentences };
}
