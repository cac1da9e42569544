/** The parts of a multipart/form-data body (RFC 7578) by field name. */
export function formOf(contentType: string, body: Buffer): Map<string, Buffer> {
  const boundary = /boundary="?([^";]+)"?/u.exec(contentType)?.[1];
  if (boundary === undefined) throw new Error(`not a form: ${contentType}`);
  const delimiter = Buffer.from(`--${boundary}`);
  const form = new Map<string, Buffer>();
  for (let at = body.indexOf(delimiter); at >= 0; ) {
    const next = body.indexOf(delimiter, at + delimiter.length);
    if (next < 0) break;
    const part = body.subarray(at + delimiter.length + 2, next - 2);
    const split = part.indexOf('\r\n\r\n');
    const name = /name="([^"]*)"/u.exec(part.toString('latin1', 0, split))?.[1];
    if (name !== undefined) form.set(name, part.subarray(split + 4));
    at = next;
  }
  return form;
}

/** Samples of a 16-bit mono WAV with a 44-byte header. */
export function wavSamples(wav: Buffer): { pcm: Int16Array; rateHz: number } {
  if (wav.toString('latin1', 0, 4) !== 'RIFF' || wav.toString('latin1', 8, 16) !== 'WAVEfmt ') throw new Error('no WAV');
  const format = [wav.readUInt16LE(20), wav.readUInt16LE(22), wav.readUInt16LE(34), wav.readUInt32LE(40)];
  if (format.join() !== [1, 1, 16, wav.length - 44].join()) throw new Error(`WAV fields are ${format.join()}`);
  return { pcm: new Int16Array(new Uint8Array(wav.subarray(44)).buffer), rateHz: wav.readUInt32LE(24) };
}
