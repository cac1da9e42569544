import { Router } from 'express';
import type { AgentId } from '../../../../core/ids.js';
import type { KeyService } from '../../../../keys/key-service.js';
import { toLimits } from '../../../../tasks/call-policy-translation.js';
import { parseInput } from '../../../http/parse.js';
import { apiKeyIdOf } from '../../../http/path-id.js';
import { markSecret, nowMsOf, principalOf } from '../../../http/request-context.js';
import { success, successPage } from '../envelope.js';
import { PageQuery } from '../query-schema.js';
import { ApiKeyCreate, ApiKeyLimits, ApiKeyRegenerate, expiryOf, presentApiKey } from './api-key-schema.js';

/** The organisation's keys; for people only. */
export function apiKeysRouter(keys: KeyService): Router {
  const router = Router();
  router.get('/', async (req, res) => {
    const page = parseInput(PageQuery, req.query);
    // Keys are made by hand: there are never so many that the database should count them.
    const all = (await keys.list(principalOf(res).tenantId)).toReversed();
    const items = all.slice(page.offset, page.offset + page.limit).map((key) => presentApiKey(key, nowMsOf(res)));
    res.json(successPage(res, items, all.length, page));
  });
  router.post('/', async (req, res) => {
    const { name, dialect, agent_id: agentId, scopes, expires_at: expiresAt, limits } = parseInput(ApiKeyCreate, req.body);
    const terms = {
      dialect,
      agentId: (agentId ?? undefined) as AgentId | undefined,
      scopes: scopes ?? undefined,
      expiresAtMs: expiryOf(expiresAt, nowMsOf(res)),
      limits: toLimits(limits),
    };
    const { key, record } = await keys.create(principalOf(res).tenantId, name, terms);
    markSecret(res);
    res.status(201).json(success(res, { ...presentApiKey(record, nowMsOf(res)), key }));
  });
  router.patch('/:id', async (req, res) => {
    const { limits } = parseInput(ApiKeyLimits, req.body);
    const key = await keys.setLimits(principalOf(res).tenantId, apiKeyIdOf(req), toLimits(limits));
    res.json(success(res, presentApiKey(key, nowMsOf(res))));
  });
  router.delete('/:id', async (req, res) => {
    const id = apiKeyIdOf(req);
    await keys.revoke(principalOf(res).tenantId, id);
    res.json(success(res, { id, deleted: true }));
  });
  router.post('/:id/regenerate', async (req, res) => {
    const { expires_at: expiresAt } = parseInput(ApiKeyRegenerate, req.body);
    const terms = { expiresAtMs: expiryOf(expiresAt, nowMsOf(res)) };
    const { key, record } = await keys.regenerate(principalOf(res).tenantId, apiKeyIdOf(req), terms);
    markSecret(res);
    res.json(success(res, { ...presentApiKey(record, nowMsOf(res)), key }));
  });
  return router;
}
