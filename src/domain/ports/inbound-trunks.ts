import type { TenantId } from '../../core/ids.js';
import type { TrunkRef } from '../trunk.js';
import type { IncomingInvite, MediaTerms } from './telephony.js';

/** What the trunk that an INVITE came over makes of it. */
export type Arrival = {
  tenantId: TenantId;
  trunk: TrunkRef;
  /** Whom to look for, in this order: SIP users or ids of agents. */
  wanted: readonly string[];
  /** The caller's, in E.164; undefined where it is none, or not shown. */
  callerNumber: string | undefined;
  /** In both directions; undefined is no limit. */
  maxConcurrentCalls: number | undefined;
  terms: MediaTerms;
};

export interface InboundTrunks {
  /** Undefined: it came over no trunk that we know. */
  arrivalOf(invite: Pick<IncomingInvite, 'source' | 'requestUser' | 'from' | 'to'>): Arrival | undefined;
}
