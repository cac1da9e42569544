import type { Clock } from '../../core/clock.js';
import type { Dialog, ReferProgress } from '../../domain/ports/telephony.js';

export type ReferDeps = {
  clock: Clock;
  dialog: Pick<Dialog, 'refer'> | undefined;
  /** As long as a called party may ring when absent. */
  patienceMs?: number;
};

export type ReferOutcome = { sipCode: number | undefined; succeeded: boolean };

/** What the far end made of being asked: it will try, and `outcome` tells, or it will not. */
export type ReferAnswer =
  | { willTry: true; outcome: Promise<ReferOutcome>; stopWaiting: () => void }
  | { willTry: false; sipCode: number | undefined };

/** A called party may ring for long, but a far end that tells nothing is not waited for. */
const PATIENCE_MS = 90_000;

/** Asks the far end to call `uri` itself (RFC 5589 section 6). `onProgress` hears every status of its call. Never rejects. */
export async function askToRefer(
  uri: string,
  { clock, dialog, patienceMs = PATIENCE_MS }: ReferDeps,
  onProgress: (sipCode: number) => void,
): Promise<ReferAnswer> {
  let told: (outcome: ReferOutcome) => void = () => {};
  const outcome = new Promise<ReferOutcome>((resolve) => {
    told = resolve;
  });
  let last: number | undefined;
  const status = await dialog
    ?.refer(uri, ({ sipCode, final }: ReferProgress) => {
      if (sipCode !== undefined) onProgress(sipCode);
      last = sipCode ?? last;
      if (final) told({ sipCode: last, succeeded: sipCode !== undefined && sipCode >= 200 && sipCode < 300 });
    })
    .catch(() => undefined);
  if (status === undefined || status >= 300) return { willTry: false, sipCode: status };
  const stopWaiting = clock.schedule(patienceMs, () => told({ sipCode: last, succeeded: false }));
  return { willTry: true, outcome: outcome.finally(stopWaiting), stopWaiting };
}
