import { AppError } from '../../core/errors.js';

/** Whether somebody was not called because we may not: there is nobody else's fault in it. */
export const isNotAllowed = (error: unknown): boolean =>
  error instanceof AppError && (error.code === 'forbidden' || error.code === 'destination_not_allowed');
