/** RFC 3261 section 17.1.1.1 and table 4, in milliseconds. */
export type Timing = { t1Ms: number; t2Ms: number; t4Ms: number; timerDMs: number };

export const RFC_TIMING: Timing = { t1Ms: 500, t2Ms: 4000, t4Ms: 5000, timerDMs: 32_000 };

/** 64*T1: how long a transaction or a 2xx waits for the other side. */
export const giveUpMs = (timing: Timing): number => 64 * timing.t1Ms;
