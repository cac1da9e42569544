import { v7 } from 'uuid';

declare const brand: unique symbol;
/** A UUIDv7: the key, and it sorts by creation. */
type Id<Name extends string> = string & { readonly [brand]: Name };

export type TenantId = Id<'TenantId'>;
export type AgentId = Id<'AgentId'>;
export type CallId = Id<'CallId'>;
export type TaskId = Id<'TaskId'>;
export type CampaignId = Id<'CampaignId'>;
export type CampaignContactId = Id<'CampaignContactId'>;
export type ContactId = Id<'ContactId'>;
export type ActionId = Id<'ActionId'>;
export type TurnId = Id<'TurnId'>;
export type ParticipantId = Id<'ParticipantId'>;
export type ApiKeyId = Id<'ApiKeyId'>;
export type TrunkId = Id<'TrunkId'>;
export type RouteId = Id<'RouteId'>;
export type PhoneId = Id<'PhoneId'>;
export type TextId = Id<'TextId'>;
export type TextHookId = Id<'TextHookId'>;
export type DocumentId = Id<'DocumentId'>;
export type UserId = Id<'UserId'>;
export type SessionId = Id<'SessionId'>;
export type ChatSessionId = Id<'ChatSessionId'>;
export type AttachmentId = Id<'AttachmentId'>;
export type InvitationId = Id<'InvitationId'>;

export const newAgentId = (): AgentId => v7() as AgentId;
export const newCallId = (): CallId => v7() as CallId;
export const newTaskId = (): TaskId => v7() as TaskId;
export const newCampaignId = (): CampaignId => v7() as CampaignId;
export const newCampaignContactId = (): CampaignContactId => v7() as CampaignContactId;
export const newContactId = (): ContactId => v7() as ContactId;
export const newActionId = (): ActionId => v7() as ActionId;
export const newTurnId = (): TurnId => v7() as TurnId;
export const newParticipantId = (): ParticipantId => v7() as ParticipantId;
export const newApiKeyId = (): ApiKeyId => v7() as ApiKeyId;
export const newTrunkId = (): TrunkId => v7() as TrunkId;
export const newTextId = (): TextId => v7() as TextId;
export const newTextHookId = (): TextHookId => v7() as TextHookId;
export const newDocumentId = (): DocumentId => v7() as DocumentId;
export const newRouteId = (): RouteId => v7() as RouteId;
export const newPhoneId = (): PhoneId => v7() as PhoneId;
export const newTenantId = (): TenantId => v7() as TenantId;
export const newUserId = (): UserId => v7() as UserId;
export const newSessionId = (): SessionId => v7() as SessionId;
export const newChatSessionId = (): ChatSessionId => v7() as ChatSessionId;
export const newAttachmentId = (): AttachmentId => v7() as AttachmentId;
export const newInvitationId = (): InvitationId => v7() as InvitationId;
export const newCustomFieldId = (): string => v7();

/** The tenant a fresh installation begins with; the bootstrap key and the built-in agents belong to it. */
export const DEFAULT_TENANT = '00000000-0000-7000-8000-000000000001' as TenantId;
