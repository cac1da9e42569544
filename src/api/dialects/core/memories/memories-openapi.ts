import type { RouteConfig } from '@asteasolutions/zod-to-openapi';
import { z } from 'zod';
import { failures, json, many, one } from '../openapi-parts.js';
import { ForgetQuery, MemoriesQuery, MemoryResource } from './memories-schema.js';

export const MEMORY_ROUTES: readonly RouteConfig[] = [
  {
    method: 'get',
    path: '/memories',
    tags: ['Memories'],
    summary: 'List what agents keep of earlier conversations, newest first',
    request: { query: MemoriesQuery },
    responses: { 200: { description: 'A page of memories', ...json(many(MemoryResource)) }, ...failures(400, 401) },
  },
  {
    method: 'delete',
    path: '/memories',
    tags: ['Memories'],
    summary: 'Forget a contact',
    request: { query: ForgetQuery },
    responses: {
      200: { description: 'How many memories there were', ...json(one(z.object({ forgotten: z.number().int() }))) },
      ...failures(400, 401),
    },
  },
];
