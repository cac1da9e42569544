import type { Clock } from '../core/clock.js';
import { AppError } from '../core/errors.js';
import { wavHeader } from '../core/wav-header.js';
import type { AgentSettings } from '../domain/agent.js';
import type { AudioFileFailure, AudioFileReader, AudioFileWriter } from '../domain/ports/audio-files.js';
import { AUDIO_RATE_HZ } from '../domain/ports/media.js';
import type { SpeechCatalog } from '../domain/ports/speech.js';
import { inTime } from '../reports/in-time.js';
import { Turnstile } from '../reports/turnstile.js';
import { type Speech, speechOf } from './speech-of.js';

export const VOICE_FORMATS = ['wav', 'mp4'] as const;
export type VoiceFormat = (typeof VOICE_FORMATS)[number];

/** `voice`: in place of the agent's own. */
export type Speaking = { text: string; format: VoiceFormat; voice: string | undefined };

export const MAX_VOICE_MESSAGE_S = 300;
/** Recognisers and processors are shared with calls. */
const AT_ONCE = { parallel: 2, waiting: 8 };
const TRANSCRIPTION_LIMIT_MS = 120_000;
/** What a recogniser is given at a time, between which others have their turn. */
const PIECE_SAMPLES = AUDIO_RATE_HZ;

export type VoiceMessageDeps = {
  speech: Pick<SpeechCatalog, 'suiteFor'>;
  reader: AudioFileReader;
  writer: AudioFileWriter;
  clock: Clock;
};

/** Voice outside calls: what somebody recorded as words, and words in the agent's voice. */
export class VoiceMessageService {
  readonly #deps: VoiceMessageDeps;
  readonly #turnstile = new Turnstile(AT_ONCE);

  constructor(deps: VoiceMessageDeps) {
    this.#deps = deps;
  }

  /** Somebody always lends an agent a voice; that its words are understood takes a recogniser. */
  abilities(agent: AgentSettings): { hears: boolean; speaks: boolean } {
    return { hears: this.#deps.speech.suiteFor(agent).stt.understands, speaks: true };
  }

  /**
   * The words in a file of audio; empty where there are none.
   *
   * @throws AppError `invalid_request` when the file is no audio or the agent does not hear, `capacity_exhausted` while too many wait,
   * `provider_failed`
   */
  async transcribe(agent: AgentSettings, file: Uint8Array, signal: AbortSignal): Promise<string> {
    if (!this.abilities(agent).hears) {
      throw new AppError('invalid_request', 'no recogniser', { publicMessage: 'The agent does not understand speech (has_stt)' });
    }
    const { clock } = this.#deps;
    const work = (stop: AbortSignal): Promise<string> => this.#transcribe(agent, file, stop);
    const limits = { clock, limitMs: TRANSCRIPTION_LIMIT_MS, closing: signal, what: 'a transcription' };
    const text = await this.#turnstile.run(() => inTime(work, limits));
    if (text === undefined) throw new AppError('capacity_exhausted', 'too many transcriptions');
    return text;
  }

  /**
   * The text spoken, as a file that begins at once (MP4) or is given when it is whole (WAV, whose header says how long it is).
   * Resolves when the voice has begun.
   *
   * @throws AppError `provider_failed`
   */
  async speak(agent: AgentSettings, { text, format, voice }: Speaking, signal: AbortSignal): Promise<AsyncIterable<Uint8Array>> {
    const voiceSettings = voice === undefined ? agent.voiceSettings : { ...agent.voiceSettings, voice };
    const speech = await speechOf(this.#deps.speech.suiteFor(agent).tts, text, {
      language: agent.language,
      voiceSettings,
      signal,
    });
    return format === 'mp4' ? this.#deps.writer.mp4(speech.pieces, speech.rateHz) : wav(speech);
  }

  async #transcribe(agent: AgentSettings, file: Uint8Array, signal: AbortSignal): Promise<string> {
    const reading = await this.#deps.reader.read(file, { maxSeconds: MAX_VOICE_MESSAGE_S, signal });
    if ('failure' in reading) throw refused(reading.failure);
    const { pcm, fileRateHz } = reading;
    const { stt, vocabulary = { sentences: [] } } = this.#deps.speech.suiteFor(agent, { unhurried: true });
    const band = fileRateHz > 8000 ? 'wide' : 'narrow';
    const stream = stt.open({ language: agent.language, vocabulary, band, signal });
    for (let at = 0; at < pcm.length; at += PIECE_SAMPLES) {
      stream.write(pcm.subarray(at, at + PIECE_SAMPLES));
      await new Promise<void>((resolve) => this.#deps.clock.schedule(0, resolve));
      signal.throwIfAborted();
    }
    return (await stream.finish()).text.trim();
  }
}

const REASONS: Readonly<Record<AudioFileFailure, string>> = {
  unreadable: 'is no WAV, MP4 or WebM audio, or is damaged',
  no_audio: 'has no audio',
  too_long: `must not be longer than ${MAX_VOICE_MESSAGE_S} seconds`,
  timeout: 'takes too long to read',
};

const refused = (failure: AudioFileFailure): AppError =>
  new AppError('invalid_request', `audio ${failure}`, { faults: [{ field: 'body', message: REASONS[failure] }] });

async function* wav({ pieces, rateHz }: Speech): AsyncGenerator<Uint8Array> {
  const data: Buffer[] = [];
  for await (const { buffer, byteOffset, byteLength } of pieces) data.push(Buffer.from(buffer, byteOffset, byteLength));
  const samples = Buffer.concat(data);
  yield Buffer.concat([wavHeader(samples.length, rateHz, 1), samples]);
}
