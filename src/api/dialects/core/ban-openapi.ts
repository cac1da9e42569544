import type { RouteConfig } from '@asteasolutions/zod-to-openapi';
import { z } from 'zod';
import { BanCreate, BanResource } from './ban-schema.js';
import { failures, json, many, one } from './openapi-parts.js';
import { PageQuery } from './query-schema.js';

const SourceInPath = z.object({
  source: z.string().meta({
    description: 'As it is listed, with its slash written as `%2F`; an address alone means what a ban of it is listed as.',
    example: '203.0.113.9',
  }),
});

export const BAN_ROUTES: readonly RouteConfig[] = [
  {
    method: 'get',
    path: '/bans',
    tags: ['Bans'],
    summary: 'List the sources that are banned now, newest first',
    description:
      'Nothing that comes from them by SIP is read or answered. A source that guesses passwords or users, scans, or sends what is no SIP ' +
      'is banned by itself (`sip.bans`), an IPv6 source with its /64. Only for the organisation that runs the server.',
    request: { query: PageQuery },
    responses: { 200: { description: 'A page of bans', ...json(many(BanResource)) }, ...failures(400, 401) },
  },
  {
    method: 'post',
    path: '/bans',
    tags: ['Bans'],
    summary: 'Ban an address or a block',
    description:
      'A ban there is takes the new time. Sources of trunks, of registered phones, and `sip.trustedSources` cannot be banned.',
    request: { body: json(BanCreate) },
    responses: { 201: { description: 'The ban', ...json(one(BanResource)) }, ...failures(400, 401, 409, 413) },
  },
  {
    method: 'delete',
    path: '/bans/{source}',
    tags: ['Bans'],
    summary: 'Lift a ban',
    request: { params: SourceInPath },
    responses: {
      200: { description: 'Lifted', ...json(one(z.object({ source: z.string(), deleted: z.literal(true) }))) },
      ...failures(401, 404),
    },
  },
];
