import type { MediaSession } from '../../domain/ports/media.js';
import type { Dialog } from '../../domain/ports/telephony.js';
import { pressKeys } from '../press-keys.js';

/** One end of a bridge. The dialog that carries it may change meanwhile. */
export type BridgedEnd = { dialog: () => Dialog | undefined; session: Pick<MediaSession, 'sendDigits' | 'onEvent'> };

/**
 * Hands `to` the keys that `from` presses by RTP or in band, where they are to go by INFO; elsewhere the engine does it. `isBridged`: the
 * bridge lasts.
 */
export function relayByInfo(from: BridgedEnd, to: BridgedEnd, isBridged: () => boolean): void {
  from.session.onEvent((event) => {
    if (event.type === 'digit' && to.dialog()?.digits === 'info' && isBridged()) pressFor(to, event.digit);
  });
}

export const pressFor = ({ dialog, session }: BridgedEnd, digit: string): void => pressKeys({ dialog: dialog(), session }, digit);
