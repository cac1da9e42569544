import type { AudioFileWriter } from '../domain/ports/audio-files.js';

/** A voice in AAC-LC that is told from the original on headphones only. */
const BITRATE_BPS = 64_000;
/** What a listener waits for before anything can be played; shorter ones cost more than they bring. */
const FRAGMENT_S = 0.5;

/** AAC by FFmpeg's encoder as WebAssembly, in a thread of its own for each file. */
export class Mp4Writer implements AudioFileWriter {
  async *mp4(audio: AsyncIterable<Int16Array>, rateHz: number): AsyncGenerator<Uint8Array> {
    const { AudioSample, AudioSampleSource, Mp4OutputFormat, Output, StreamTarget } = await import('mediabunny');
    const { registerAacEncoder } = await import('@mediabunny/aac-encoder');
    registerAacEncoder();
    const { readable, writable } = new TransformStream<{ data: Uint8Array }, Uint8Array>({
      transform: ({ data }, controller) => controller.enqueue(data),
    });
    const format = new Mp4OutputFormat({ fastStart: 'fragmented', minimumFragmentDuration: FRAGMENT_S });
    const output = new Output({ format, target: new StreamTarget(writable) });
    const source = new AudioSampleSource({ codec: 'aac', bitrate: BITRATE_BPS });
    output.addAudioTrack(source);
    const written = (async (): Promise<void> => {
      try {
        await output.start();
        let samples = 0;
        for await (const pcm of audio) {
          const timestamp = samples / rateHz;
          samples += pcm.length;
          const sample = new AudioSample({ data: pcm, format: 's16', numberOfChannels: 1, sampleRate: rateHz, timestamp });
          await source.add(sample);
          sample.close();
        }
        await output.finalize();
      } catch (error) {
        await output.cancel();
        throw error;
      }
    })();
    // Whoever reads learns of it there, or has gone away.
    written.catch(() => undefined);
    try {
      for await (const bytes of readable) yield bytes;
      await written;
    } finally {
      if (output.state !== 'finalized') await output.cancel();
    }
  }
}
