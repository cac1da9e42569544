import { z } from 'zod';
import type { Memory } from '../../../../domain/memory.js';
import { PAGE } from '../query-schema.js';
import { required, text } from '../text-schema.js';

const contact = 'A number in E.164, or `web:<ext_id>` and the like.';

export const MemoriesQuery = z.object({
  contact: text(400).optional().meta({ description: contact }),
  agent_id: z.uuid().optional(),
  ...PAGE,
});

export const ForgetQuery = z.object({
  contact: required(400).meta({ description: contact, example: '+442079460001' }),
  agent_id: z.uuid().optional().meta({ description: 'Only what this agent knows.' }),
});

export const MemoryResource = z
  .object({
    agent_id: z.uuid(),
    contact: z.string(),
    call_id: z.uuid().nullable(),
    session_id: z.uuid().nullable(),
    summary: z.string(),
    facts: z.record(z.string(), z.unknown()),
    created_at: z.iso.datetime(),
  })
  .meta({ id: 'Memory', description: 'What an agent keeps of one conversation with a contact.' });

export const presentMemory = (memory: Memory): z.input<typeof MemoryResource> => ({
  agent_id: memory.agentId,
  contact: memory.contact,
  call_id: memory.callId ?? null,
  session_id: memory.sessionId ?? null,
  summary: memory.summary,
  facts: { ...memory.facts },
  created_at: new Date(memory.atMs).toISOString(),
});
