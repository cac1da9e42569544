import type { CallId, TenantId } from '../../core/ids.js';
import type { Call } from '../call.js';

/** What the API may do to a call in progress. */
export interface CallControl {
  /**
   * Hangs up and resolves with the ended call.
   *
   * @throws AppError `call_not_found`, or `call_already_ended` when it is over.
   */
  end(tenant: TenantId, id: CallId): Promise<Call>;
  /** Calls that exist now, in any state before the end. */
  activeCalls(): number;
}
