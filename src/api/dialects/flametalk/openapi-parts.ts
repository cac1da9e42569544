import type { RouteConfig } from '@asteasolutions/zod-to-openapi';
import { z } from 'zod';
import { MAX_IDEMPOTENCY_KEY_LENGTH } from '../../http/idempotency.js';

const Pagination = z
  .object({
    total: z.number().int().meta({ description: 'Total items available.', example: 142 }),
    limit: z.number().int().meta({ example: 20 }),
    offset: z.number().int().meta({ example: 40 }),
    has_more: z.boolean().meta({ description: 'More items available.' }),
  })
  .meta({ id: 'FlametalkPagination' });

const Failure = z
  .object({
    success: z.literal(false),
    error: z.object({
      code: z.string().meta({ example: 'VALIDATION_ERROR' }),
      message: z.string().meta({ example: 'Invalid parameters' }),
      details: z.record(z.string(), z.string()).meta({
        description: 'What is wrong, by the names of the fields; empty where it is no matter of fields.',
        example: { name: 'must not be empty' },
      }),
    }),
  })
  .meta({ id: 'FlametalkFailure' });

const FAILURES: Readonly<Record<number, string>> = {
  400: '`VALIDATION_ERROR`',
  401: '`UNAUTHORIZED`: no API key, or none of this dialect',
  403: '`FORBIDDEN`: the API key may not do this',
  404: '`NOT_FOUND`, or of another organisation',
  409: '`CONFLICT`: not possible in the present state',
  413: '`VALIDATION_ERROR`: the body is too large',
  415: '`VALIDATION_ERROR`: the body has an encoding that is not supported',
  416: '`VALIDATION_ERROR`: no such range of the file',
  429: '`RATE_LIMITED`, or `CALL_LIMIT_REACHED`',
  500: '`INTERNAL_ERROR`',
  503: '`UNAVAILABLE`',
};
const EXAMPLES: Readonly<Record<number, { code: string; message: string; details: Record<string, string> }>> = {
  400: { code: 'VALIDATION_ERROR', message: 'Invalid parameters', details: { name: 'must not be empty' } },
  401: { code: 'UNAUTHORIZED', message: 'Invalid or missing API key', details: {} },
  404: { code: 'NOT_FOUND', message: 'Not found', details: {} },
};

export const json = (schema: z.ZodType) => ({ content: { 'application/json': { schema } } });

const failures = (statuses: readonly number[]) =>
  Object.fromEntries(
    [...new Set([400, 401, 403, 413, 415, 429, ...statuses])].map((status) => {
      const example = EXAMPLES[status] && { success: false, error: EXAMPLES[status] };
      const media = { schema: Failure, ...(example && { example }) };
      return [status, { description: FAILURES[status] ?? 'Failure', content: { 'application/json': media } }];
    }),
  );

const IdempotencyKey = z.object({
  'Idempotency-Key': z.string().min(1).max(MAX_IDEMPOTENCY_KEY_LENGTH).optional().meta({
    description: 'The same body with the same key within 24 hours gets the first answer again; another body gets 409 `CONFLICT`.',
  }),
});

export const Deleted = z.object({ id: z.uuid(), deleted: z.literal(true) });

/** One operation as this dialect has them: `answers` in its envelope, with the failures that each has and those named in `fails`. */
export function operation(
  name: `${'get' | 'post' | 'patch' | 'delete'} ${string}`,
  summary: string,
  {
    answers,
    list,
    status = 200,
    description,
    query,
    body,
    fails = [],
  }: {
    answers: z.ZodType;
    list?: boolean;
    status?: number;
    description?: string;
    query?: z.ZodObject;
    body?: NonNullable<RouteConfig['request']>['body'];
    fails?: readonly number[];
  },
): RouteConfig {
  const [method = '', path = ''] = name.split(' ');
  const data = list === true ? z.array(answers) : answers;
  const envelope = z.object({ success: z.literal(true), data, ...(list === true && { pagination: Pagination }) });
  const ids = [...path.matchAll(/\{(\w+)\}/g)].map((match) => [match[1] ?? '', z.string()]);
  const common = [400, 401, 403, ...(ids.length > 0 ? [404] : []), ...(method === 'post' ? [409] : []), 429, 500];
  return {
    method: method as 'get',
    path,
    tags: [`Flametalk: ${path.split('/')[1]}`],
    summary,
    ...(description !== undefined && { description }),
    request: {
      ...(ids.length > 0 && { params: z.object(Object.fromEntries(ids)) }),
      ...(query && { query }),
      ...(method === 'post' && { headers: IdempotencyKey }),
      ...(body && { body }),
    },
    responses: {
      [status]: { description: summary, ...json(envelope) },
      ...failures([...common, ...(body ? [413, 415] : []), ...fails]),
    },
  };
}
