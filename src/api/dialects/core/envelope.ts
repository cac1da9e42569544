import type { Response } from 'express';
import type { Page } from '../../../domain/ports/repositories.js';
import { nowMsOf, requestIdOf } from '../../http/request-context.js';

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

export const failureEnvelope = (res: Response, error: string, details: object | undefined) => ({
  success: false as const,
  error,
  ...(details ? { details } : {}),
  meta: metaOf(res),
});
