import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { Decoded } from './decode-audio.js';

const require = createRequire(import.meta.url);

/**
 * Decodes by FFmpeg's decoders as WebAssembly: MP3, AAC in MP4 or alone, FLAC, Vorbis, WAV.
 *
 * @throws Error for what it does not know
 */
export async function decodeByFfmpeg(file: Uint8Array, maxSeconds: number): Promise<Decoded | 'too_long'> {
  const wasm = await readFile(require.resolve('audio-file-decoder/decode-audio.wasm'));
  // The package is built for browsers, by tools that look for these where they find themselves in Node.
  Object.assign(globalThis, { require, __dirname: import.meta.dirname, __filename: import.meta.filename });
  const { getAudioDecoder } = await import('audio-file-decoder');
  const decoder = await getAudioDecoder(`data:application/wasm;base64,${wasm.toString('base64')}`, new Uint8Array(file).buffer);
  const { sampleRate: rateHz, duration } = decoder;
  if (duration > maxSeconds) return 'too_long';
  // One second more shows that there is more, whatever the file says of its length.
  return { samples: decoder.decodeAudioData(0, maxSeconds + 1), rateHz };
}
