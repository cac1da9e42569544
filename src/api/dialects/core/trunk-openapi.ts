import type { RouteConfig } from '@asteasolutions/zod-to-openapi';
import { z } from 'zod';
import { TrunkCreate, TrunkPatchBody, TrunkResource, TrunkStatusResource } from '../../../trunks/trunk-input.js';
import { failures, Id, json, many, one } from './openapi-parts.js';
import { TrunksQuery } from './query-schema.js';

export const TRUNK_ROUTES: readonly RouteConfig[] = [
  {
    method: 'get',
    path: '/trunks',
    tags: ['Trunks'],
    summary: 'List trunks, newest first',
    request: { query: TrunksQuery },
    responses: { 200: { description: 'A page of trunks', ...json(many(TrunkResource)) }, ...failures(400, 401) },
  },
  {
    method: 'post',
    path: '/trunks',
    tags: ['Trunks'],
    summary: 'Create a trunk: a connection to a provider or PBX',
    request: { body: json(TrunkCreate) },
    responses: { 201: { description: 'The trunk', ...json(one(TrunkResource)) }, ...failures(400, 401, 409, 413) },
  },
  {
    method: 'get',
    path: '/trunks/{id}',
    tags: ['Trunks'],
    summary: 'Get a trunk, without its password',
    request: { params: Id },
    responses: { 200: { description: 'The trunk', ...json(one(TrunkResource)) }, ...failures(401, 404) },
  },
  {
    method: 'get',
    path: '/trunks/{id}/status',
    tags: ['Trunks'],
    summary: 'Get what a trunk is doing: its registration and last error',
    request: { params: Id },
    responses: { 200: { description: 'Its status', ...json(one(TrunkStatusResource)) }, ...failures(401, 404) },
  },
  {
    method: 'patch',
    path: '/trunks/{id}',
    tags: ['Trunks'],
    summary: 'Change a trunk',
    description: 'Calls in progress go on as they began.',
    request: { params: Id, body: json(TrunkPatchBody) },
    responses: { 200: { description: 'The changed trunk', ...json(one(TrunkResource)) }, ...failures(400, 401, 404, 409, 413) },
  },
  {
    method: 'delete',
    path: '/trunks/{id}',
    tags: ['Trunks'],
    summary: 'Delete a trunk',
    request: { params: Id },
    responses: {
      200: { description: 'Deleted', ...json(one(z.object({ id: z.uuid(), deleted: z.literal(true) }))) },
      ...failures(401, 404),
    },
  },
];
