import { type Clock, systemClock } from '../../core/clock.js';
import type { Logger } from '../../core/log.js';
import type { SpeechChunk, SynthesisRequest, TextToSpeech } from '../../domain/ports/speech.js';
import { FlitePool, type FliteSpeech } from './flite/flite-pool.js';
import { pauseAfterMs, speakableText, splitSentences } from './flite/speech-text.js';

/** The voices inside the package, most pleasant first: two American, one Scottish, one diphone (robotic, four times as fast). */
const VOICES = ['slt', 'rms', 'awb', 'kal16'] as const;
type Voice = (typeof VOICES)[number];
const SPEED = { min: 0.5, max: 2 } as const;
/** Short enough that an interrupted caller of this generator never holds much that nobody will hear. */
const CHUNK_MS = 200;

export type FliteOptions = { workers: number; log: Logger; clock?: Clock; deadlineMs?: number };

/**
 * The synthesiser that needs no network: flite as WebAssembly in worker threads. English only; other languages are read as English.
 * `voiceSettings.voice` is `slt` (default), `rms`, `awb` or `kal16`, `voiceSettings.speed` 0.5 to 2.
 */
export function startFliteSynthesizer(options: FliteOptions): TextToSpeech & { close(): Promise<void> } {
  const pool = new FlitePool({
    size: options.workers,
    clock: options.clock ?? systemClock,
    log: options.log,
    ...(options.deadlineMs === undefined ? {} : { deadlineMs: options.deadlineMs }),
  });
  return {
    name: 'flite',
    synthesize: (request) => synthesize(pool, request),
    close: () => pool.close(),
  };
}

async function* synthesize(pool: FlitePool, request: SynthesisRequest): AsyncGenerator<SpeechChunk> {
  const { signal } = request;
  const voice = voiceOf(request.voiceSettings['voice']);
  const durationStretch = 1 / speedOf(request.voiceSettings['speed']);
  const speak = (text: string): Promise<FliteSpeech | undefined> =>
    pool.speak({ text, voice, durationStretch, pauseMs: pauseAfterMs(text) }, signal);

  const sentences = splitSentences(speakableText(request.text));
  let next = sentences[0] === undefined ? undefined : speak(sentences[0]);
  for (let i = 0; next; i++) {
    const speech = await next;
    if (!speech || signal.aborted) return;
    const following = sentences[i + 1];
    next = following === undefined ? undefined : speak(following);
    // Its failure surfaces when it is awaited; a consumer that stops early leaves it unawaited.
    next?.catch(() => {});
    for (const chunk of inChunks(speech)) {
      if (signal.aborted) return;
      yield chunk;
    }
  }
}

function* inChunks({ pcm, rateHz }: FliteSpeech): Generator<SpeechChunk> {
  const chunkSamples = Math.round((rateHz * CHUNK_MS) / 1000);
  for (let start = 0; start < pcm.length; start += chunkSamples) yield { pcm: pcm.slice(start, start + chunkSamples), rateHz };
}

function voiceOf(setting: unknown): Voice {
  return VOICES.find((voice) => voice === setting) ?? VOICES[0];
}

function speedOf(setting: unknown): number {
  return typeof setting === 'number' && Number.isFinite(setting) ? Math.min(SPEED.max, Math.max(SPEED.min, setting)) : 1;
}
