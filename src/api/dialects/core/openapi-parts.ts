import { z } from 'zod';

const META = {
  timestamp: z.iso.datetime(),
  request_id: z.string().meta({
    description: 'The X-Request-Id of the request, or one that was made for it.',
    example: '0194bd3a-7c00-7000-8000-000000000001',
  }),
};
const Meta = z.object(META).meta({ id: 'Meta' });
const PageMeta = z
  .object({
    ...META,
    total: z.number().int().meta({ description: 'Items on all pages.' }),
    limit: z.number().int().meta({ example: 50 }),
    offset: z.number().int().meta({ example: 0 }),
  })
  .meta({ id: 'PageMeta' });
const CursorPageMeta = z
  .object({
    ...META,
    total: z.number().int().nullable().meta({ description: 'Items on all pages; null for a page by cursor.' }),
    limit: z.number().int().meta({ example: 50 }),
    offset: z.number().int().nullable().meta({ description: 'Null for a page by cursor.', example: 0 }),
    next_cursor: z.string().nullable().meta({ description: '`cursor` of the next page; null on the last one.' }),
  })
  .meta({ id: 'CursorPageMeta' });
const Failure = z
  .object({
    success: z.literal(false),
    error: z.string(),
    details: z
      .object({ fields: z.array(z.object({ field: z.string(), message: z.string() })) })
      .optional()
      .meta({ description: 'Of a validation error: every field at fault.' }),
    meta: Meta,
  })
  .meta({ id: 'Failure' });

export const one = (data: z.ZodType) => z.object({ success: z.literal(true), data, meta: Meta });
export const many = (item: z.ZodType) => z.object({ success: z.literal(true), data: z.array(item), meta: PageMeta });
export const manyByCursor = (item: z.ZodType) =>
  z.object({ success: z.literal(true), data: z.array(item), meta: CursorPageMeta });
export const json = (schema: z.ZodType) => ({ content: { 'application/json': { schema } } });

const FAILURES: Readonly<Record<number, string>> = {
  400: 'Validation error',
  401: 'Invalid or missing API key',
  403: 'Not allowed',
  404: 'Not found, or of another tenant',
  409: 'Not possible in the present state',
  413: 'The body is too large',
  415: 'The body has an encoding that is not supported',
  416: 'Range outside the file',
  429: 'Rate limit exceeded',
  500: 'Internal server error',
  503: 'Service unavailable',
};
const FAULTS = { fields: [{ field: 'name', message: 'must not be empty' }] };
const META_EXAMPLE = { timestamp: '2026-01-31T12:00:00.000Z', request_id: '0194bd3a-7c00-7000-8000-000000000001' };

/** What the statuses mean and look like; keyed so that they stand among a route's `responses`. */
export const failures = (...statuses: number[]) =>
  Object.fromEntries(
    statuses.map((status) => {
      const error = FAILURES[status] ?? 'Error';
      const example = { success: false, error, ...(status === 400 ? { details: FAULTS } : {}), meta: META_EXAMPLE };
      return [status, { description: error, content: { 'application/json': { schema: Failure, example } } }];
    }),
  );

export const Id = z.object({ id: z.uuid() });
