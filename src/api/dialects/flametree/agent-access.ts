import type { Request, Response } from 'express';
import type { AgentService } from '../../../agents/agent-service.js';
import { AppError } from '../../../core/errors.js';
import type { AgentId, ChatSessionId, TenantId } from '../../../core/ids.js';
import type { Agent } from '../../../domain/agent.js';
import type { KeyPrincipal, Principal } from '../../../domain/principal.js';
import type { ChatSession } from '../../../domain/session.js';
import type { SessionService } from '../../../sessions/session-service.js';
import { demandOrigin, type OriginRules } from '../../http/access/tenant-origins.js';
import { principalOf } from '../../http/request-context.js';

export type AgentAccessOptions = {
  agents: Pick<AgentService, 'get' | 'live'>;
  sessions: Pick<SessionService, 'get'>;
  origins: OriginRules;
};

/** What the paths below `/chatbot/{agent_id}` are about, for those whose token opens it; pages of other sites where the agent, or else its organisation, lets them. */
export class AgentAccess {
  readonly #options: AgentAccessOptions;

  constructor(options: AgentAccessOptions) {
    this.#options = options;
  }

  /** Be it switched off. @throws AppError `unauthorized` for the token of another agent, `agent_not_found`, `forbidden` for pages of other sites */
  async agentOf(req: Request, res: Response): Promise<Agent> {
    const { tenant, agent } = this.#asked(req, res);
    return await this.#forPage(req, res, await this.#options.agents.get(tenant, agent));
  }

  /** As chats find it. @throws AppError as `agentOf`, and `agent_disabled` */
  async liveAgentOf(req: Request, res: Response): Promise<Agent> {
    const { tenant, agent } = this.#asked(req, res);
    return await this.#forPage(req, res, await this.#options.agents.live(tenant, agent));
  }

  /** @throws AppError `unauthorized` for the token of another agent, `session_not_found` for a session of another one */
  async sessionOf(req: Request, res: Response): Promise<ChatSession> {
    const { tenant, agent } = this.#asked(req, res);
    const id = pathPart(req, 'sessionId') as ChatSessionId;
    const session = await this.#options.sessions.get(tenant, id);
    if (session.agentId !== agent) throw new AppError('session_not_found', `no session ${id} of agent ${agent}`);
    return session;
  }

  async #forPage(req: Request, res: Response, agent: Agent): Promise<Agent> {
    await demandOrigin(req, res, this.#options.origins, agent.webOrigins);
    return agent;
  }

  #asked(req: Request, res: Response): { tenant: TenantId; agent: AgentId } {
    const principal = principalOf(res);
    const agent = pathPart(req, 'agentId') as AgentId;
    if (!opens(principal, agent)) throw new AppError('unauthorized', 'token of another agent');
    return { tenant: principal.tenantId, agent };
  }
}

/** The only agent that whoever asks may know of; undefined: all. */
export const onlyAgentOf = (principal: Principal): AgentId | undefined =>
  principal.kind === 'key' ? principal.agentId : undefined;

export const opens = (principal: Principal | KeyPrincipal, agent: AgentId): boolean => {
  const only = onlyAgentOf(principal);
  return only === undefined || only === agent;
};

const pathPart = (req: Request, name: string): string => String(req.params[name] ?? '').toLowerCase();
