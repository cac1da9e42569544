/** Judges by the sound of it whether somebody is done speaking. */
export interface TurnModel {
  /**
   * `pcm` at 16 kHz mono ends a moment after what was said last; of a longer one the last 8 s count. Resolves with the probability (0 to 1)
   * that the turn is over, or undefined when there is no verdict in time. Never rejects.
   */
  judge(pcm: Int16Array): Promise<number | undefined>;
}
