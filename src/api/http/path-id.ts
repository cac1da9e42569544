import type { Request } from 'express';
import type {
  AgentId,
  ApiKeyId,
  CallId,
  CampaignId,
  ChatSessionId,
  DocumentId,
  InvitationId,
  ParticipantId,
  PhoneId,
  RouteId,
  TaskId,
  TenantId,
  TextId,
  TrunkId,
  UserId,
} from '../../core/ids.js';

/** Ids are opaque: one that has no right shape is simply not found. UUIDs are compared in lower case (RFC 9562 section 4). */
const idOf = (req: Request<{ id: string }>): string => req.params.id.toLowerCase();

export const agentIdOf = (req: Request<{ id: string }>): AgentId => idOf(req) as AgentId;
export const campaignIdOf = (req: Request<{ id: string }>): CampaignId => idOf(req) as CampaignId;
export const taskIdOf = (req: Request<{ id: string }>): TaskId => idOf(req) as TaskId;
export const apiKeyIdOf = (req: Request<{ id: string }>): ApiKeyId => idOf(req) as ApiKeyId;
export const tenantIdOf = (req: Request<{ id: string }>): TenantId => idOf(req) as TenantId;
export const userIdOf = (req: Request<{ id: string }>): UserId => idOf(req) as UserId;
export const invitationIdOf = (req: Request<{ id: string }>): InvitationId => idOf(req) as InvitationId;
export const callIdOf = (req: Request<{ id: string }>): CallId => idOf(req) as CallId;
export const textIdOf = (req: Request<{ id: string }>): TextId => idOf(req) as TextId;
export const chatSessionIdOf = (req: Request<{ id: string }>): ChatSessionId => idOf(req) as ChatSessionId;
export const routeIdOf = (req: Request<{ id: string }>): RouteId => idOf(req) as RouteId;
export const phoneIdOf = (req: Request<{ id: string }>): PhoneId => idOf(req) as PhoneId;
export const trunkIdOf = (req: Request<{ id: string }>): TrunkId => idOf(req) as TrunkId;

export const participantIdOf = (req: Request<{ participantId: string }>): ParticipantId =>
  req.params.participantId.toLowerCase() as ParticipantId;

export const documentIdOf = (req: Request<{ documentId: string }>): DocumentId =>
  req.params.documentId.toLowerCase() as DocumentId;
