import { BufferSource, EncodedPacketSink, Input, MATROSKA, MP4, OGG, QTFF, WEBM } from 'mediabunny';

/** The begin of every file of these kinds: EBML (WebM), Ogg, and the type box of MP4 at its place. */
const MAY_HOLD_OPUS: readonly { at: number; mark: string }[] = [
  { at: 0, mark: '\x1a\x45\xdf\xa3' },
  { at: 0, mark: 'OggS' },
  { at: 4, mark: 'ftyp' },
];

/** The packets of the first audio track, when that is Opus; undefined for everything else. @throws Error where the file is damaged */
export async function opusPackets(file: Uint8Array): Promise<AsyncIterable<Uint8Array> | undefined> {
  const head = Buffer.from(file.subarray(0, 16)).toString('latin1');
  if (!MAY_HOLD_OPUS.some(({ at, mark }) => head.startsWith(mark, at))) return undefined;
  const input = new Input({ source: new BufferSource(file), formats: [WEBM, MATROSKA, OGG, MP4, QTFF] });
  const track = await input.getPrimaryAudioTrack();
  if (track?.codec !== 'opus') return undefined;
  return dataOf(new EncodedPacketSink(track));
}

async function* dataOf(sink: EncodedPacketSink): AsyncGenerator<Uint8Array> {
  for await (const { data } of sink.packets()) yield data;
}
