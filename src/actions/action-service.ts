import type { Clock } from '../core/clock.js';
import { AppError } from '../core/errors.js';
import { type ActionId, type AgentId, newActionId, type TenantId } from '../core/ids.js';
import type { SecretBox } from '../core/secret-box.js';
import type { Action } from '../domain/action.js';
import type { ActionRepository } from '../domain/ports/action-repository.js';
import type { AgentRepository } from '../domain/ports/repositories.js';
import { type ActionBody, type ActionChanges, needsInstruction, toConfig } from './action-input.js';
import { openSecrets, sealSecrets } from './secrets.js';

export type ActionServiceDeps = {
  actions: ActionRepository;
  agents: Pick<AgentRepository, 'find'>;
  box: SecretBox;
  clock: Clock;
};

/** More tools than a model can tell apart. */
const MAX_ACTIONS = 100;
/** Somebody else may change the same action between our look and our write. */
const MAX_ATTEMPTS = 5;

/** What an agent can do in its calls, beside talking. Calls in progress go on with what they began with. */
export class ActionService {
  readonly #deps: ActionServiceDeps;

  constructor(deps: ActionServiceDeps) {
    this.#deps = deps;
  }

  /** @throws AppError `agent_not_found` */
  async list(tenant: TenantId, agent: AgentId): Promise<Action[]> {
    await this.#checkAgent(tenant, agent);
    return this.#deps.actions.list(tenant, agent);
  }

  /** @throws AppError `agent_not_found`, or `conflict` when the name is taken or the agent has too many. */
  async create(tenant: TenantId, agent: AgentId, body: ActionBody): Promise<Action> {
    if ((await this.list(tenant, agent)).length >= MAX_ACTIONS) {
      throw new AppError('conflict', 'too many actions', { publicMessage: `An agent has at most ${MAX_ACTIONS} actions` });
    }
    const { clock, box, actions } = this.#deps;
    const id = newActionId();
    const nowMs = clock.nowMs();
    const { type, config, secrets, name, enabled, instruction, pre_message: preMessage, timeout_ms: timeoutMs, retries } = body;
    const action = {
      id,
      tenantId: tenant,
      agentId: agent,
      type,
      config: toConfig(type, config),
      name,
      enabled,
      instruction: instruction ?? undefined,
      preMessage: preMessage ?? undefined,
      timeoutMs,
      retries,
      secretNames: Object.keys(secrets),
      sealedSecrets: sealSecrets(id, secrets, box),
      version: 1,
      createdAtMs: nowMs,
      updatedAtMs: nowMs,
    } as Action;
    await actions.insert(action);
    return action;
  }

  /** Whose it is. @throws AppError `not_found` */
  async agentOf(tenant: TenantId, id: ActionId): Promise<AgentId> {
    const agent = await this.#deps.actions.agentOf(tenant, id);
    if (agent === undefined) throw notFound(id);
    return agent;
  }

  /** @throws AppError `agent_not_found`, or `not_found` when the agent has no such action. */
  async get(tenant: TenantId, agent: AgentId, id: ActionId): Promise<Action> {
    await this.#checkAgent(tenant, agent);
    const action = await this.#deps.actions.find(tenant, agent, id);
    if (!action) throw notFound(id);
    return action;
  }

  /**
   * `changes.config` is one of the action's type. Two patches at once both take effect, one after the other.
   *
   * @throws AppError as `get`, `invalid_request`, or `conflict` when the name is taken.
   */
  async patch(tenant: TenantId, agent: AgentId, id: ActionId, changes: ActionChanges): Promise<Action> {
    for (let attempt = 1; ; attempt += 1) {
      const next = this.#changed(await this.get(tenant, agent, id), changes);
      try {
        await this.#deps.actions.update(next);
        return next;
      } catch (error) {
        const changedMeanwhile = error instanceof AppError && error.code === 'conflict' && error.faults.length === 0;
        if (!changedMeanwhile || attempt === MAX_ATTEMPTS) throw error;
      }
    }
  }

  /** @throws AppError as `get`. */
  async delete(tenant: TenantId, agent: AgentId, id: ActionId): Promise<void> {
    await this.#checkAgent(tenant, agent);
    if (!(await this.#deps.actions.delete(tenant, agent, id))) throw notFound(id);
  }

  #changed(present: Action, changes: ActionChanges): Action {
    const { instruction, pre_message: preMessage } = changes;
    const secrets: Record<string, string> = { ...openSecrets(present, this.#deps.box) };
    for (const [name, secret] of Object.entries(changes.secrets ?? {})) {
      if (secret === null) delete secrets[name];
      else secrets[name] = secret;
    }
    const next = {
      ...present,
      name: changes.name ?? present.name,
      enabled: changes.enabled ?? present.enabled,
      instruction: instruction === undefined ? present.instruction : (instruction ?? undefined),
      preMessage: preMessage === undefined ? present.preMessage : (preMessage ?? undefined),
      timeoutMs: changes.timeout_ms ?? present.timeoutMs,
      retries: changes.retries ?? present.retries,
      config: changes.config === undefined ? present.config : toConfig(present.type, changes.config),
      secretNames: Object.keys(secrets),
      sealedSecrets: changes.secrets === undefined ? present.sealedSecrets : sealSecrets(present.id, secrets, this.#deps.box),
      version: present.version + 1,
      updatedAtMs: this.#deps.clock.nowMs(),
    } as Action;
    if (next.instruction === undefined && needsInstruction(next.type)) {
      throw new AppError('invalid_request', 'action without an instruction', {
        faults: [{ field: 'instruction', message: 'must say when the agent is to do it' }],
      });
    }
    return next;
  }

  async #checkAgent(tenant: TenantId, agent: AgentId): Promise<void> {
    if (!(await this.#deps.agents.find(tenant, agent))) throw new AppError('agent_not_found', `no agent ${agent}`);
  }
}

const notFound = (id: ActionId): AppError => new AppError('not_found', `no action ${id}`, { publicMessage: 'Action not found' });
