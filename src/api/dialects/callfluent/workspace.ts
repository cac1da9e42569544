import type { Request, Response } from 'express';
import type { ActionService } from '../../../actions/action-service.js';
import type { AgentService } from '../../../agents/agent-service.js';
import { AppError } from '../../../core/errors.js';
import type { ActionId, AgentId, CallId, DocumentId, TenantId } from '../../../core/ids.js';
import type { DocumentService } from '../../../documents/document-service.js';
import type { Agent } from '../../../domain/agent.js';
import type { Call } from '../../../domain/call.js';
import type { NumberedKind, PublicNumbers } from '../../../domain/ports/public-numbers.js';
import type { CallRepository } from '../../../domain/ports/repositories.js';
import { demandOrigin, type OriginRules } from '../../http/access/tenant-origins.js';
import { principalOf } from '../../http/request-context.js';
import { presentAgent } from './agent-translation.js';

export type WorkspaceDeps = {
  numbers: PublicNumbers;
  agents: AgentService;
  actions: ActionService;
  documents: DocumentService;
  calls: CallRepository;
  origins: OriginRules;
};

/**
 * What clients name by number. What the number is not given to, or to another's, is not theirs: AppError `forbidden`. Pages of other
 * sites get past only where the agent, or else the organisation, lets them.
 */
export class Workspace {
  readonly #deps: WorkspaceDeps;

  constructor(deps: WorkspaceDeps) {
    this.#deps = deps;
  }

  async tenant(req: Request, res: Response, number: number): Promise<TenantId> {
    const { tenantId } = principalOf(res);
    await demandOrigin(req, res, this.#deps.origins);
    await this.#idOf(tenantId, 'workspace', number);
    return tenantId;
  }

  async agent(req: Request, res: Response, number: number): Promise<Agent> {
    const { tenantId } = principalOf(res);
    return await this.#agent(req, res, (await this.#idOf(tenantId, 'agent', number)) as AgentId);
  }

  async document(req: Request, res: Response, number: number): Promise<{ agent: Agent; id: DocumentId }> {
    const { tenantId } = principalOf(res);
    const id = (await this.#idOf(tenantId, 'document', number)) as DocumentId;
    return { agent: await this.#agent(req, res, await this.#deps.documents.agentOf(tenantId, id)), id };
  }

  async action(req: Request, res: Response, number: number): Promise<{ agent: Agent; id: ActionId }> {
    const { tenantId } = principalOf(res);
    const id = (await this.#idOf(tenantId, 'action', number)) as ActionId;
    return { agent: await this.#agent(req, res, await this.#deps.actions.agentOf(tenantId, id)), id };
  }

  /** Its agent may have been deleted since. */
  async call(req: Request, res: Response, number: number): Promise<Call> {
    const { tenantId } = principalOf(res);
    const call = await this.#deps.calls.find(tenantId, (await this.#idOf(tenantId, 'call', number)) as CallId);
    if (!call) throw notTheirs('call', number);
    const { agentId } = call;
    const agent = agentId === undefined ? undefined : await this.#deps.agents.get(tenantId, agentId).catch(unlessGone);
    await demandOrigin(req, res, this.#deps.origins, agent?.webOrigins);
    return call;
  }

  async numberOf(tenant: TenantId, kind: NumberedKind, id: string): Promise<number> {
    const [number] = await this.#deps.numbers.numbersOf(tenant, kind, [id]);
    if (number === undefined) throw new Error(`no number for ${kind} ${id}`);
    return number;
  }

  /** Each with its number. */
  async numbered<T extends { id: string }>(tenant: TenantId, kind: NumberedKind, items: readonly T[]): Promise<[T, number][]> {
    const ids = items.map(({ id }) => id);
    const numbers = await this.#deps.numbers.numbersOf(tenant, kind, ids);
    return items.map((item, index) => [item, numbers[index] ?? 0]);
  }

  async present(agent: Agent): Promise<ReturnType<typeof presentAgent>> {
    const [id, workspaceId] = await Promise.all([
      this.numberOf(agent.tenantId, 'agent', agent.id),
      this.numberOf(agent.tenantId, 'workspace', agent.tenantId),
    ]);
    return presentAgent(agent, { id, workspaceId });
  }

  /** The `agent_list` that many endpoints answer with, the oldest first. */
  async agentList(tenant: TenantId): Promise<ReturnType<typeof presentAgent>[]> {
    const agents = await this.#deps.agents.all(tenant);
    const workspaceId = await this.numberOf(tenant, 'workspace', tenant);
    const numbered = await this.numbered(tenant, 'agent', agents);
    return numbered.map(([agent, id]) => presentAgent(agent, { id, workspaceId }));
  }

  async #agent(req: Request, res: Response, id: AgentId): Promise<Agent> {
    const agent = await this.#deps.agents.get(principalOf(res).tenantId, id);
    await demandOrigin(req, res, this.#deps.origins, agent.webOrigins);
    return agent;
  }

  async #idOf(tenant: TenantId, kind: NumberedKind, number: number): Promise<string> {
    const id = await this.#deps.numbers.idOf(tenant, kind, number);
    if (id === undefined) throw notTheirs(kind, number);
    return id;
  }
}

function unlessGone(error: unknown): undefined {
  if (!(error instanceof AppError) || error.code !== 'agent_not_found') throw error;
}

const notTheirs = (kind: NumberedKind, number: number): AppError => new AppError('forbidden', `no ${kind} ${number} of theirs`);
