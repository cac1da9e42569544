import { Router } from 'express';
import type { GuidanceChange } from '../../../domain/agent-guidance.js';
import type { CallControl } from '../../../domain/ports/call-control.js';
import type { CallRepository } from '../../../domain/ports/repositories.js';
import { parseInput } from '../../http/parse.js';
import { principalOf } from '../../http/request-context.js';
import { presentGuidance } from './call-presentation.js';
import { success } from './envelope.js';
import { findCall } from './find-call.js';
import { InstructionsBody, ModeBody } from './guidance-schema.js';

/** By the last part of the path: how a body changes the way that an agent is led. */
const CHANGES: Readonly<Record<string, { method: 'post' | 'put'; changeIn: (body: unknown) => GuidanceChange }>> = {
  mute: { method: 'post', changeIn: () => ({ muted: true }) },
  unmute: { method: 'post', changeIn: () => ({ muted: false }) },
  mode: {
    method: 'put',
    changeIn: (body) => {
      const { mode, operator } = parseInput(ModeBody, body);
      return { mode, operator: mode === 'regular' ? undefined : operator };
    },
  },
  instructions: {
    method: 'put',
    changeIn: (body) => ({ instructions: parseInput(InstructionsBody, body).instructions ?? undefined }),
  },
};

/** How an operator leads the agent of a call while it lasts; to be mounted where the calls are. */
export function guidanceRouter({ calls, callControl }: { calls: CallRepository; callControl: CallControl }): Router {
  const router = Router();
  for (const [name, { method, changeIn }] of Object.entries(CHANGES)) {
    router[method](`/:id/${name}`, async (req, res) => {
      const { id } = await findCall(calls, req, res);
      const { guidance } = await callControl.guide(principalOf(res).tenantId, id, changeIn(req.body));
      res.json(success(res, { call_id: id, ...presentGuidance(guidance) }));
    });
  }
  return router;
}
