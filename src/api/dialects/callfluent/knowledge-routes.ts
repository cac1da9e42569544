import { type Request, Router } from 'express';
import { z } from 'zod';
import { AppError } from '../../../core/errors.js';
import type { DocumentService } from '../../../documents/document-service.js';
import { DOCUMENT_STATES, type Document } from '../../../domain/document.js';
import { requirePermission } from '../../http/access/require-permission.js';
import { uploadedFiles } from '../../http/document-body.js';
import { parseInput } from '../../http/parse.js';
import { success } from './envelope.js';
import { PathId, PublicId } from './fields.js';
import type { Workspace } from './workspace.js';

/** The field of the form. */
export const FILES_FIELD = 'files';

export const FileResource = z
  .object({
    id: PublicId,
    uuid: z.uuid(),
    name: z.string().meta({ example: 'prices.pdf' }),
    size: z.number().int().meta({ description: 'Bytes.' }),
    status: z.enum(DOCUMENT_STATES).meta({ description: '`ready`: the agent looks things up in it.' }),
    created_at: z.iso.datetime(),
  })
  .meta({ id: 'CallfluentFile' });

export const presentDocument = (document: Document, id: number): z.input<typeof FileResource> => ({
  id,
  uuid: document.id,
  name: document.name,
  size: document.sizeBytes,
  status: document.state,
  created_at: new Date(document.createdAtMs).toISOString(),
});

/** To stand behind `documentsBody`. */
export function knowledgeRouter(workspace: Workspace, documents: DocumentService): Router {
  const router = Router();
  const agentsOnly = requirePermission('agents');
  const idOf = (req: Request<{ id: string }>): number => Number(parseInput(PathId, req.params.id));
  router.put('/knowledge/:id', agentsOnly, async (req: Request<{ id: string }>, res) => {
    const { tenantId, id } = await workspace.agent(req, res, idOf(req));
    const files = uploadedFiles(req);
    if (files.length === 0) {
      throw new AppError('invalid_request', 'no files', {
        faults: [{ field: FILES_FIELD, message: 'must be sent as multipart/form-data' }],
      });
    }
    await documents.uploadAll(tenantId, id, files);
    res.json(success(await workspace.agentList(tenantId)));
  });
  router.delete('/knowledge/:id', agentsOnly, async (req: Request<{ id: string }>, res) => {
    const { agent, id } = await workspace.document(req, res, idOf(req));
    await documents.delete(agent.tenantId, agent.id, id);
    res.json(success(await workspace.agentList(agent.tenantId)));
  });
  return router;
}
