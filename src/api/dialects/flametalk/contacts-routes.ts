import { type Request, Router } from 'express';
import { z } from 'zod';
import {
  CONTACT_FILTER,
  ContactCreate,
  ContactPatchBody,
  ContactsImportQuery,
  presentContact,
  toContactDraft,
  toContactFilter,
  toContactPatch,
} from '../../../contacts/contact-input.js';
import type { ContactService } from '../../../contacts/contact-service.js';
import type { ContactId } from '../../../core/ids.js';
import { importContacts } from '../../http/contact-import.js';
import { parseInput } from '../../http/parse.js';
import { principalOf } from '../../http/request-context.js';
import { success, successPage } from './envelope.js';
import { PAGE } from './fields.js';

export const ContactsQuery = z.object({ ...CONTACT_FILTER, ...PAGE });

const contactIdOf = (req: Request<{ id: string }>): ContactId => req.params.id.toLowerCase() as ContactId;

export function contactsRouter(contacts: ContactService): Router {
  const router = Router();
  router.get('/', async (req, res) => {
    const { limit, offset, ...filter } = parseInput(ContactsQuery, req.query);
    const page = { limit, offset };
    const { items, total } = await contacts.list(principalOf(res).tenantId, toContactFilter(filter), page);
    res.json(successPage(items.map(presentContact), total, page));
  });
  router.post('/', async (req, res) => {
    const contact = await contacts.create(principalOf(res).tenantId, toContactDraft(parseInput(ContactCreate, req.body)));
    res.status(201).json(success(presentContact(contact)));
  });
  router.post('/import', async (req, res) => {
    const options = parseInput(ContactsImportQuery, req.query);
    res.status(201).json(success(await importContacts(contacts, principalOf(res).tenantId, req.body, options)));
  });
  router.get('/:id', async (req, res) => {
    res.json(success(presentContact(await contacts.get(principalOf(res).tenantId, contactIdOf(req)))));
  });
  router.patch('/:id', async (req, res) => {
    const patch = toContactPatch(parseInput(ContactPatchBody, req.body));
    res.json(success(presentContact(await contacts.patch(principalOf(res).tenantId, contactIdOf(req), patch))));
  });
  router.delete('/:id', async (req, res) => {
    const id = contactIdOf(req);
    await contacts.delete(principalOf(res).tenantId, id);
    res.json(success({ id, deleted: true }));
  });
  return router;
}
