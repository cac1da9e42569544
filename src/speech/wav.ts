const HEADER_BYTES = 44;

/** 16-bit mono WAV (RIFF, format 1). */
export function wavOf(pieces: readonly Int16Array[], rateHz: number): Uint8Array {
  const samples = pieces.reduce((total, piece) => total + piece.length, 0);
  const wav = Buffer.alloc(HEADER_BYTES + samples * 2);
  wav.write('RIFF', 0, 'latin1');
  wav.writeUInt32LE(wav.length - 8, 4);
  wav.write('WAVEfmt ', 8, 'latin1');
  wav.writeUInt32LE(16, 16);
  wav.writeUInt16LE(1, 20);
  wav.writeUInt16LE(1, 22);
  wav.writeUInt32LE(rateHz, 24);
  wav.writeUInt32LE(rateHz * 2, 28);
  wav.writeUInt16LE(2, 32);
  wav.writeUInt16LE(16, 34);
  wav.write('data', 36, 'latin1');
  wav.writeUInt32LE(samples * 2, 40);
  let offset = HEADER_BYTES;
  for (const piece of pieces) {
    for (const sample of piece) offset = wav.writeInt16LE(sample, offset);
  }
  return wav;
}
