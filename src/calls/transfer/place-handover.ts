import type { Clock } from '../../core/clock.js';
import type { Dialog } from '../../domain/ports/telephony.js';
import type { TransferPolicy } from '../../domain/transfer.js';
import type { TrunkRef } from '../../domain/trunk.js';
import { askToRefer, type ReferOutcome } from './refer-attempt.js';

/** One of the two that are connected with us. */
export type Party = { dialog: Pick<Dialog, 'refer' | 'takes' | 'takeoverUri' | 'onEnded'>; trunk: TrunkRef | undefined };

/** Whoever is called with a Replaces talks already: nobody picks up. Longer than an INVITE that nothing answers (32 s). */
const PATIENCE_MS = 40_000;
/** The target hangs up on us when the far end has our place, which says so at about the same time. */
const TOLD_WITHIN_MS = 10_000;

/**
 * Whether the far end is to take our place with the target. Unless that is asked for, only where both say that they can, and may be
 * able to reach each other: over one trunk, or without any. Nobody else is told where the target is.
 */
export function placeIsHandedOver(policy: TransferPolicy, farEnd: Party, target: Party): boolean {
  if (policy !== 'auto') return policy === 'refer';
  const { takes } = farEnd.dialog;
  return takes.refer && takes.replaces && target.dialog.takes.replaces && farEnd.trunk?.id === target.trunk?.id;
}

/** `refused`: the far end would not. */
export type HandedOver = ReferOutcome & { refused: boolean };

const UNTOLD: ReferOutcome = { sipCode: undefined, succeeded: false };

/**
 * Has the far end call the target in our place (RFC 5589 section 7): a REFER to a URI with Replaces. Resolves with what it reports of
 * that, at the latest when it should have; or when `signal` is aborted. Never rejects.
 */
export async function handPlaceOver(
  farEnd: Party['dialog'],
  target: Party['dialog'],
  { clock, signal }: { clock: Clock; signal: AbortSignal },
  onProgress: (sipCode: number) => void,
): Promise<HandedOver> {
  const answer = await askToRefer(target.takeoverUri, { clock, dialog: farEnd, patienceMs: PATIENCE_MS }, onProgress);
  if (!answer.willTry) return { sipCode: answer.sipCode, succeeded: false, refused: true };
  let stopWaiting = answer.stopWaiting;
  let over = false;
  const untold = new Promise<ReferOutcome>((resolve) => {
    const giveUp = (): void => resolve(UNTOLD);
    signal.addEventListener('abort', giveUp, { once: true });
    if (signal.aborted) giveUp();
    target.onEnded(() => {
      if (over) return;
      answer.stopWaiting();
      stopWaiting = clock.schedule(TOLD_WITHIN_MS, giveUp);
    });
  });
  const outcome = await Promise.race([answer.outcome, untold]);
  over = true;
  stopWaiting();
  return { ...outcome, refused: false };
}
