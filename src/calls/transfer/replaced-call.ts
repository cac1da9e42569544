import type { Call } from '../../domain/call.js';
import { type DialogId, readReplaces, sameDialog } from '../../domain/dialog-id.js';
import type { Arrival } from '../../domain/ports/inbound-trunks.js';
import type { EarlyDialog, IncomingInvite } from '../../domain/ports/telephony.js';

export type Replaceable = {
  readonly call: Call;
  /** Of an INVITE of ours that rings. Those of others are theirs to end. */
  readonly early: readonly EarlyDialog[];
  /** Of the answered call. */
  readonly id: DialogId | undefined;
  readonly over: boolean;
};

/**
 * The call that an INVITE with Replaces takes over (RFC 3891 section 3), or the status that it is refused with. Only whoever has the
 * call, or rings, may hand it on: it comes over the same trunk, or without one from the same address; anybody else learns nothing.
 */
export function replacedCall<T extends { readonly replaceable: Replaceable }>(
  header: string,
  invite: Pick<IncomingInvite, 'source'>,
  arrival: Pick<Arrival, 'trunk'> | undefined,
  calls: Iterable<T>,
): T | number {
  const replaces = readReplaces(header);
  if (!replaces) return 400;
  for (const candidate of calls) {
    const { call, early, id, over } = candidate.replaceable;
    const ringing = early.find((dialog) => sameDialog(dialog, replaces));
    if (!ringing && !(id && sameDialog(id, replaces))) continue;
    const address =
      ringing?.address ??
      call.sipPeer
        ?.split(':')
        .slice(1, -1)
        .join(':')
        .replace(/^\[|\]$/g, '');
    const sameSource = call.trunk ? call.trunk.id === arrival?.trunk?.id : address === invite.source.address;
    if (!sameSource) return 481;
    if (over) return 603;
    return replaces.earlyOnly && !ringing ? 486 : candidate;
  }
  return 481;
}
