import type { RouteConfig } from '@asteasolutions/zod-to-openapi';
import { z } from 'zod';
import { ActionCreate, ActionPatchBody, ActionResource } from '../../../actions/action-input.js';
import { failures, Id, json, one } from './openapi-parts.js';

const Both = Id.extend({ actionId: z.uuid() });

export const ACTION_ROUTES: readonly RouteConfig[] = [
  {
    method: 'get',
    path: '/agents/{id}/actions',
    tags: ['Agents'],
    summary: 'List what an agent can do in a call, beside talking',
    request: { params: Id },
    responses: { 200: { description: 'All of its actions', ...json(one(z.array(ActionResource))) }, ...failures(401, 404) },
  },
  {
    method: 'post',
    path: '/agents/{id}/actions',
    tags: ['Agents'],
    summary: 'Give an agent an action',
    description: 'The language model calls it when the instruction says so. Calls that begin from now on have it.',
    request: { params: Id, body: json(ActionCreate) },
    responses: { 201: { description: 'The action', ...json(one(ActionResource)) }, ...failures(400, 401, 404, 409, 413) },
  },
  {
    method: 'get',
    path: '/agents/{id}/actions/{actionId}',
    tags: ['Agents'],
    summary: 'Get an action, without its secrets',
    request: { params: Both },
    responses: { 200: { description: 'The action', ...json(one(ActionResource)) }, ...failures(401, 404) },
  },
  {
    method: 'patch',
    path: '/agents/{id}/actions/{actionId}',
    tags: ['Agents'],
    summary: 'Change an action',
    description: 'Calls in progress go on with what they began with.',
    request: { params: Both, body: json(ActionPatchBody) },
    responses: { 200: { description: 'The changed action', ...json(one(ActionResource)) }, ...failures(400, 401, 404, 409, 413) },
  },
  {
    method: 'delete',
    path: '/agents/{id}/actions/{actionId}',
    tags: ['Agents'],
    summary: 'Take an action from an agent',
    request: { params: Both },
    responses: {
      200: { description: 'Deleted', ...json(one(z.object({ id: z.uuid(), deleted: z.literal(true) }))) },
      ...failures(401, 404),
    },
  },
];
