import type { Request, Response } from 'express';
import type { AgentService } from '../../../agents/agent-service.js';
import { AppError } from '../../../core/errors.js';
import type { AgentId } from '../../../core/ids.js';
import type { Agent } from '../../../domain/agent.js';
import { principalOf } from '../../http/request-context.js';

/** What the paths below `/chatbot/{agent_id}` are about, for those who may know. */
export class AgentAccess {
  readonly #agents: Pick<AgentService, 'live'>;

  constructor(options: { agents: Pick<AgentService, 'live'> }) {
    this.#agents = options.agents;
  }

  /** @throws AppError `unauthorized` for the token of another agent, `agent_not_found`, `agent_disabled` */
  async agentOf(req: Request, res: Response): Promise<Agent> {
    const principal = principalOf(res);
    const id = pathPart(req, 'agentId') as AgentId;
    if (principal.kind === 'key' && principal.agentId !== undefined && principal.agentId !== id) {
      throw new AppError('unauthorized', 'token of another agent');
    }
    return await this.#agents.live(principal.tenantId, id);
  }
}

const pathPart = (req: Request, name: string): string => String(req.params[name] ?? '').toLowerCase();
