import type { Kysely } from 'kysely';
import type { CampaignId } from '../core/ids.js';
import { type CampaignProgress, CONTACT_STATUSES, type ContactStatus } from '../domain/campaign.js';
import type { Tables } from './tables.js';

/** All in one look at one index, so that the counts fit each other. */
export async function contactsProgress(db: Kysely<Tables>, id: CampaignId): Promise<CampaignProgress> {
  const rows = await db
    .selectFrom('contacts')
    .select(['status', 'outcome'])
    .select((eb) => [
      eb.fn.countAll<number>().as('contacts'),
      eb.fn.sum<number>('calls').as('calls'),
      eb.fn.sum<number>('answered_calls').as('answered'),
      eb.fn.sum<number>('ended_answered_calls').as('ended'),
      eb.fn.sum<number>('talked_ms').as('talked'),
    ])
    .where('campaign_id', '=', id)
    .groupBy(['status', 'outcome'])
    .execute();
  const byStatus = Object.fromEntries(CONTACT_STATUSES.map((status) => [status, 0])) as Record<ContactStatus, number>;
  const byOutcome: Record<string, number> = {};
  const sums = { contacts: 0, calls: 0, answered: 0, ended: 0, talked: 0 };
  for (const row of rows) {
    byStatus[row.status as ContactStatus] += row.contacts;
    if (row.outcome !== null) byOutcome[row.outcome] = (byOutcome[row.outcome] ?? 0) + row.contacts;
    for (const key of ['contacts', 'calls', 'answered', 'ended', 'talked'] as const) sums[key] += row[key];
  }
  return {
    contacts: sums.contacts,
    byStatus,
    byOutcome,
    calls: sums.calls,
    answeredCalls: sums.answered,
    averageTalkMs: sums.ended === 0 ? undefined : Math.round(sums.talked / sums.ended),
  };
}
