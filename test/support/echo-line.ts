import { g711Decode, g711Encode } from './g711.js';

export const LINE_RATE_HZ = 8_000;

/** The way from the agent's voice back to us, at the far end of a telephone line. */
export type EchoPath = {
  delayMs: number;
  /** How much fainter the echo is than what was sent. */
  returnLossDb: number;
  /** How long the room goes on; 0 is a bare delay. */
  roomMs: number;
  /** Their clock against ours. */
  driftPpm?: number;
  /** From `atMs` on the delay is another: a jitter buffer somewhere was emptied or filled. */
  jump?: { atMs: number; delayMs: number };
  /** A loudspeaker that is driven too hard. */
  distorts?: boolean;
  noiseDbfs?: number;
};

/** Random numbers from -1 to 1, the same every time. */
export function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
    return state / 2 ** 31;
  };
}

export const throughG711 = (samples: Int16Array): Int16Array => g711Decode(g711Encode(samples, 'PCMU'), 'PCMU');

/** What comes back, at 8 kHz: the echo of `sent`, what `caller` says meanwhile, and the noise of the place. */
export function heardFrom(sent: Int16Array, caller: Int16Array, path: EchoPath): Int16Array {
  const played = throughG711(sent);
  const echo = echoOf(path.distorts ? played.map((x) => 9_000 * Math.tanh(x / 9_000)) : played, path);
  const scale = levelOf(played) === 0 ? 0 : (levelOf(played) / levelOf(echo)) * 10 ** (-path.returnLossDb / 20);
  const noise = randomFrom(99);
  const noisePeak = 32_768 * 10 ** ((path.noiseDbfs ?? -65) / 20) * Math.sqrt(3);
  const mixed = echo.map((x, i) => clamped(x * scale + (caller[i] ?? 0) + noise() * noisePeak));
  return throughG711(Int16Array.from(mixed));
}

const clamped = (x: number): number => Math.max(-32_768, Math.min(32_767, Math.round(x)));

function echoOf(played: Int16Array, { delayMs, roomMs, driftPpm = 0, jump }: EchoPath): Float32Array {
  const room = roomOf(roomMs);
  const inRoom = new Float32Array(played.length);
  for (let n = 0; n < played.length; n += 1) {
    let sum = 0;
    for (let k = 0; k < room.length && k <= n; k += 1) sum += (room[k] ?? 0) * (played[n - k] ?? 0);
    inRoom[n] = sum;
  }
  return new Float32Array(played.length).map((_, n) => {
    const delay = jump && n >= (jump.atMs * LINE_RATE_HZ) / 1_000 ? jump.delayMs : delayMs;
    const at = n * (1 - driftPpm / 1e6) - (delay * LINE_RATE_HZ) / 1_000;
    const whole = Math.floor(at);
    const part = at - whole;
    return (inRoom[whole] ?? 0) * (1 - part) + (inRoom[whole + 1] ?? 0) * part;
  });
}

/** A first sound, then a tail that loses 60 dB three times as long as it is. */
export function roomOf(roomMs: number): Float32Array {
  const taps = Math.max(1, Math.round((roomMs * LINE_RATE_HZ) / 1_000));
  const random = randomFrom(7);
  return new Float32Array(taps).map((_, k) => (k === 0 ? 1 : 0.35 * random() * 10 ** (-k / taps)));
}

/** Root mean square where there is sound. */
export function levelOf(samples: Int16Array | Float32Array): number {
  let energy = 0;
  let count = 0;
  for (let at = 0; at + 160 <= samples.length; at += 160) {
    let frame = 0;
    for (let i = at; i < at + 160; i += 1) frame += (samples[i] ?? 0) ** 2;
    if (frame / 160 < 900) continue;
    energy += frame;
    count += 160;
  }
  return count === 0 ? 0 : Math.sqrt(energy / count);
}

export function atLevel(samples: Int16Array, dbfs: number): Int16Array {
  const scale = (32_768 * 10 ** (dbfs / 20)) / levelOf(samples);
  return samples.map((x) => clamped(x * scale));
}

/** To the 16 kHz of the engine, by a half-band filter. */
export function doubled(samples: Int16Array): Int16Array {
  const out = new Int16Array(samples.length * 2);
  for (let n = 0; n < samples.length; n += 1) {
    let between = 0;
    for (let k = 0; k < HALF_BAND.length; k += 1)
      between += (HALF_BAND[k] ?? 0) * ((samples[n - k] ?? 0) + (samples[n + 1 + k] ?? 0));
    out[2 * n] = samples[n] ?? 0;
    out[2 * n + 1] = clamped(between);
  }
  return out;
}

/** Back to 8 kHz, by the same filter. */
export function halved(samples: Int16Array): Int16Array {
  return new Int16Array(Math.floor(samples.length / 2)).map((_, n) => {
    let around = 0;
    for (let k = 0; k < HALF_BAND.length; k += 1)
      around += (HALF_BAND[k] ?? 0) * ((samples[2 * n - 1 - 2 * k] ?? 0) + (samples[2 * n + 1 + 2 * k] ?? 0));
    return clamped(((samples[2 * n] ?? 0) + around) / 2);
  });
}

/** A sinc in between two samples under a cosine window. */
const HALF_BAND = Array.from({ length: 12 }, (_, k) => {
  const x = k + 0.5;
  return (Math.sin(Math.PI * x) / (Math.PI * x)) * Math.cos((Math.PI * x) / 25) ** 2;
});
