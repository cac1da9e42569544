import type { AgentId, ApiKeyId, CallId, TenantId, TextId } from '../core/ids.js';
import type { TrunkRef } from './trunk.js';

export const TEXT_DIRECTIONS = ['inbound', 'outbound'] as const;
export type TextDirection = (typeof TEXT_DIRECTIONS)[number];

/**
 * Of those that come: `received`. Of those that go: `pending` until the far end has answered for good, `sent` when it took it to pass it
 * on (202), `delivered` when it has it, `failed` when nothing more is tried.
 */
export const TEXT_STATUSES = ['received', 'pending', 'sent', 'delivered', 'failed'] as const;
export type TextStatus = (typeof TEXT_STATUSES)[number];

/** One message of a text conversation, carried by SIP MESSAGE (RFC 3428). */
export type Text = {
  id: TextId;
  tenantId: TenantId;
  direction: TextDirection;
  status: TextStatus;
  /** The other party: a number in E.164, or a SIP URI without parameters. All texts with it are one thread. */
  contact: string;
  fromUri: string;
  /** Of one that goes out: the user that stands in From instead of the trunk's own. */
  fromUser: string | undefined;
  toUri: string;
  text: string;
  /** Whom it is for: the agent that calls to the same address reach. */
  agentId: AgentId | undefined;
  /** It came or went in the dialog of this call. */
  callId: CallId | undefined;
  trunk: TrunkRef | undefined;
  /** Call-ID and CSeq of one that came, by which it is known when it is sent again. */
  sipId: string | undefined;
  /** The last final status of one that goes out. */
  sipCode: number | undefined;
  /** `sip_<status>`, or one word in snake case. */
  failureReason: string | undefined;
  attempts: number;
  /** Of a pending one. */
  nextAttemptAtMs: number | undefined;
  /** Of one that goes out: the key that asked for it. */
  apiKeyId?: ApiKeyId | undefined;
  createdAtMs: number;
  updatedAtMs: number;
};

/** A contact with what was last said. */
export type TextThread = { contact: string; texts: number; last: Text };

/** Of one that goes out. More than fits a datagram goes over TCP. */
export const MAX_TEXT_BYTES = 8_000;
