import type { Clock } from '../core/clock.js';
import { newTaskId } from '../core/ids.js';
import type { Logger } from '../core/log.js';
import { LONGEST_WAIT_MS, Lookout } from '../core/lookout.js';
import type { Campaign, CampaignContact } from '../domain/campaign.js';
import type { CampaignFeed } from '../domain/ports/campaign-repository.js';
import type { Task } from '../domain/task.js';

export type CampaignFeederDeps = {
  feed: CampaignFeed;
  /** When somebody may be called, from `atMs` on. */
  callTime: (
    task: Pick<Task, 'tenantId' | 'toNumber' | 'callWindow'>,
    atMs: number,
  ) => Promise<{ openMs: number } | { never: string }>;
  /** There are tasks to be called. */
  onTasks: () => void;
  clock: Clock;
  log: Logger;
};

/** Tasks of a campaign that wait for a free line: enough that the scheduler never waits for us, and no burden if the campaign stops. */
const AHEAD = 50;
/** A campaign whose contacts all sleep must not keep the others waiting, nor the process. */
const ROUNDS_AT_ONCE = 10;
const SOON_MS = 20;
const RETRY_MS = 5_000;
const MAX_NAME_LENGTH = 200;

/**
 * Makes tasks of contacts as lines become free, never many at a time.
 *
 * It keeps nothing in memory: a contact and its task are one transaction, so whatever dies in between neither loses nor doubles one.
 */
export class CampaignFeeder {
  readonly #deps: CampaignFeederDeps;
  readonly #lookout: Lookout;

  constructor(deps: CampaignFeederDeps) {
    this.#deps = deps;
    const onError = (error: unknown): number => {
      deps.log.error({ err: error }, 'campaigns not looked at');
      return RETRY_MS;
    };
    this.#lookout = new Lookout({ look: () => this.#lookOnce(), onError, clock: deps.clock });
  }

  /** Looks now: at the start, when a campaign was changed, and when a call has ended. */
  wake(): void {
    this.#lookout.wake();
  }

  /** Resolves when nothing more will be made. Idempotent. */
  close(): Promise<void> {
    return this.#lookout.close();
  }

  /** Returns in how many milliseconds to look again. */
  async #lookOnce(): Promise<number> {
    const { feed, clock } = this.#deps;
    const nowMs = clock.nowMs();
    await feed.startDue(nowMs);
    let more = false;
    for (const campaign of await feed.running()) {
      if (this.#lookout.closed) return LONGEST_WAIT_MS;
      more = (await this.#feed(campaign, nowMs)) || more;
    }
    if (more) return SOON_MS;
    const nextMs = await feed.nextMs(nowMs);
    return nextMs === undefined ? LONGEST_WAIT_MS : nextMs - clock.nowMs();
  }

  /** True when there is more to do at once than was done. */
  async #feed(campaign: Campaign, nowMs: number): Promise<boolean> {
    const { feed } = this.#deps;
    for (let round = 0; round < ROUNDS_AT_ONCE; round += 1) {
      const { inProgress, released } = await feed.load(campaign.id);
      const cap = campaign.maxConcurrent ?? Number.POSITIVE_INFINITY;
      const room = Math.min(cap - inProgress - released, AHEAD - released);
      if (room <= 0) return false;
      // Who was promised another call comes before who has not heard of us yet.
      const retried = await feed.releaseRetries(campaign.id, nowMs, room);
      const contacts = retried < room ? await feed.nextContacts(campaign.id, nowMs, room - retried) : [];
      const made = contacts.length > 0 ? await this.#materialise(campaign, contacts, nowMs) : 0;
      if (retried + made > 0) this.#deps.onTasks();
      if (retried + contacts.length > 0) continue;
      if (inProgress + released === 0 && (await feed.completeIfDone(campaign.id, nowMs))) {
        this.#deps.log.info({ campaignId: campaign.id }, 'campaign completed');
      }
      return false;
    }
    return true;
  }

  async #materialise(campaign: Campaign, contacts: readonly CampaignContact[], nowMs: number): Promise<number> {
    const { feed, callTime } = this.#deps;
    const asleep = new Map<number, CampaignContact[]>();
    const tasks = [];
    for (const contact of contacts) {
      const { tenantId, callWindow } = campaign;
      const time = await callTime({ tenantId, toNumber: contact.number, callWindow }, nowMs);
      // Who can never be called gets a task all the same, which fails with the reason.
      if ('openMs' in time && time.openMs > nowMs) asleep.set(time.openMs, [...(asleep.get(time.openMs) ?? []), contact]);
      else tasks.push({ contact: contact.id, task: taskFor(campaign, contact, nowMs) });
    }
    for (const [openMs, sleeping] of asleep) {
      await feed.putOffContacts(
        sleeping.map(({ id }) => id),
        openMs,
      );
    }
    return feed.materialise(campaign.id, tasks, nowMs);
  }
}

/** The contact's own variables go before its name and number. */
function taskFor(campaign: Campaign, contact: CampaignContact, nowMs: number): Task {
  const { tenantId, agentId, description, startingMessage, priority, callWindow, retry, webhookUrl, webhookEvents, apiKeyId } =
    campaign;
  const { number, name, variables } = contact;
  return {
    id: newTaskId(),
    tenantId,
    agentId,
    name: `${campaign.name}: ${name ?? number}`.slice(0, MAX_NAME_LENGTH),
    description,
    toNumber: number,
    startingMessage,
    contextData: { number, ...(name !== undefined && { name }), ...variables },
    priority,
    scheduledAtMs: nowMs,
    callWindow,
    retry,
    webhookUrl,
    webhookEvents,
    status: 'pending',
    callId: undefined,
    failureReason: undefined,
    attempts: 0,
    nextAttemptAtMs: nowMs,
    apiKeyId,
    createdAtMs: nowMs,
    updatedAtMs: nowMs,
  };
}
