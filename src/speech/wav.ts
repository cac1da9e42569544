import { WAV_HEADER_BYTES, wavHeader } from '../core/wav-header.js';

/** 16-bit mono WAV (RIFF, format 1). */
export function wavOf(pieces: readonly Int16Array[], rateHz: number): Uint8Array {
  const samples = pieces.reduce((total, piece) => total + piece.length, 0);
  const wav = Buffer.concat([wavHeader(samples * 2, rateHz, 1)], WAV_HEADER_BYTES + samples * 2);
  let offset = WAV_HEADER_BYTES;
  for (const piece of pieces) {
    for (const sample of piece) offset = wav.writeInt16LE(sample, offset);
  }
  return wav;
}
