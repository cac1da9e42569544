import type { RouteConfig } from '@asteasolutions/zod-to-openapi';
import { z } from 'zod';
import { AgentResource } from './agent-schema.js';
import { AgentDeploy, AgentVersionResource } from './agent-version-schema.js';
import { failures, Id, json, many, one } from './openapi-parts.js';
import { PageQuery } from './query-schema.js';

export const AGENT_VERSION_ROUTES: readonly RouteConfig[] = [
  {
    method: 'get',
    path: '/agents/{id}/versions',
    tags: ['Agents'],
    summary: 'List the versions of an agent, newest first',
    request: { params: Id, query: PageQuery },
    responses: { 200: { description: 'A page of versions', ...json(many(AgentVersionResource)) }, ...failures(400, 401, 404) },
  },
  {
    method: 'post',
    path: '/agents/{id}/deploy',
    tags: ['Agents'],
    summary: 'Have calls go by a version of an agent',
    description:
      'Calls that begin from now on go by it, those in progress keep theirs. `deployment` is `manual` from now on: later changes are a draft.',
    request: { params: Id, body: json(AgentDeploy) },
    responses: { 200: { description: 'The agent', ...json(one(AgentResource)) }, ...failures(400, 401, 404, 413) },
  },
  {
    method: 'post',
    path: '/agents/{id}/versions/{version}/restore',
    tags: ['Agents'],
    summary: 'Roll an agent back to an older version',
    description: 'As deploying that version; the draft stays as it is.',
    request: { params: Id.extend({ version: z.int().min(1) }) },
    responses: { 200: { description: 'The agent', ...json(one(AgentResource)) }, ...failures(401, 404) },
  },
];
