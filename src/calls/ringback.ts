import { AUDIO_RATE_HZ, type AudioSource } from '../domain/ports/media.js';

/** ITU-T E.180: what most of Europe and many other networks ring with. */
const HZ = 425;
const TONE_MS = 1_000;
const PAUSE_MS = 4_000;
const RAMP_SAMPLES = 80;
const PEAK = 3_000;

/** What callers hear while somebody else is called. */
export const RINGBACK: AudioSource = { type: 'tone', hz: HZ, soundMs: TONE_MS, pauseMs: PAUSE_MS };

/** One ring and the silence after it, at 16 kHz. */
export function ringback(): Int16Array {
  const tone = (AUDIO_RATE_HZ * TONE_MS) / 1000;
  const pcm = new Int16Array(tone + (AUDIO_RATE_HZ * PAUSE_MS) / 1000);
  for (let i = 0; i < tone; i += 1) {
    const ramp = Math.min(1, i / RAMP_SAMPLES, (tone - i) / RAMP_SAMPLES);
    pcm[i] = Math.round(PEAK * ramp * Math.sin((2 * Math.PI * HZ * i) / AUDIO_RATE_HZ));
  }
  return pcm;
}
