/** Share of the signal's energy that lies at `hz` (Goertzel): 1 for a pure tone, near 0 for silence or another tone. */
export function toneShare(samples: Int16Array, hz: number, sampleRateHz: number): number {
  const k = 2 * Math.cos((2 * Math.PI * hz) / sampleRateHz);
  let s1 = 0;
  let s2 = 0;
  let energy = 0;
  for (const x of samples) {
    const s0 = x + k * s1 - s2;
    s2 = s1;
    s1 = s0;
    energy += x * x;
  }
  return energy === 0 ? 0 : (2 * (s1 * s1 + s2 * s2 - k * s1 * s2)) / (samples.length * energy);
}

export function sine(hz: number, durationMs: number, sampleRateHz: number, amplitude = 8000): Int16Array {
  const samples = new Int16Array(Math.round((durationMs * sampleRateHz) / 1000));
  for (let i = 0; i < samples.length; i++) samples[i] = Math.round(amplitude * Math.sin((2 * Math.PI * hz * i) / sampleRateHz));
  return samples;
}

/** Root mean square; 0 for silence. */
export function rms(samples: Int16Array): number {
  let energy = 0;
  for (const x of samples) energy += x * x;
  return samples.length === 0 ? 0 : Math.sqrt(energy / samples.length);
}

/**
 * Share of 20 ms frames that hold the tone and nothing else. By frames, because a jitter buffer that slips once changes the
 * tone's phase, which a long window takes for another tone.
 */
export function clearShare(samples: Int16Array, hz: number, sampleRateHz: number): number {
  const length = sampleRateHz / 50;
  const frames = Math.floor(samples.length / length);
  let clear = 0;
  for (let i = 0; i < frames; i++) {
    if (toneShare(samples.subarray(i * length, (i + 1) * length), hz, sampleRateHz) > 0.95) clear += 1;
  }
  return frames === 0 ? 0 : clear / frames;
}
