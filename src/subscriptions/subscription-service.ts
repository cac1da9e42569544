import { randomBytes } from 'node:crypto';
import { v7 } from 'uuid';
import type { Clock } from '../core/clock.js';
import { AppError } from '../core/errors.js';
import type { TenantId } from '../core/ids.js';
import type { Listed, Page } from '../domain/ports/repositories.js';
import type { WebhookRegistry } from '../domain/ports/webhook-subscriptions.js';
import type { RegisteredWebhook, WebhookPatch, WebhookTest } from '../domain/webhook-subscription.js';

export type WebhookDraft = Pick<RegisteredWebhook, 'url' | 'events' | 'description' | 'enabled'>;

export type SubscriptionServiceDeps = {
  webhooks: WebhookRegistry;
  /** Sends a test event now and tells what came of it. Never rejects. */
  sendTest: (webhook: RegisteredWebhook) => Promise<WebhookTest>;
  clock: Clock;
};

/** Each event costs one delivery to each. */
const MAX_WEBHOOKS = 100;
const SECRET_BYTES = 32;
/** Time for receivers to learn the new secret. */
export const PREVIOUS_SECRET_MS = 86_400_000;

/** The webhooks an organisation sets up for itself. */
export class SubscriptionService {
  readonly #deps: SubscriptionServiceDeps;

  constructor(deps: SubscriptionServiceDeps) {
    this.#deps = deps;
  }

  /** @throws AppError `conflict` when there is one of this URL, or as many as may be. */
  async create(tenant: TenantId, draft: WebhookDraft): Promise<RegisteredWebhook> {
    const nowMs = this.#deps.clock.nowMs();
    const webhook: RegisteredWebhook = {
      ...draft,
      id: v7(),
      tenantId: tenant,
      secret: newSecret(),
      previous: undefined,
      createdAtMs: nowMs,
      updatedAtMs: nowMs,
    };
    await this.#deps.webhooks.insert(webhook, MAX_WEBHOOKS);
    return webhook;
  }

  list(tenant: TenantId, page: Page): Promise<Listed<RegisteredWebhook>> {
    return this.#deps.webhooks.list(tenant, page);
  }

  /** @throws AppError `not_found`, as all that follow do. */
  async get(tenant: TenantId, id: string): Promise<RegisteredWebhook> {
    return found(await this.#deps.webhooks.find(tenant, id));
  }

  /** @throws AppError `conflict` when another one has the URL. */
  async patch(tenant: TenantId, id: string, patch: WebhookPatch): Promise<RegisteredWebhook> {
    return found(await this.#deps.webhooks.patch(tenant, id, patch, this.#deps.clock.nowMs()));
  }

  async delete(tenant: TenantId, id: string): Promise<void> {
    found((await this.#deps.webhooks.delete(tenant, id)) || undefined);
  }

  /** Makes a new secret; the old one signs beside it for a day. */
  async rotate(tenant: TenantId, id: string): Promise<RegisteredWebhook> {
    const nowMs = this.#deps.clock.nowMs();
    const by = { secret: newSecret(), previousUntilMs: nowMs + PREVIOUS_SECRET_MS };
    return found(await this.#deps.webhooks.rotate(tenant, id, by, nowMs));
  }

  /** Sends a test event, be it enabled or not. */
  async test(tenant: TenantId, id: string): Promise<WebhookTest> {
    return await this.#deps.sendTest(await this.get(tenant, id));
  }
}

const newSecret = (): string => `whsec_${randomBytes(SECRET_BYTES).toString('base64url')}`;

function found<T>(webhook: T | undefined): T {
  if (webhook !== undefined) return webhook;
  throw new AppError('not_found', 'no such webhook', { publicMessage: 'Webhook not found' });
}
