import type { Response } from 'express';
import type { CallPosition, Page } from '../../../domain/ports/repositories.js';
import { nowMsOf, requestIdOf } from '../../http/request-context.js';
import { cursorOf } from './call-cursor.js';

type Meta = { timestamp: string; request_id: string };

const metaOf = (res: Response): Meta => ({
  timestamp: new Date(nowMsOf(res)).toISOString(),
  request_id: requestIdOf(res),
});

export const success = <T>(res: Response, data: T) => ({ success: true as const, data, meta: metaOf(res) });

/** A page of a list: `data` is the items, what is needed to ask for the next page stands in `meta`. */
export const successPage = <T>(res: Response, items: T[], total: number, page: Page) => ({
  success: true as const,
  data: items,
  meta: { ...metaOf(res), total, limit: page.limit, offset: page.offset },
});

/** A page of a list that can be read on from where it ended. What belongs to the other way of paging is null. */
export const successCursorPage = <T>(
  res: Response,
  items: T[],
  page: { total: number | undefined; limit: number; offset: number | undefined; next: CallPosition | undefined },
) => ({
  success: true as const,
  data: items,
  meta: {
    ...metaOf(res),
    total: page.total ?? null,
    limit: page.limit,
    offset: page.offset ?? null,
    next_cursor: page.next ? cursorOf(page.next) : null,
  },
});

export const failureEnvelope = (res: Response, error: string, details: object | undefined) => ({
  success: false as const,
  error,
  ...(details ? { details } : {}),
  meta: metaOf(res),
});
