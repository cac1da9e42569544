import { Router } from 'express';
import type { DoNotCallService } from '../../../do-not-call/do-not-call-service.js';
import { parseInput } from '../../http/parse.js';
import { principalOf } from '../../http/request-context.js';
import { doNotCallDraftsOf } from './do-not-call-csv.js';
import { DoNotCallCreate, DoNotCallCreateMany, presentDoNotCall, toDoNotCallDraft } from './do-not-call-schema.js';
import { success, successPage } from './envelope.js';
import { DoNotCallQuery } from './query-schema.js';

export function doNotCallRouter(doNotCall: DoNotCallService): Router {
  const router = Router();
  router.get('/', async (req, res) => {
    const { search, source, ...page } = parseInput(DoNotCallQuery, req.query);
    const { items, total } = await doNotCall.list(principalOf(res).tenantId, { search, source }, page);
    res.json(successPage(res, items.map(presentDoNotCall), total, page));
  });
  router.post('/', async (req, res) => {
    const { tenantId } = principalOf(res);
    const body: unknown = req.body;
    if (typeof body === 'string' || hasEntries(body)) {
      const csv = typeof body === 'string';
      const drafts = csv ? doNotCallDraftsOf(body) : parseInput(DoNotCallCreateMany, body).entries.map(toDoNotCallDraft);
      const { added, alreadyListed } = await doNotCall.addAll(tenantId, drafts, csv ? 'csv' : 'import');
      res.status(201).json(success(res, { added, already_listed: alreadyListed }));
      return;
    }
    const { entry, added } = await doNotCall.add(tenantId, toDoNotCallDraft(parseInput(DoNotCallCreate, body)));
    res.status(added ? 201 : 200).json(success(res, presentDoNotCall(entry)));
  });
  router.get('/:number', async (req, res) => {
    const entry = await doNotCall.get(principalOf(res).tenantId, req.params.number);
    res.json(success(res, presentDoNotCall(entry)));
  });
  router.delete('/:number', async (req, res) => {
    const { number } = req.params;
    await doNotCall.remove(principalOf(res).tenantId, number);
    res.json(success(res, { number, deleted: true }));
  });
  return router;
}

const hasEntries = (body: unknown): boolean => typeof body === 'object' && body !== null && 'entries' in body;
