import { Router } from 'express';
import type { Phone } from '../../../domain/phone.js';
import { PhoneCreate, PhonePatchBody } from '../../../phones/phone-input.js';
import type { PhoneService } from '../../../phones/phone-service.js';
import { presentPhone } from '../../../phones/phone-translation.js';
import { parseInput } from '../../http/parse.js';
import { phoneIdOf } from '../../http/path-id.js';
import { principalOf } from '../../http/request-context.js';
import { success, successPage } from './envelope.js';
import { PageQuery } from './query-schema.js';

export function phonesRouter(phones: PhoneService): Router {
  const router = Router();
  const present = (phone: Phone) => presentPhone(phone, phones.contactsOf(phone.id));
  router.get('/', async (req, res) => {
    const page = parseInput(PageQuery, req.query);
    const { items, total } = await phones.list(principalOf(res).tenantId, page);
    res.json(successPage(res, items.map(present), total, page));
  });
  router.post('/', async (req, res) => {
    const phone = await phones.create(principalOf(res).tenantId, parseInput(PhoneCreate, req.body));
    res.status(201).json(success(res, present(phone)));
  });
  router.get('/:id', async (req, res) => {
    res.json(success(res, present(await phones.get(principalOf(res).tenantId, phoneIdOf(req)))));
  });
  router.patch('/:id', async (req, res) => {
    const changes = parseInput(PhonePatchBody, req.body);
    res.json(success(res, present(await phones.patch(principalOf(res).tenantId, phoneIdOf(req), changes))));
  });
  router.delete('/:id', async (req, res) => {
    const id = phoneIdOf(req);
    await phones.delete(principalOf(res).tenantId, id);
    res.json(success(res, { id, deleted: true }));
  });
  return router;
}
