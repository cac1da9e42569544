import type { Call } from '../../domain/call.js';
import { type DialogId, readReplaces, sameDialog } from '../../domain/dialog-id.js';
import type { Arrival } from '../../domain/ports/inbound-trunks.js';
import type { IncomingInvite } from '../../domain/ports/telephony.js';

type Replaceable = { readonly call: Call; readonly dialogId: DialogId | undefined };

/**
 * The call that an INVITE with Replaces takes over (RFC 3891 section 3), or the status that it is refused with. Only whoever has the
 * call may hand it on: it comes over the same trunk, or without one from the same address; anybody else learns nothing.
 */
export function replacedCall<T extends Replaceable>(
  header: string,
  invite: Pick<IncomingInvite, 'source'>,
  arrival: Pick<Arrival, 'trunk'> | undefined,
  calls: Iterable<T>,
): T | number {
  const replaces = readReplaces(header);
  if (!replaces) return 400;
  for (const call of calls) {
    if (!call.dialogId || !sameDialog(call.dialogId, replaces)) continue;
    const { trunk, sipPeer } = call.call;
    const sameSource = trunk ? trunk.id === arrival?.trunk?.id : sipPeer?.split(':').slice(1, -1).join(':') === hostOf(invite);
    if (!sameSource) return 481;
    return replaces.earlyOnly ? 486 : call;
  }
  return 481;
}

const hostOf = ({ source: { address } }: Pick<IncomingInvite, 'source'>): string =>
  address.includes(':') ? `[${address}]` : address;
