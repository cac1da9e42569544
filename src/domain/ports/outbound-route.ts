import type { TenantId } from '../../core/ids.js';
import type { SipParty } from './telephony.js';

/** How a number is reached. */
export type Way = { uri: string; from: SipParty | undefined };

export interface OutboundRoute {
  /**
   * The way to an E.164 number.
   *
   * @throws AppError `outbound_not_configured` when there is none, `forbidden` when the number may not be called.
   */
  wayTo(tenant: TenantId, number: string): Way;
}
