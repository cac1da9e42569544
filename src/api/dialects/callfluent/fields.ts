import { z } from 'zod';

/** Text that can be stored, logged and spoken: no NUL, no half of a surrogate pair. */
export const text = (maxLength: number) =>
  z
    .string()
    .max(maxLength)
    .refine((value) => !value.includes('\u0000') && !/\p{Surrogate}/u.test(value), 'has characters that are not allowed');
export const required = (maxLength: number) => text(maxLength).refine((value) => value.trim() !== '', 'must not be empty');

/** What everything is known by here. */
export const PublicId = z.number().int().positive();

/** One in a path, where it is written. */
export const PathId = z
  .string()
  .regex(/^[1-9]\d{0,14}$/, 'must be a number')
  .meta({ example: '1' });
