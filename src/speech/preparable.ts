import type { SpeechToText, SynthesisRequest, TextToSpeech, Vocabulary } from '../domain/ports/speech.js';

/** A synthesiser that can make a phrase ahead of time. */
export type PreparableSynthesizer = TextToSpeech & {
  /** Synthesises the phrase unless it is known, and keeps it. @throws AppError `provider_failed` */
  prepare(request: SynthesisRequest): Promise<void>;
};

/** A recogniser whose language model can be compiled before the first utterance. */
export type PreparableRecognizer = SpeechToText & {
  prepare?(vocabulary: Vocabulary, band: 'narrow' | 'wide'): Promise<void>;
};
