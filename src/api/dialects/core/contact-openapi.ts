import type { RouteConfig } from '@asteasolutions/zod-to-openapi';
import { z } from 'zod';
import {
  CONTACT_FILTER,
  ContactCreate,
  ContactPatchBody,
  ContactResource,
  ContactsImport,
  ContactsImported,
  ContactsImportQuery,
} from '../../../contacts/contact-input.js';
import { failures, Id, json, many, one } from './openapi-parts.js';
import { PAGE } from './query-schema.js';

export const ContactsQuery = z.object({ ...CONTACT_FILTER, ...PAGE });

const tags = ['Contacts'];
const contact = (description: string) => ({ description, ...json(one(ContactResource)) });

const CSV = {
  schema: { type: 'string' as const },
  example: 'phone,name,email,tags,appointment\n+442071234567,Ann Smith,ann@example.com,newsletter;vip,Monday at nine\n',
};

export const CONTACT_ROUTES: readonly RouteConfig[] = [
  {
    method: 'get',
    path: '/contacts',
    tags,
    summary: 'List contacts, newest first',
    request: { query: ContactsQuery },
    responses: { 200: { description: 'A page of contacts', ...json(many(ContactResource)) }, ...failures(400, 401) },
  },
  {
    method: 'post',
    path: '/contacts',
    tags,
    summary: 'Create a contact',
    description: '409 when there is one with this number.',
    request: { body: json(ContactCreate) },
    responses: { 201: contact('The contact'), ...failures(400, 401, 409, 413) },
  },
  {
    method: 'post',
    path: '/contacts/import',
    tags,
    summary: 'Import contacts, as JSON or CSV',
    description:
      'Up to 10,000 at a time. CSV has a header row: a column `phone`, `number` or `to_number`, if you like `name`, `email`, `tags` (with `;` ' +
      'between them) and `do_not_call`, and every other column is a custom field by its name; empty cells are left out. A number that is ' +
      'invalid, stands twice or is a contact already is named with its place, and nobody is taken in; with `partial=true` the others are.',
    request: { query: ContactsImportQuery, body: { content: { ...json(ContactsImport).content, 'text/csv': CSV } } },
    responses: { 201: { description: 'What was taken in', ...json(one(ContactsImported)) }, ...failures(400, 401, 409, 413) },
  },
  {
    method: 'get',
    path: '/contacts/{id}',
    tags,
    summary: 'Get a contact',
    request: { params: Id },
    responses: { 200: contact('The contact'), ...failures(401, 404) },
  },
  {
    method: 'patch',
    path: '/contacts/{id}',
    tags,
    summary: 'Change a contact',
    request: { params: Id, body: json(ContactPatchBody) },
    responses: { 200: contact('The changed contact'), ...failures(400, 401, 404, 409, 413) },
  },
  {
    method: 'delete',
    path: '/contacts/{id}',
    tags,
    summary: 'Delete a contact',
    description: 'Campaigns that call them already go on, their calls stay, and a number that is not to be called stays so.',
    request: { params: Id },
    responses: {
      200: { description: 'Deleted', ...json(one(z.object({ id: z.uuid(), deleted: z.literal(true) }))) },
      ...failures(401, 404),
    },
  },
];
