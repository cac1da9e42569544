import { z } from 'zod';
import { DOCUMENT_FAILURES, DOCUMENT_STATES, DOCUMENT_TYPES, type Document } from '../../../domain/document.js';

const time = z.iso.datetime();

export const DocumentResource = z
  .object({
    id: z.uuid(),
    agent_id: z.uuid(),
    name: z.string().meta({ example: 'prices.pdf' }),
    type: z.enum(DOCUMENT_TYPES),
    size_bytes: z.number().int(),
    state: z.enum(DOCUMENT_STATES).meta({ description: '`ready`: it is looked things up in.' }),
    failure: z.union([z.enum(DOCUMENT_FAILURES), z.null()]).meta({ description: 'Why it is `failed`.' }),
    pages: z.number().int().nullable().meta({ description: 'Of a PDF.' }),
    chunks: z.number().int().meta({ description: 'Pieces that its text was cut into, about 200 words each.' }),
    embedding_model: z.string().nullable().meta({
      description: 'The model by whose vectors it is found by meaning, too; null: by its words alone.',
    }),
    created_at: time,
    updated_at: time,
  })
  .meta({ id: 'Document' });

export const DocumentForm = z.object({ file: z.string().meta({ format: 'binary' }) }).meta({ id: 'DocumentUpload' });

export const presentDocument = (document: Document): z.input<typeof DocumentResource> => ({
  id: document.id,
  agent_id: document.agentId,
  name: document.name,
  type: document.type,
  size_bytes: document.sizeBytes,
  state: document.state,
  failure: document.failure ?? null,
  pages: document.pages ?? null,
  chunks: document.chunks,
  embedding_model: document.embeddedBy ?? null,
  created_at: new Date(document.createdAtMs).toISOString(),
  updated_at: new Date(document.updatedAtMs).toISOString(),
});
