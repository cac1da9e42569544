import type { DigestChallenge, ProvableRequest } from './authentication.js';
import type { Arrival } from './inbound-trunks.js';
import type { IncomingInvite } from './telephony.js';

export type Caller =
  | { is: 'known'; arrival: Arrival }
  /** Says to be somebody of ours, or calls from where one of ours is registered, and has to prove it. */
  | { is: 'unproven'; challenges: readonly DigestChallenge[] }
  /** The proof was wrong, or of somebody else than the call says to be from. */
  | { is: 'refused' }
  | { is: 'unknown' };

/** An INVITE, or a MESSAGE. */
export type CallerRequest = ProvableRequest & Pick<IncomingInvite, 'requestUser' | 'from' | 'to'>;

/** Phones, and trunks that register to us: those who are known by what they prove, and not by where they are. */
export interface InboundCallers {
  /** For a caller that nobody knows, who may prove to be somebody. */
  challenges(): readonly DigestChallenge[];
  identify(request: CallerRequest): Caller;
}
