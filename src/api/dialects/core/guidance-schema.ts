import { z } from 'zod';
import { CALL_MODES } from '../../../domain/agent-guidance.js';
import { GuidanceResource } from './call-schema.js';
import { required } from './text-schema.js';

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
