import type { RouteConfig } from '@asteasolutions/zod-to-openapi';
import { z } from 'zod';
import { DoNotCallCreate, DoNotCallCreateMany, DoNotCallImported, DoNotCallResource } from './do-not-call-schema.js';
import { failures, json, many, one } from './openapi-parts.js';
import { DoNotCallQuery } from './query-schema.js';

const NumberInPath = z.object({ number: z.string().meta({ description: 'E.164, with its `+`.', example: '+442071234567' }) });

const CSV = {
  schema: { type: 'string' as const },
  example: 'number,reason,expires_at\n+442071234567,asked by e-mail,\n+15550123,,2031-01-01T00:00:00Z\n',
};

export const DO_NOT_CALL_ROUTES: readonly RouteConfig[] = [
  {
    method: 'get',
    path: '/do-not-call',
    tags: ['Do not call'],
    summary: 'List the numbers that are not called, newest first',
    request: { query: DoNotCallQuery },
    responses: { 200: { description: 'A page of entries', ...json(many(DoNotCallResource)) }, ...failures(400, 401) },
  },
  {
    method: 'post',
    path: '/do-not-call',
    tags: ['Do not call'],
    summary: 'List one number or many',
    description:
      'From now on a task to such a number fails with `do_not_call` instead of being dialled, whenever it was made; a call in progress goes on. ' +
      'A number that is listed already keeps its entry, but for the longer of both times. Of several entries, as JSON or as CSV, all are ' +
      'listed or none. CSV has a header row with a column `number`, `phone` or `to_number`, and if you like `reason` and `expires_at`; spaces, ' +
      'dashes, dots and parentheses in its numbers are left out.',
    request: {
      body: {
        content: {
          'application/json': {
            schema: z.union([DoNotCallCreate, DoNotCallCreateMany]),
            example: { number: '+442071234567', reason: 'asked by e-mail' },
          },
          'text/csv': CSV,
        },
      },
    },
    responses: {
      200: { description: 'The one number was listed already', ...json(one(DoNotCallResource)) },
      201: {
        description: 'The entry of one number; of many, how many are new',
        ...json(one(z.union([DoNotCallResource, DoNotCallImported]))),
      },
      ...failures(400, 401, 413),
    },
  },
  {
    method: 'get',
    path: '/do-not-call/{number}',
    tags: ['Do not call'],
    summary: 'Ask whether a number is listed',
    request: { params: NumberInPath },
    responses: { 200: { description: 'The entry', ...json(one(DoNotCallResource)) }, ...failures(401, 404) },
  },
  {
    method: 'delete',
    path: '/do-not-call/{number}',
    tags: ['Do not call'],
    summary: 'Take a number off the list: it may be called again',
    request: { params: NumberInPath },
    responses: {
      200: { description: 'Taken off', ...json(one(z.object({ number: z.string(), deleted: z.literal(true) }))) },
      ...failures(401, 404),
    },
  },
];
