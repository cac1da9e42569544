import { Router } from 'express';
import { OutboundPolicyBody } from '../../../tasks/call-policy-input.js';
import { presentPolicy, toPolicy } from '../../../tasks/call-policy-translation.js';
import type { OutboundPolicies } from '../../../tasks/outbound-policies.js';
import { parseInput } from '../../http/parse.js';
import { principalOf } from '../../http/request-context.js';
import { success } from './envelope.js';

export function callPolicyRouter(policies: OutboundPolicies): Router {
  const router = Router();
  router.get('/', async (_req, res) => {
    res.json(success(res, presentPolicy(await policies.of(principalOf(res).tenantId))));
  });
  router.put('/', async (req, res) => {
    const policy = toPolicy(parseInput(OutboundPolicyBody, req.body));
    res.json(success(res, presentPolicy(await policies.set(principalOf(res).tenantId, policy))));
  });
  return router;
}
