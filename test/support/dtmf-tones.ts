const ROWS_HZ = [697, 770, 852, 941] as const;
const COLUMNS_HZ = [1209, 1336, 1477, 1633] as const;
const KEYS = '123A456B789C*0#D';

/** The two frequencies of a key (ITU-T Q.23). */
export function keyHz(key: string): readonly [number, number] {
  const at = KEYS.indexOf(key);
  return [ROWS_HZ[Math.floor(at / 4)] ?? 0, COLUMNS_HZ[at % 4] ?? 0];
}

/** A press as a telephone sends it in its audio, with the silence behind it. */
export function pressed(key: string, sampleRateHz: number, durationMs = 120, gapMs = 100): Int16Array {
  const hz = keyHz(key);
  const samples = new Int16Array(((durationMs + gapMs) * sampleRateHz) / 1000);
  for (let i = 0; i < (durationMs * sampleRateHz) / 1000; i += 1) {
    samples[i] = hz.reduce((sum, one) => sum + 5_000 * Math.sin((2 * Math.PI * one * i) / sampleRateHz), 0);
  }
  return samples;
}
