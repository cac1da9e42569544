import { ChildAudioReader } from './audio-files/child-audio-reader.js';
import { Mp4Writer } from './audio-files/mp4-writer.js';
import type { Clock } from './core/clock.js';
import type { Logger } from './core/log.js';
import type { AudioFileReader } from './domain/ports/audio-files.js';
import type { SpeechCatalog } from './domain/ports/speech.js';
import { VoiceMessageService } from './voice-messages/voice-message-service.js';

export type VoiceOptions = { speech: Pick<SpeechCatalog, 'suiteFor'>; clock: Clock; log: Logger };

/** Audio that comes and goes as files. */
export function createVoice({ speech, clock, log }: VoiceOptions): { voices: VoiceMessageService; audioFiles: AudioFileReader } {
  const audioFiles = new ChildAudioReader({ clock, log });
  return { audioFiles, voices: new VoiceMessageService({ speech, reader: audioFiles, writer: new Mp4Writer(), clock }) };
}
