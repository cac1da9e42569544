import { TollLedger } from './calls/toll-ledger.js';
import type { Clock } from './core/clock.js';
import type { TollLimits } from './domain/ports/toll-guard.js';
import type { Database } from './storage/database.js';

const DAY_MS = 86_400_000;

/** The ledger as an earlier run has left it: whose limits there are, and what stands on each account. */
export async function openTollLedger(
  { outboundPolicies, keys }: Pick<Database, 'outboundPolicies' | 'keys'>,
  common: TollLimits,
  clock: Clock,
): Promise<TollLedger> {
  const ledger = new TollLedger(common, clock);
  for (const { tenantId, limits } of await outboundPolicies.limits()) ledger.setLimits(tenantId, limits);
  for (const { id, limits } of await keys.limits()) ledger.setLimits(id, limits);
  ledger.remember(await outboundPolicies.placedSince(clock.nowMs() - DAY_MS));
  return ledger;
}
