import { Router } from 'express';
import type { DocumentService } from '../../../documents/document-service.js';
import { uploadedFile } from '../../http/document-body.js';
import { parseInput } from '../../http/parse.js';
import { agentIdOf, documentIdOf } from '../../http/path-id.js';
import { principalOf } from '../../http/request-context.js';
import { presentDocument } from './documents-schema.js';
import { success, successPage } from './envelope.js';
import { PageQuery } from './query-schema.js';

/** To be mounted where the agents are, behind `documentBody`. */
export function documentsRouter(documents: DocumentService): Router {
  const router = Router();
  router.get('/:id/documents', async (req, res) => {
    const page = parseInput(PageQuery, req.query);
    const { items, total } = await documents.list(principalOf(res).tenantId, agentIdOf(req), page);
    res.json(successPage(res, items.map(presentDocument), total, page));
  });
  router.post('/:id/documents', async (req, res) => {
    const document = await documents.upload(principalOf(res).tenantId, agentIdOf(req), uploadedFile(req));
    res.status(202).json(success(res, presentDocument(document)));
  });
  router.get('/:id/documents/:documentId', async (req, res) => {
    const document = await documents.get(principalOf(res).tenantId, agentIdOf(req), documentIdOf(req));
    res.json(success(res, presentDocument(document)));
  });
  router.delete('/:id/documents/:documentId', async (req, res) => {
    const id = documentIdOf(req);
    await documents.delete(principalOf(res).tenantId, agentIdOf(req), id);
    res.json(success(res, { id, deleted: true }));
  });
  return router;
}
