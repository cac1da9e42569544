/** Why a file of audio was not read. `timeout`: it took longer than it was worth. */
export const AUDIO_FILE_FAILURES = ['unreadable', 'no_audio', 'too_long', 'timeout'] as const;
export type AudioFileFailure = (typeof AUDIO_FILE_FAILURES)[number];

/** `pcm`: 16 kHz, all channels in one. `fileRateHz`: how many samples a second the file had. */
export type AudioReading = { pcm: Int16Array; fileRateHz: number } | { failure: AudioFileFailure };

/** Reads audio that strangers send: WAV, MP3, MP4 and M4A (AAC or Opus), WebM and Ogg, told by their content and not by their names. */
export interface AudioFileReader {
  /** @throws the signal's reason when it aborts */
  read(file: Uint8Array, options: { maxSeconds: number; signal: AbortSignal }): Promise<AudioReading>;
}

/** Writes audio as browsers play it. */
export interface AudioFileWriter {
  /**
   * AAC in an MP4 that is played while it comes (fragments of ISO/IEC 14496-12), mono at `rateHz`: 8000 to 48,000 as AAC knows them.
   * Nothing is waited for but the second that a fragment holds. @throws what `audio` throws
   */
  mp4(audio: AsyncIterable<Int16Array>, rateHz: number): AsyncIterable<Uint8Array>;
}
