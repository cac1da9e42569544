import type { RouteConfig } from '@asteasolutions/zod-to-openapi';
import { z } from 'zod';
import { MAX_CHUNKS_PER_AGENT, MAX_DOCUMENTS_PER_AGENT, MAX_PAGES } from '../../../domain/document.js';
import { DocumentForm, DocumentResource } from './documents-schema.js';
import { failures, Id, json, many, one } from './openapi-parts.js';
import { PageQuery } from './query-schema.js';

const Ids = Id.extend({ documentId: z.uuid() });

export const DOCUMENT_ROUTES: readonly RouteConfig[] = [
  {
    method: 'get',
    path: '/agents/{id}/documents',
    tags: ['Documents'],
    summary: 'List the documents that an agent looks things up in, newest first',
    request: { params: Id, query: PageQuery },
    responses: { 200: { description: 'A page of documents', ...json(many(DocumentResource)) }, ...failures(400, 401, 404) },
  },
  {
    method: 'post',
    path: '/agents/{id}/documents',
    tags: ['Documents'],
    summary: 'Upload a document for an agent',
    description:
      'PDF, DOCX, HTML, Markdown, plain text or CSV (a header and a row per line), in the field `file` of a form. It is read afterwards: when its ' +
      '`state` is `ready` the agent answers from it, on calls in progress too. Up to 20 MiB and ' +
      `${MAX_PAGES} pages; ${MAX_DOCUMENTS_PER_AGENT} documents and ${MAX_CHUNKS_PER_AGENT} pieces of 200 words per agent.`,
    request: { params: Id, body: { content: { 'multipart/form-data': { schema: DocumentForm } } } },
    responses: {
      202: { description: 'The document, which is being read', ...json(one(DocumentResource)) },
      ...failures(400, 401, 404, 409, 413),
    },
  },
  {
    method: 'get',
    path: '/agents/{id}/documents/{documentId}',
    tags: ['Documents'],
    summary: 'Get a document with the state it is in',
    request: { params: Ids },
    responses: { 200: { description: 'The document', ...json(one(DocumentResource)) }, ...failures(401, 404) },
  },
  {
    method: 'delete',
    path: '/agents/{id}/documents/{documentId}',
    tags: ['Documents'],
    summary: 'Delete a document with its original',
    request: { params: Ids },
    responses: {
      200: { description: 'Deleted', ...json(one(z.object({ id: z.uuid(), deleted: z.literal(true) }))) },
      ...failures(401, 404),
    },
  },
];
