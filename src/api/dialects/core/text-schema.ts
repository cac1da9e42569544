import { z } from 'zod';

/** Text that can be stored, logged and spoken: no NUL, no half of a surrogate pair. */
export const text = (maxLength: number) =>
  z
    .string()
    .max(maxLength)
    .refine((value) => !value.includes('\u0000') && isWellFormed(value), 'has characters that are not allowed');
export const required = (maxLength: number) => text(maxLength).refine((value) => value.trim() !== '', 'must not be empty');
// `String.prototype.isWellFormed` is ES2024.
const isWellFormed = (value: string): boolean => !/\p{Surrogate}/u.test(value);
