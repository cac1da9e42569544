/** What the rating is made of, as it is stored beside it. */
export type RatingInputs = {
  /** Packets that were not there when they were due, 0 … 100. */
  lossPercent: number;
  /** From mouth to ear, one way. */
  delayMs: number;
  /** Equipment impairment factor (Ie) and packet-loss robustness (Bpl) of the codec (ITU-T G.113). */
  ie: number;
  bpl: number;
  /** 1: losses are independent of each other. */
  burstRatio: number;
};

/** R from 0 to 100, and the mean opinion score of a conversation from 1 to 4.5. */
export type Rating = { rFactor: number; mos: number };

/**
 * ITU-T G.113 Appendix I: G.711 with packet-loss concealment, losses at random. It has nothing for the two others on the
 * narrow-band scale, so that they count as G.711: their wider band is not credited, their own robustness not either.
 *
 * The wide-band scale (G.107.1, G.113 Appendix IV) has G.722, but a score on it says another thing: the best call by G.711 has
 * less of it than here. One column of scores has to be on one scale. For Opus as we send it (wide band, 24 kbit/s) nobody has
 * published figures; those there are stop at 15 kbit/s, or go by super-wide band.
 */
export const CODEC_IMPAIRMENT = {
  PCMU: { ie: 0, bpl: 25.1 },
  PCMA: { ie: 0, bpl: 25.1 },
  G722: { ie: 0, bpl: 25.1 },
  opus: { ie: 0, bpl: 25.1 },
} as const;

/** R0 - Is of ITU-T G.107 with all its default values. */
const R_DEFAULT = 93.2;
/** Up to here a conversation does not notice (G.107 clause 7.4). */
const UNNOTICED_DELAY_MS = 100;

/**
 * The E-model (ITU-T G.107) with its defaults for all that a packet network does not tell. No talker echo: a machine hears none,
 * and gives none back.
 */
export function rate({ lossPercent, delayMs, ie, bpl, burstRatio }: RatingInputs): Rating {
  const impairment = ie + ((95 - ie) * lossPercent) / (lossPercent / burstRatio + bpl);
  const r = R_DEFAULT - delayImpairment(delayMs) - impairment;
  const rFactor = Math.min(100, Math.max(0, r));
  // Annex B; the cubic dips below 1 at its lower end.
  const mos = 1 + 0.035 * rFactor + rFactor * (rFactor - 60) * (100 - rFactor) * 7e-6;
  return { rFactor, mos: Math.max(1, mos) };
}

/** Idd of clause 7.4. */
function delayImpairment(delayMs: number): number {
  if (delayMs <= UNNOTICED_DELAY_MS) return 0;
  const x = Math.log2(delayMs / UNNOTICED_DELAY_MS);
  return 25 * ((1 + x ** 6) ** (1 / 6) - 3 * (1 + (x / 3) ** 6) ** (1 / 6) + 2);
}
