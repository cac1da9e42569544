import type { RouteConfig } from '@asteasolutions/zod-to-openapi';
import { failures, Id, json, many, one } from './openapi-parts.js';
import { TextCreate, TextResource, TextsQuery, TextThreadResource, ThreadsQuery } from './texts-schema.js';

export const TEXT_ROUTES: readonly RouteConfig[] = [
  {
    method: 'get',
    path: '/texts',
    tags: ['Texts'],
    summary: 'List texts, newest first',
    description: 'All filters that are given must hold.',
    request: { query: TextsQuery },
    responses: { 200: { description: 'A page of texts', ...json(many(TextResource)) }, ...failures(400, 401) },
  },
  {
    method: 'post',
    path: '/texts',
    tags: ['Texts'],
    summary: 'Send a text (SIP MESSAGE)',
    description:
      'It is stored and sent at once; what became of it stands in its `status` and is told by the webhook events `text_sent`, `text_delivered` and `text_failed`. ' +
      'What the far end cannot take now (408, 480, 500, 502, 503, 504) is tried again after 30 s, 2 min and 10 min. Numbers on the do-not-call list are refused.',
    request: { body: json(TextCreate) },
    responses: { 201: { description: 'The text', ...json(one(TextResource)) }, ...failures(400, 401, 403, 413, 503) },
  },
  {
    method: 'get',
    path: '/texts/threads',
    tags: ['Texts'],
    summary: 'List contacts that texts were exchanged with, the one with the newest text first',
    request: { query: ThreadsQuery },
    responses: { 200: { description: 'A page of threads', ...json(many(TextThreadResource)) }, ...failures(400, 401) },
  },
  {
    method: 'get',
    path: '/texts/{id}',
    tags: ['Texts'],
    summary: 'Get a text',
    request: { params: Id },
    responses: { 200: { description: 'The text', ...json(one(TextResource)) }, ...failures(401, 404) },
  },
];
