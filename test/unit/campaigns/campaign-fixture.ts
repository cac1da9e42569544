import { CampaignFeeder } from '../../../src/campaigns/campaign-feeder.js';
import { CampaignService } from '../../../src/campaigns/campaign-service.js';
import { type CampaignId, DEFAULT_TENANT } from '../../../src/core/ids.js';
import { silentLogger } from '../../../src/core/log.js';
import type { Call } from '../../../src/domain/call.js';
import type { Campaign, CampaignContact, CampaignSettings } from '../../../src/domain/campaign.js';
import type { OutboundPolicy } from '../../../src/domain/ports/outbound-policy.js';
import { rest, startScheduler } from '../tasks/scheduler-fixture.js';

export const BUSY = { status: 'failed', termination: { result: 'client_error', reason: 'busy' } } as const;
export const DONE = { status: 'completed', termination: { result: 'success', reason: 'callee_hangup' } } as const;

const PAGE = { limit: 100, offset: 0 };

/** Feeder, service and scheduler on a real database; the dialler is a stand-in that notes the numbers. */
export async function startCampaigns(t: { teardown(task: () => Promise<void>): void }, common?: OutboundPolicy) {
  const s = await startScheduler(t, common);
  const feeder = new CampaignFeeder({
    feed: s.database.campaignFeed,
    callTime: (task, atMs) => s.dialler.callTime(task, atMs),
    onTasks: () => s.scheduler.wake(),
    clock: s.clock,
    log: silentLogger,
  });
  t.teardown(() => feeder.close());
  const service = new CampaignService({ campaigns: s.database.campaigns, clock: s.clock, onChanged: () => feeder.wake() });
  const settings: CampaignSettings = {
    agentId: s.agent.id,
    name: 'Spring',
    description: undefined,
    startingMessage: undefined,
    priority: 0,
    callWindow: undefined,
    retry: undefined,
    maxConcurrent: undefined,
    webhookUrl: undefined,
    webhookEvents: [],
  };
  const create = async (numbers: readonly string[], changes: Partial<CampaignSettings> = {}): Promise<Campaign> => {
    const campaign = await service.create(DEFAULT_TENANT, { ...settings, ...changes });
    const drafts = numbers.map((number) => ({ number, name: undefined, variables: {} }));
    if (drafts.length > 0) await service.addContacts(DEFAULT_TENANT, campaign.id, drafts);
    return campaign;
  };
  const contactsOf = async (id: CampaignId): Promise<CampaignContact[]> =>
    (await service.contacts(DEFAULT_TENANT, id, {}, PAGE)).items;
  return {
    ...s,
    feeder,
    campaigns: service,
    settings,
    createCampaign: create,
    /** Started, and everything that follows at once. */
    running: async (numbers: readonly string[], changes: Partial<CampaignSettings> = {}): Promise<Campaign> => {
      const campaign = await create(numbers, changes);
      const started = await service.start(DEFAULT_TENANT, campaign.id, undefined);
      await rest();
      return started;
    },
    campaign: (id: CampaignId): Promise<Campaign> => service.get(DEFAULT_TENANT, id),
    contactsOf,
    statuses: async (id: CampaignId): Promise<string[]> =>
      (await contactsOf(id)).map(({ number, status, outcome }) => [number, status, outcome].filter(Boolean).join(' ')),
    /** The call to this number ends like this, after having been answered for so long. */
    endCall: async (number: string, outcome: Pick<Call, 'status' | 'termination'>, talkedMs?: number): Promise<void> => {
      const call = s.calls[s.dialled.lastIndexOf(number)];
      if (!call) throw new Error(`${number} was not called`);
      const nowMs = s.clock.nowMs();
      const answeredAtMs = talkedMs === undefined ? undefined : nowMs - talkedMs;
      if (answeredAtMs !== undefined) await s.database.calls.update({ ...call, status: 'in_progress', answeredAtMs });
      await s.database.calls.update({ ...call, ...outcome, answeredAtMs, endedAtMs: nowMs });
      s.room.calls += 1;
      s.scheduler.wake();
      feeder.wake();
      await rest();
    },
    numbers: (count: number): string[] => Array.from({ length: count }, (_, i) => `+1555${10_000 + i}`),
  };
}
