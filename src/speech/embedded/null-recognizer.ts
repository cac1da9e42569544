import type { Recognition, RecognitionOptions, RecognitionStream, SpeechToText } from '../../domain/ports/speech.js';

/** The recogniser of last resort: it hears nothing, so that calls go on by *that* the caller spoke and by keys. */
export class NullRecognizer implements SpeechToText {
  readonly name = 'none';
  readonly understands = false;

  open({ signal }: RecognitionOptions): RecognitionStream {
    return {
      write: () => {},
      finish: async (): Promise<Recognition> => {
        signal.throwIfAborted();
        return { text: '', confidence: undefined };
      },
    };
  }
}
