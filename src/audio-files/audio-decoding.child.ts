import type { AudioReading } from '../domain/ports/audio-files.js';
import { decodeAudio } from './decode-audio.js';

/** What the decoders have to say is not for our output. */
console.log = console.warn = console.error = () => {};

process.once('message', ({ file, maxSeconds }: { file: Uint8Array; maxSeconds: number }) => {
  const unreadable: AudioReading = { failure: 'unreadable' };
  void decodeAudio(file, maxSeconds)
    .catch(() => unreadable)
    .then((reading) => process.send?.(reading, () => process.disconnect()));
});
