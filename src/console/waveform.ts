/** Loudest sample of each part, 0 … 1, of both sides. */
export type Waveform = { caller: readonly number[]; agent: readonly number[] };

const HALF = 100;

/** Both sides on one time axis: the caller above it, the agent below. */
export function waveformHtml({ caller, agent }: Waveform): string {
  const parts = Math.max(caller.length, agent.length);
  if (parts === 0) return '';
  const side = (name: string, peaks: readonly number[], sign: 1 | -1): string =>
    `<path class="${name}" d="M0 ${HALF}${peaks.map((peak, i) => `V${height(peak, sign)}H${i + 1}`).join('')}V${HALF}Z"/>`;
  return `<svg class="waveform" viewBox="0 0 ${parts} ${2 * HALF}" preserveAspectRatio="none" role="img" aria-label="Waveform: caller above, agent below">${side('caller', caller, 1)}${side('agent', agent, -1)}</svg>`;
}

/** A whole number is finer than a screen. Soft speech is made visible: the ear does not hear in proportion either. */
const height = (peak: number, sign: 1 | -1): number => Math.round(HALF - sign * HALF * Math.sqrt(Math.min(1, peak)));
