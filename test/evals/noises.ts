const RATE_HZ = 16_000;

/** White noise whose loudness follows `envelope` (0 … 1 over its length), repeatable. */
function burst(seconds: number, peak: number, envelope: (at: number) => number, seed: number): Int16Array {
  let state = seed;
  let smooth = 0;
  const samples = new Int16Array(Math.round(seconds * RATE_HZ));
  return samples.map((_, i) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    // A throat is duller than white noise.
    smooth = 0.6 * smooth + 0.4 * (state / 2 ** 31 - 1);
    return Math.round(smooth * peak * envelope(i / samples.length));
  });
}

const decay = (at: number): number => Math.min(1, at * 40) * Math.exp(-6 * at);

/** Sudden sounds of someone who listens. Not speech, so nothing that the agent should stop for. */
export const SUDDEN: Readonly<Record<string, Int16Array>> = {
  cough: burst(0.35, 22_000, decay, 1),
  'two coughs': Int16Array.from([...burst(0.3, 22_000, decay, 2), ...new Int16Array(3200), ...burst(0.3, 18_000, decay, 3)]),
  door: burst(0.25, 30_000, (at) => Math.exp(-14 * at), 4),
  keyboard: Int16Array.from(
    Array.from({ length: 6 }, (_, i) => [...burst(0.02, 12_000, decay, 5 + i), ...new Int16Array(1600)]).flat(),
  ),
  breath: burst(1.2, 5000, (at) => Math.sin(Math.PI * at), 12),
};

function tones(frequenciesHz: readonly number[], onS: number, offS: number, seconds: number): Int16Array {
  return new Int16Array(seconds * RATE_HZ).map((_, i) => {
    if ((i / RATE_HZ) % (onS + offS) >= onS) return 0;
    const sum = frequenciesHz.reduce((total, hz) => total + Math.sin((2 * Math.PI * hz * i) / RATE_HZ), 0);
    return Math.round((sum / frequenciesHz.length) * 9000);
  });
}

/** Four chords of three harmonics each, with a beat: what callers on hold hear. */
function music(seconds: number): Int16Array {
  const chords = [
    [262, 330, 392],
    [220, 262, 330],
    [175, 220, 262],
    [196, 247, 294],
  ];
  return new Int16Array(seconds * RATE_HZ).map((_, i) => {
    const at = i / RATE_HZ;
    const chord = chords[Math.floor(at / 2) % chords.length] ?? [];
    const beat = 0.6 + 0.4 * Math.exp(-4 * ((at * 2) % 1));
    const sum = chord.reduce(
      (total, hz) => total + [1, 2, 3].reduce((all, n) => all + Math.sin(2 * Math.PI * hz * n * at) / n, 0),
      0,
    );
    return Math.round((sum / 6) * beat * 9000);
  });
}

const SECONDS = 20;
/** What an agent hears that was answered, or put on hold, by no person. */
export const LASTING: Readonly<Record<string, Int16Array>> = {
  'ringback (US)': tones([440, 480], 2, 4, SECONDS),
  'ringback (Europe)': tones([425], 1, 4, SECONDS),
  busy: tones([480, 620], 0.5, 0.5, SECONDS),
  'fax calling': tones([1100], 0.5, 3, SECONDS),
  'hold music': music(SECONDS),
  'white noise': burst(SECONDS, 4000, () => 1, 20),
};
