import type { Request } from 'express';
import type { AgentId, CallId, TaskId, TrunkId } from '../../core/ids.js';

/** Ids are opaque: one that has no right shape is simply not found. UUIDs are compared in lower case (RFC 9562 section 4). */
const idOf = (req: Request<{ id: string }>): string => req.params.id.toLowerCase();

export const agentIdOf = (req: Request<{ id: string }>): AgentId => idOf(req) as AgentId;
export const taskIdOf = (req: Request<{ id: string }>): TaskId => idOf(req) as TaskId;
export const callIdOf = (req: Request<{ id: string }>): CallId => idOf(req) as CallId;
export const trunkIdOf = (req: Request<{ id: string }>): TrunkId => idOf(req) as TrunkId;
