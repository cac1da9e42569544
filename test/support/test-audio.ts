import { silentLogger } from '../../src/core/log.js';
import { AUDIO_RATE_HZ } from '../../src/domain/ports/media.js';
import { startFliteSynthesizer } from '../../src/speech/embedded/flite-synthesizer.js';

/** Audio for tests at 16 kHz: somebody speaking, and things that are not speech. */
export async function spoken(text: string): Promise<Int16Array> {
  const tts = startFliteSynthesizer({ workers: 1, log: silentLogger });
  try {
    const parts: Int16Array[] = [];
    const request = { text, language: 'en-US', voiceSettings: {}, signal: new AbortController().signal };
    for await (const { pcm } of tts.synthesize(request)) parts.push(pcm);
    return joined(...parts);
  } finally {
    await tts.close();
  }
}

export const silent = (ms: number): Int16Array => new Int16Array((ms * AUDIO_RATE_HZ) / 1_000);

export const joined = (...parts: Int16Array[]): Int16Array => Int16Array.from(parts.flatMap((part) => Array.from(part)));

export const tone = (hz: readonly number[], ms: number): Int16Array =>
  silent(ms).map((_, i) => hz.reduce((sum, f) => sum + 5_000 * Math.sin((2 * Math.PI * f * i) / AUDIO_RATE_HZ), 0));

/** White noise, the same every time. */
export function noise(ms: number, amplitude: number): Int16Array {
  let seed = 12_345;
  return silent(ms).map(() => {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) & 0x7fffffff;
    return (seed / 0x40000000 - 1) * amplitude;
  });
}
