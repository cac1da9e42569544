import type { RouteConfig } from '@asteasolutions/zod-to-openapi';
import { z } from 'zod';
import { RouteCreate, RoutePatchBody, RouteResource, RouteTestBody, RouteTestResult } from '../../../routes/route-input.js';
import { failures, Id, json, many, one } from './openapi-parts.js';
import { RoutesQuery } from './query-schema.js';

export const ROUTE_ROUTES: readonly RouteConfig[] = [
  {
    method: 'get',
    path: '/routes',
    tags: ['Routes'],
    summary: 'List routes, in the order in which they are tried',
    request: { query: RoutesQuery },
    responses: { 200: { description: 'A page of routes', ...json(many(RouteResource)) }, ...failures(400, 401) },
  },
  {
    method: 'post',
    path: '/routes',
    tags: ['Routes'],
    summary: 'Create a route: which calls that come in go where',
    description:
      'Of the routes that match a call the first decides. A call that none matches goes by `inbound` of its trunk, and then to the agent whose SIP user was called.',
    request: { body: json(RouteCreate) },
    responses: { 201: { description: 'The route', ...json(one(RouteResource)) }, ...failures(400, 401, 409, 413) },
  },
  {
    method: 'post',
    path: '/routes/test',
    tags: ['Routes'],
    summary: 'Ask where a call would go, and why',
    request: { body: json(RouteTestBody) },
    responses: { 200: { description: 'Where it would go', ...json(one(RouteTestResult)) }, ...failures(400, 401, 404, 413) },
  },
  {
    method: 'get',
    path: '/routes/{id}',
    tags: ['Routes'],
    summary: 'Get a route',
    request: { params: Id },
    responses: { 200: { description: 'The route', ...json(one(RouteResource)) }, ...failures(401, 404) },
  },
  {
    method: 'patch',
    path: '/routes/{id}',
    tags: ['Routes'],
    summary: 'Change a route',
    description: 'Calls in progress go on as they began.',
    request: { params: Id, body: json(RoutePatchBody) },
    responses: { 200: { description: 'The changed route', ...json(one(RouteResource)) }, ...failures(400, 401, 404, 409, 413) },
  },
  {
    method: 'delete',
    path: '/routes/{id}',
    tags: ['Routes'],
    summary: 'Delete a route',
    request: { params: Id },
    responses: {
      200: { description: 'Deleted', ...json(one(z.object({ id: z.uuid(), deleted: z.literal(true) }))) },
      ...failures(401, 404),
    },
  },
];
