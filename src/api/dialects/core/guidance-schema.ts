import { z } from 'zod';
import { CALL_MODES } from '../../../domain/agent-guidance.js';
import { required } from './text-schema.js';

export const GuidanceResource = z
  .object({
    mode: z.enum(CALL_MODES).meta({
      description:
        'Who leads the conversation: the agent (`regular`); the agent and an operator, who reads what it would say and has said what is right (`copilot`); the operator alone (`operator`).',
    }),
    operator: z.string().nullable().meta({ description: 'Who has taken over, as they call themselves.', example: 'Ann Lee' }),
    muted: z.boolean().meta({ description: 'The agent hears and keeps the transcript; what it would say is dropped.' }),
    instructions: z
      .string()
      .nullable()
      .meta({ description: 'What the agent is told beside its prompt.', example: 'Offer a refund.' }),
  })
  .meta({ id: 'Guidance' });

export const ModeBody = z
  .strictObject({
    mode: z.enum(CALL_MODES).meta({ example: 'operator' }),
    operator: required(200)
      .optional()
      .meta({ description: 'Who takes over. Nobody once the mode is `regular`.', example: 'Ann Lee' }),
  })
  .meta({ id: 'CallMode' });

export const InstructionsBody = z
  .strictObject({
    instructions: z
      .union([required(5000), z.null()])
      .meta({ description: 'In place of earlier ones; null takes them back.', example: 'Offer a refund of ten euros.' }),
  })
  .meta({ id: 'Instructions' });

export const GuidedResource = GuidanceResource.extend({ call_id: z.uuid() }).meta({ id: 'GuidedCall' });
