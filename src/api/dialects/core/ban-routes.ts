import { type RequestHandler, Router } from 'express';
import { AppError } from '../../../core/errors.js';
import { DEFAULT_TENANT } from '../../../core/ids.js';
import type { BanService } from '../../../defence/ban-service.js';
import { parseInput } from '../../http/parse.js';
import { principalOf } from '../../http/request-context.js';
import { BanCreate, presentBan } from './ban-schema.js';
import { success, successPage } from './envelope.js';
import { PageQuery } from './query-schema.js';

/** Bans hold for all organisations, so they are for the one that runs the server: the first. To others there is no such thing. */
const operatorsOnly: RequestHandler = (_req, res, next) => {
  if (principalOf(res).tenantId === DEFAULT_TENANT) return next();
  throw new AppError('not_found', 'bans are managed by the organisation that runs the server');
};

export function bansRouter(bans: BanService): Router {
  const router = Router();
  router.use(operatorsOnly);
  router.get('/', async (req, res) => {
    const page = parseInput(PageQuery, req.query);
    const { items, total } = await bans.list(page);
    res.json(successPage(res, items.map(presentBan), total, page));
  });
  router.post('/', async (req, res) => {
    const { source, duration_seconds: seconds } = parseInput(BanCreate, req.body);
    res.status(201).json(success(res, presentBan(await bans.ban(source, seconds * 1000))));
  });
  router.delete('/:source', async (req, res) => {
    const source = await bans.lift(req.params.source);
    res.json(success(res, { source, deleted: true }));
  });
  return router;
}
