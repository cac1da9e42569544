import type { RouteConfig } from '@asteasolutions/zod-to-openapi';
import { z } from 'zod';
import { failures, Id, json, many, one } from '../openapi-parts.js';
import { PageQuery } from '../query-schema.js';
import { ApiKeyCreate, ApiKeyLimits, ApiKeyRegenerate, ApiKeyResource, NewApiKeyResource } from './api-key-schema.js';
import { OrganizationCreate, OrganizationPatchBody, OrganizationResource } from './organization-schema.js';
import { sessionSecurity } from './session-security.js';
import { InvitationResource, InviteBody, MemberPatchBody, MemberResource, NewInvitationResource } from './user-schema.js';

const Deleted = one(z.object({ id: z.uuid(), deleted: z.literal(true) }));
const SHOWN_ONCE =
  'An answer that shows a secret is kept nowhere: with an `Idempotency-Key`, the same again gets 409 and makes no other.';

const ROUTES: readonly RouteConfig[] = [
  {
    method: 'get',
    path: '/api-keys',
    tags: ['API keys'],
    summary: 'List API keys, newest first',
    request: { query: PageQuery },
    responses: { 200: { description: 'A page of keys', ...json(many(ApiKeyResource)) }, ...failures(400, 401) },
  },
  {
    method: 'post',
    path: '/api-keys',
    tags: ['API keys'],
    summary: 'Create an API key',
    description: SHOWN_ONCE,
    request: { body: json(ApiKeyCreate) },
    responses: { 201: { description: 'The key', ...json(one(NewApiKeyResource)) }, ...failures(400, 401, 409, 413) },
  },
  {
    method: 'patch',
    path: '/api-keys/{id}',
    tags: ['API keys'],
    summary: 'Limit what an API key may call',
    description: 'At once, and for what it has asked for already. Of a revoked key as well.',
    request: { params: Id, body: json(ApiKeyLimits) },
    responses: { 200: { description: 'The key', ...json(one(ApiKeyResource)) }, ...failures(400, 401, 404, 409, 413) },
  },
  {
    method: 'delete',
    path: '/api-keys/{id}',
    tags: ['API keys'],
    summary: 'Revoke an API key',
    description: 'It stops at once, and stays in the list.',
    request: { params: Id },
    responses: { 200: { description: 'Revoked', ...json(Deleted) }, ...failures(401, 404) },
  },
  {
    method: 'post',
    path: '/api-keys/{id}/regenerate',
    tags: ['API keys'],
    summary: 'Give an API key another secret',
    description: `The old one stops at once; name, scopes and limits stay. 400 for one that has expired, without another expiry. ${SHOWN_ONCE}`,
    request: { params: Id, body: json(ApiKeyRegenerate) },
    responses: { 200: { description: 'The key', ...json(one(NewApiKeyResource)) }, ...failures(400, 401, 404, 409, 413) },
  },
  {
    method: 'get',
    path: '/organizations',
    tags: ['Organizations'],
    summary: 'List the organisations you belong to',
    request: { query: PageQuery },
    responses: { 200: { description: 'A page of them', ...json(many(OrganizationResource)) }, ...failures(400, 401) },
  },
  {
    method: 'post',
    path: '/organizations',
    tags: ['Organizations'],
    summary: 'Create an organisation, and own it',
    description:
      'Only for owners of the one you work in: another organisation takes part in the same lines. To work in it, POST /auth/organization.',
    request: { body: json(OrganizationCreate) },
    responses: { 201: { description: 'The organisation', ...json(one(OrganizationResource)) }, ...failures(400, 401, 409, 413) },
  },
  {
    method: 'get',
    path: '/organizations/{id}',
    tags: ['Organizations'],
    summary: 'Get an organisation you belong to',
    request: { params: Id },
    responses: { 200: { description: 'The organisation', ...json(one(OrganizationResource)) }, ...failures(401, 404) },
  },
  {
    method: 'patch',
    path: '/organizations/{id}',
    tags: ['Organizations'],
    summary: 'Change an organisation',
    description: 'Only the one you work in: 409 for another.',
    request: { params: Id, body: json(OrganizationPatchBody) },
    responses: {
      200: { description: 'The organisation', ...json(one(OrganizationResource)) },
      ...failures(400, 401, 404, 409, 413),
    },
  },
  {
    method: 'get',
    path: '/users',
    tags: ['Users'],
    summary: 'List the members of the organisation',
    request: { query: PageQuery },
    responses: { 200: { description: 'A page of members', ...json(many(MemberResource)) }, ...failures(400, 401) },
  },
  {
    method: 'post',
    path: '/users/invite',
    tags: ['Users'],
    summary: 'Invite somebody to the organisation',
    description: `Mailed where a mail server is configured, and shown here for you to pass on. Holds for seven days; a second one for the same address replaces it. Only owners invite owners. ${SHOWN_ONCE}`,
    request: { body: json(InviteBody) },
    responses: { 201: { description: 'The invitation', ...json(one(NewInvitationResource)) }, ...failures(400, 401, 409, 413) },
  },
  {
    method: 'get',
    path: '/users/invitations',
    tags: ['Users'],
    summary: 'List invitations that nobody has accepted, newest first',
    request: { query: PageQuery },
    responses: { 200: { description: 'A page of invitations', ...json(many(InvitationResource)) }, ...failures(400, 401) },
  },
  {
    method: 'delete',
    path: '/users/invitations/{id}',
    tags: ['Users'],
    summary: 'Withdraw an invitation',
    request: { params: Id },
    responses: { 200: { description: 'Withdrawn', ...json(Deleted) }, ...failures(401, 404) },
  },
  {
    method: 'patch',
    path: '/users/{id}',
    tags: ['Users'],
    summary: 'Give a member another role',
    description: 'Only owners make owners, and take that from them. 409 for the last owner.',
    request: { params: Id, body: json(MemberPatchBody) },
    responses: { 200: { description: 'The member', ...json(one(MemberResource)) }, ...failures(400, 401, 404, 409, 413) },
  },
  {
    method: 'delete',
    path: '/users/{id}',
    tags: ['Users'],
    summary: 'Remove a member',
    description:
      'Their sessions here end at once. Who belongs to no other organisation is deleted. Only owners remove owners. 409 for the last owner.',
    request: { params: Id },
    responses: { 200: { description: 'Removed', ...json(Deleted) }, ...failures(401, 404, 409) },
  },
];

/** API keys, organisations and users: by session alone. */
export const MANAGEMENT_ROUTES: readonly RouteConfig[] = ROUTES.map((route) => ({
  ...route,
  security: sessionSecurity(route.method),
}));
