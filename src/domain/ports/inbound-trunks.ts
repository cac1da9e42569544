import type { TenantId } from '../../core/ids.js';
import type { AnswerRules } from '../call-setup.js';
import type { HeaderVariable } from '../header-variables.js';
import type { PhoneSettings } from '../phone.js';
import type { RouteRule } from '../route.js';
import type { TrunkRef } from '../trunk.js';
import type { IncomingInvite, InviteTerms } from './telephony.js';

/** What the trunk that an INVITE came over makes of it, or the phone that it came from. */
export type Arrival = {
  tenantId: TenantId;
  /** Absent of a call by somebody who is registered here. */
  trunk: TrunkRef | undefined;
  /** The phone that calls, of those that are registered here. */
  phone?: Pick<PhoneSettings, 'username' | 'mayCall'> | undefined;
  /** Users that were called, the likeliest first: each may be the SIP user or id of an agent. */
  wanted: readonly string[];
  /** The same as numbers in E.164, where they are some. */
  calledNumbers?: readonly string[] | undefined;
  /** Rules of the trunk's own, after the tenant's routes. */
  rules?: readonly RouteRule[] | undefined;
  variables?: readonly HeaderVariable[] | undefined;
  /** How the trunk is asked for a number. */
  numberUri?: ((e164: string) => string) | undefined;
  /** The caller's, in E.164; undefined where it is none, or not shown. */
  callerNumber: string | undefined;
  /** In both directions; undefined is no limit. */
  maxConcurrentCalls: number | undefined;
  terms: InviteTerms;
  /** When ready, where absent. */
  answer?: AnswerRules | undefined;
};

export interface InboundTrunks {
  /** Undefined: it came over no trunk that we know. */
  arrivalOf(invite: Pick<IncomingInvite, 'source' | 'requestUser' | 'from' | 'to'>): Arrival | undefined;
}
