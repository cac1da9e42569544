/** What a G.711 call does to 16 kHz speech: down to 8 kHz, through mu-law (ITU-T G.711), and up again. */
export function throughTelephone(pcm: Int16Array): Int16Array {
  const narrow = filter(pcm, 0.5, 1).filter((_, i) => i % 2 === 0);
  const decoded = narrow.map((sample) => muLawDecode(muLawEncode(sample)));
  const spread = new Int16Array(decoded.length * 2);
  decoded.forEach((sample, i) => {
    spread[2 * i] = sample;
  });
  return filter(spread, 0.5, 2);
}

/** Silence with a little noise, as a line has it before and after speech. */
export function lineSilence(durationMs: number, seed = 1): Int16Array {
  let state = seed;
  return new Int16Array(durationMs * 16).map(() => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return (state >>> 16) % 7;
  });
}

export function concat(...parts: Int16Array[]): Int16Array {
  const whole = new Int16Array(parts.reduce((sum, part) => sum + part.length, 0));
  let position = 0;
  for (const part of parts) {
    whole.set(part, position);
    position += part.length;
  }
  return whole;
}

/** Low pass by a windowed sinc; `cutoff` as a share of half the rate. */
function filter(pcm: Int16Array, cutoff: number, gain: number): Int16Array {
  const half = 47;
  const taps = Array.from({ length: 2 * half + 1 }, (_, i) => {
    const x = (i - half) * cutoff;
    const sinc = x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
    return gain * cutoff * sinc * (0.54 + 0.46 * Math.cos((Math.PI * (i - half)) / half));
  });
  return pcm.map((_, n) => {
    let sum = 0;
    for (let i = 0; i < taps.length; i++) sum += (taps[i] as number) * (pcm[n + half - i] ?? 0);
    return Math.max(-32_768, Math.min(32_767, Math.round(sum)));
  });
}

function muLawEncode(sample: number): number {
  const magnitude = Math.min(Math.abs(sample), 32_635) + 132;
  const exponent = Math.floor(Math.log2(magnitude)) - 7;
  const mantissa = (magnitude >> (exponent + 3)) & 15;
  return ~((sample < 0 ? 0x80 : 0) | (exponent << 4) | mantissa) & 0xff;
}

function muLawDecode(code: number): number {
  const bits = ~code & 0xff;
  const magnitude = ((((bits & 15) << 3) + 132) << ((bits >> 4) & 7)) - 132;
  return bits & 0x80 ? -magnitude : magnitude;
}
