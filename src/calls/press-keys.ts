import type { MediaSession } from '../domain/ports/media.js';
import type { Dialog, DigitTiming } from '../domain/ports/telephony.js';

/** The two ways to somebody: what is signalled, and what is heard. */
export type KeyTaker = { dialog: Dialog | undefined; session: Pick<MediaSession, 'sendDigits'> };

/** Long enough for every receiver (ITU-T Q.24). */
export const KEY_TIMING: DigitTiming = { durationMs: 100, gapMs: 60 };

/** Presses keys in the way that was agreed with the one who is to notice them. */
export function pressKeys({ dialog, session }: KeyTaker, digits: string): void {
  if (dialog?.digits === 'info') dialog.sendDigits(digits, KEY_TIMING);
  else session.sendDigits(digits, KEY_TIMING);
}
