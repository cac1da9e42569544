import { z } from 'zod';

/** Text that can be stored, logged and spoken: no NUL, no half of a surrogate pair. */
export const text = (maxLength: number) =>
  z
    .string()
    .max(maxLength)
    .regex(/^[^\0\p{Surrogate}]*$/u, 'has characters that are not allowed');
export const required = (maxLength: number) => text(maxLength).refine((value) => value.trim() !== '', 'must not be empty');

/** Nullable unions keep their null in OpenAPI where a schema has a name of its own. */
export const orNull = <S extends z.ZodType>(schema: S) => z.union([schema, z.null()]);

export const Time = z.iso.datetime();
/** A time as it comes in: with any offset. */
export const TimeGiven = z.iso.datetime({ offset: true }).meta({ example: '2031-01-01T09:00:00+01:00' });

/** A whole number written out, as it comes in a query; a repeated parameter is an array and refused. */
const count = (min: number, max: number) =>
  z
    .string()
    .regex(/^\d{1,15}$/, 'must be a whole number')
    .transform(Number)
    .pipe(z.number().int().min(min).max(max));

export const PAGE = {
  limit: count(1, 100)
    .default(20)
    .meta({ description: 'Number of items to return.', type: 'integer', minimum: 1, maximum: 100, default: 20 }),
  offset: count(0, Number.MAX_SAFE_INTEGER)
    .default(0)
    .meta({ description: 'Number of items to skip.', type: 'integer', minimum: 0, default: 0 }),
};
export const PageQuery = z.object(PAGE);

/** Of a request that says it all by its path. */
export const EmptyBody = z.strictObject({}).optional();

export const isoTime = (ms: number): string => new Date(ms).toISOString();
export const isoTimeOrNull = (ms: number | undefined): string | null => (ms === undefined ? null : isoTime(ms));
export const seconds = (ms: number): number => Math.round(ms) / 1000;
