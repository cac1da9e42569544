import type { Page } from '../../../domain/ports/repositories.js';

export const success = <T>(data: T) => ({ success: true as const, data });

export const successPage = <T>(items: T[], total: number, { limit, offset }: Page) => ({
  success: true as const,
  data: items,
  pagination: { total, limit, offset, has_more: offset + items.length < total },
});
