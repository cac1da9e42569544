import { randomBytes } from 'node:crypto';
import type { Clock } from '../core/clock.js';
import { AppError } from '../core/errors.js';
import { type AgentId, newTextHookId, type TenantId, type TextHookId } from '../core/ids.js';
import type { SecretBox } from '../core/secret-box.js';
import type { AgentRepository } from '../domain/ports/repositories.js';
import type { TextHook, TextHookRepository } from '../domain/text-hook.js';

export type TextHookServiceDeps = {
  textHooks: TextHookRepository;
  agents: Pick<AgentRepository, 'find'>;
  box: SecretBox;
  clock: Clock;
};

const SECRET_BYTES = 32;
const MOST = 100;

const ownerOf = (id: TextHookId): string => `text hook ${id}`;

/** The places where providers of SMS bring texts. */
export class TextHookService {
  readonly #deps: TextHookServiceDeps;

  constructor(deps: TextHookServiceDeps) {
    this.#deps = deps;
  }

  /** `secret`: the provider's own, such as an auth token; one is made where none is given. @throws AppError `agent_not_found`, or `conflict` for too many. */
  async create(tenant: TenantId, agentId: AgentId, secret = newSecret()): Promise<{ hook: TextHook; secret: string }> {
    const { textHooks, agents, box, clock } = this.#deps;
    if (!(await agents.find(tenant, agentId))) throw new AppError('agent_not_found', `no agent ${agentId}`);
    if ((await textHooks.list(tenant)).length >= MOST)
      throw new AppError('conflict', 'too many text hooks', { publicMessage: `There may be no more than ${MOST} webhooks` });
    const id = newTextHookId();
    const hook = { id, tenantId: tenant, agentId, sealedSecret: box.seal(secret, ownerOf(id)), createdAtMs: clock.nowMs() };
    await textHooks.insert(hook);
    return { hook, secret };
  }

  list(tenant: TenantId): Promise<TextHook[]> {
    return this.#deps.textHooks.list(tenant);
  }

  /** @throws AppError `not_found` */
  async delete(tenant: TenantId, id: TextHookId): Promise<void> {
    if (!(await this.#deps.textHooks.delete(tenant, id))) throw new AppError('not_found', `no text hook ${id}`);
  }

  /** For whoever says to be the provider. @throws AppError `not_found` */
  async open(id: TextHookId): Promise<{ hook: TextHook; secret: string }> {
    const hook = await this.#deps.textHooks.find(id);
    if (!hook) throw new AppError('not_found', `no text hook ${id}`);
    return { hook, secret: this.#deps.box.open(hook.sealedSecret, ownerOf(id)) };
  }
}

const newSecret = (): string => randomBytes(SECRET_BYTES).toString('base64url');
