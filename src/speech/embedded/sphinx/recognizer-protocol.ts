import type { RecognizerFiles } from '../system-packages.js';

export type Band = 'narrow' | 'wide';

/** What a decoder is made of. The key names the sentences, so that compiled files and loaded decoders are found again by it. */
export type DecoderModel = { key: string; band: Band; sentences: readonly string[] };

/** The child's command line, as JSON. */
export type ChildSettings = { files: RecognizerFiles; dataDir: string };

/** One utterance at a time: `start`, any number of `audio`, then `finish` or `cancel`; the answer to either is `final` or `failed`. */
export type ToChild =
  | { type: 'prepare'; id: number; model: DecoderModel }
  | { type: 'start'; id: number; model: DecoderModel }
  | { type: 'audio'; id: number; pcm: Int16Array }
  | { type: 'finish'; id: number }
  | { type: 'cancel'; id: number };

export type FromChild =
  | { type: 'ready' }
  /** The libraries cannot be loaded; the child ends. */
  | { type: 'broken'; message: string }
  | { type: 'prepared'; id: number }
  /** Words of a vocabulary that the dictionary lacks; told when it is compiled, which is once for all children. */
  | { type: 'guessed'; words: string[] }
  | { type: 'partial'; id: number; text: string }
  | { type: 'final'; id: number; text: string; confidence: number | undefined }
  | { type: 'failed'; id: number; message: string };
