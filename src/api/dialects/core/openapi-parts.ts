import { z } from 'zod';

const META = {
  timestamp: z.iso.datetime(),
  request_id: z.string().meta({ description: 'The X-Request-Id of the request, or one that was made for it.' }),
};
const Meta = z.object(META).meta({ id: 'Meta' });
const PageMeta = z
  .object({
    ...META,
    total: z.number().int().meta({ description: 'Items on all pages.' }),
    limit: z.number().int(),
    offset: z.number().int(),
  })
  .meta({ id: 'PageMeta' });
const CursorPageMeta = z
  .object({
    ...META,
    total: z.number().int().nullable().meta({ description: 'Items on all pages; null for a page by cursor.' }),
    limit: z.number().int(),
    offset: z.number().int().nullable().meta({ description: 'Null for a page by cursor.' }),
    next_cursor: z.string().nullable().meta({ description: '`cursor` of the next page; null on the last one.' }),
  })
  .meta({ id: 'CursorPageMeta' });
export const Failure = z
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
  413: 'Body too large',
  416: 'Range outside the file',
  503: 'Service unavailable',
};
export const failures = (...statuses: number[]) =>
  Object.fromEntries(statuses.map((status) => [status, { description: FAILURES[status] ?? 'Error', ...json(Failure) }]));

export const Id = z.object({ id: z.uuid() });
