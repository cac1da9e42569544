import type { ActionId, CallId, ChatSessionId, TenantId } from '../../core/ids.js';
import type { ToolRun } from '../tool-run.js';

/** What is to be done with an action now that a call, or a text conversation, is over. It is stored with that end. */
export type EndAction = {
  /** The same for all its tries, in this process and in later ones. */
  id: string;
  tenantId: TenantId;
  actionId: ActionId;
  /** One of the two. */
  callId: CallId | undefined;
  sessionId: ChatSessionId | undefined;
  /** Tries that have failed. */
  attempts: number;
};

export interface EndActionRepository {
  /** Those whose time has come, the oldest first. */
  due(nowMs: number, limit: number): Promise<EndAction[]>;
  /** When the next one after `afterMs` is due. */
  nextDueMs(afterMs: number): Promise<number | undefined>;
  /**
   * What came of a try becomes part of the story of its call or conversation, and in the same transaction the action is done with, or due again.
   * Nothing happens when call or action were deleted meanwhile.
   */
  settle(action: EndAction, run: ToolRun | undefined, again: { atMs: number } | undefined): Promise<void>;
}
