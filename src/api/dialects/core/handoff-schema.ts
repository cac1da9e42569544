import { z } from 'zod';
import { HANDOFF_ASKERS } from '../../../domain/handoff.js';

const LeadingAgentResource = z.object({
  agent_id: z.uuid().nullable(),
  agent_name: z.string().meta({ example: 'Front desk' }),
  agent_version: z.number().int().nullable(),
});

export const HandoffResource = z
  .object({
    by: z.enum(HANDOFF_ASKERS).meta({ description: 'Somebody over the API (`operator`), or the agent itself.' }),
    from: LeadingAgentResource,
    to: LeadingAgentResource,
    after_ms: z.number().int().meta({ description: 'Since the answer.', example: 41_300 }),
  })
  .meta({ id: 'Handoff' });
