import { Router } from 'express';
import type { CallId } from '../../../core/ids.js';
import type { TextService } from '../../../texts/text-service.js';
import { parseInput } from '../../http/parse.js';
import { textIdOf } from '../../http/path-id.js';
import { keyOf, principalOf } from '../../http/request-context.js';
import { success, successPage } from './envelope.js';
import { presentText, presentThread, TextCreate, TextsQuery, ThreadsQuery } from './texts-schema.js';

export function textsRouter(texts: TextService): Router {
  const router = Router();
  router.get('/', async (req, res) => {
    const { limit, offset, call_id: call, ...filter } = parseInput(TextsQuery, req.query);
    const callId = call?.toLowerCase() as CallId | undefined;
    const { items, total } = await texts.list(principalOf(res).tenantId, { ...filter, callId }, { limit, offset });
    res.json(successPage(res, items.map(presentText), total, { limit, offset }));
  });
  router.post('/', async (req, res) => {
    const { to, from, text } = parseInput(TextCreate, req.body);
    const stored = await texts.send(principalOf(res).tenantId, { to, from, text }, keyOf(res));
    res.status(201).json(success(res, presentText(stored)));
  });
  router.get('/threads', async (req, res) => {
    const page = parseInput(ThreadsQuery, req.query);
    const { items, total } = await texts.threads(principalOf(res).tenantId, page);
    res.json(successPage(res, items.map(presentThread), total, page));
  });
  router.get('/:id', async (req, res) => {
    res.json(success(res, presentText(await texts.get(principalOf(res).tenantId, textIdOf(req)))));
  });
  return router;
}
