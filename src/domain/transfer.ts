import type { SrtpSuite } from './ports/media.js';
import type { TrunkRef } from './trunk.js';

/** `attended`: somebody speaks with the target before the far end does. */
export const TRANSFER_KINDS = ['blind', 'attended'] as const;
export type TransferKind = (typeof TRANSFER_KINDS)[number];

/**
 * `refer`: the far end calls the target itself (RFC 3515). `bridge`: we call the target, and carry the audio between the two.
 * `replaces`: somebody took the call over with an INVITE of their own (RFC 3891).
 */
export const TRANSFER_METHODS = ['refer', 'bridge', 'replaces'] as const;
export type TransferMethod = (typeof TRANSFER_METHODS)[number];

/** What is wanted: `auto` asks the far end, and bridges when it will not. */
export const TRANSFER_POLICIES = ['auto', 'refer', 'bridge'] as const;
export type TransferPolicy = (typeof TRANSFER_POLICIES)[number];

/** Who wanted it: the operator by the API, the agent itself, the far end (which a phone that dials somebody else is, too), or a route. */
export const TRANSFER_ASKERS = ['operator', 'agent', 'far_end', 'route'] as const;
export type TransferAsker = (typeof TRANSFER_ASKERS)[number];

/** `completed`: handed over, which a bridge may be for long. After `failed` and `cancelled` the agent has the far end back. */
export const TRANSFER_STATUSES = ['pending', 'consulting', 'completed', 'failed', 'cancelled'] as const;
export type TransferStatus = (typeof TRANSFER_STATUSES)[number];

/** What came of a call to somebody who did not take it. */
export const UNREACHED_REASONS = ['busy', 'no_answer', 'declined', 'no_such_number', 'no_common_codec', 'failed'] as const;
export type UnreachedReason = (typeof UNREACHED_REASONS)[number];

export const TRANSFER_REASONS = [
  ...UNREACHED_REASONS,
  /** The far end does not do what it was asked (REFER). */
  'refused',
  /** We may not call the target ourselves. */
  'not_allowed',
  'cancelled',
  /** The far end hung up meanwhile. */
  'hung_up',
] as const;
export type TransferReason = (typeof TRANSFER_REASONS)[number];

/** How the target is to say that it takes the call: by listening to the end, by a key (1 takes, any other declines), or over the API. */
export const TRANSFER_CONSENTS = ['none', 'key', 'api'] as const;
export type TransferConsent = (typeof TRANSFER_CONSENTS)[number];

/** Our dialog with the target. */
export type TransferLeg = {
  sipCallId: string;
  fromUri: string;
  toUri: string;
  trunk: TrunkRef | undefined;
  codec: string | undefined;
  srtp: SrtpSuite | undefined;
  mediaPeer: string | undefined;
  answeredAtMs: number | undefined;
  endedAtMs: number | undefined;
};

export type Transfer = {
  target: string;
  kind: TransferKind;
  method: TransferMethod;
  by: TransferAsker;
  status: TransferStatus;
  /** The last SIP status that was told of the new call, or of the far end's refusal. */
  sipCode: number | undefined;
  /** Why it did not come about. */
  reason: TransferReason | undefined;
  startedAtMs: number;
  /** The target answered us. */
  answeredAtMs: number | undefined;
  /** It failed, was handed over for good, or the bridged call ended. */
  endedAtMs: number | undefined;
  leg: TransferLeg | undefined;
};

/** What the new call's final status says of the target. */
export function transferReasonOf(sipCode: number | undefined): UnreachedReason {
  switch (sipCode) {
    case 486:
    case 600:
      return 'busy';
    case 408:
    case 480:
    case 487:
      return 'no_answer';
    case 603:
    case 607:
    case 608:
      return 'declined';
    case 404:
    case 410:
    case 484:
    case 604:
      return 'no_such_number';
    case 488:
    case 606:
      return 'no_common_codec';
    default:
      return 'failed';
  }
}
