import type { TenantId } from '../../core/ids.js';
import type { Agent } from '../agent.js';
import type { RedirectRules } from '../call-setup.js';
import type { TrunkRef } from '../trunk.js';
import type { RegisteredTarget } from './phone-directory.js';
import type { DialTerms, SipParty } from './telephony.js';
import type { Charge } from './toll-guard.js';

/** What carries calls out, and fails as one: a gateway or a trunk. */
export type Line = {
  /** Its name in the log; lines of the same key share their pace, their places and their breaker. */
  key: string;
  /** Where it has limits of its own; otherwise those for all outbound calls hold. */
  callsPerSecond?: number | undefined;
  maxConcurrent?: number | undefined;
};

/** How a number is reached. */
export type Way = {
  uri: string;
  from: SipParty | undefined;
  line: Line;
  trunk?: TrunkRef | undefined;
  terms?: DialTerms | undefined;
  /** Of whom registers to us: where to call instead of `uri`; none while nobody is registered. */
  targets?: readonly RegisteredTarget[] | undefined;
  /** Final SIP codes after which the next way is tried; none when absent. No answer at all (408) counts where it is among them. */
  failoverCodes?: readonly number[] | undefined;
  /** Where a 3xx may send the call; nowhere when absent. */
  redirects?: RedirectRules | undefined;
  mayCall?: ((uri: string) => boolean) | undefined;
};

/** On whose account a call goes, and the agent that makes it: the number of its line is shown. */
export type Placing = Charge & { agent?: Pick<Agent, 'line'> | undefined };

export interface OutboundRoute {
  /**
   * The ways to an E.164 number, or to `sip:user@` this server, the preferred one first and at least one: the first whose line works and has a place is taken.
   *
   * @throws AppError `outbound_not_configured` when there is none, `destination_not_allowed` when the number may not be called,
   * `call_limit_reached` or `key_limit_reached` while no more calls may be placed, `forbidden` when nothing takes the number, `not_found` for a phone that does not exist,
   * `signalling_unavailable` when none of them works now.
   */
  waysTo(tenant: TenantId, number: string, placing?: Placing): readonly Way[];
  /** The ways to a SIP URI as it stands, at least one. @throws AppError as `waysTo`. */
  waysToUri(tenant: TenantId, uri: string, charge?: Charge): readonly Way[];
}
