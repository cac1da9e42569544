import { z } from 'zod';
import { required } from './text-schema.js';

export const AgentDeploy = z
  .strictObject({
    version: z.number().int().min(1).optional().meta({ description: 'The newest when left out; an older one rolls back.' }),
    label: required(200).optional().meta({ description: "The version's name for people.", example: 'Summer opening hours' }),
  })
  .meta({ id: 'AgentDeploy' });

/** As it stands in a path. */
export const VersionParam = z.coerce.number().int().min(1);

export const AgentVersionResource = z
  .object({
    version: z.number().int(),
    name: z.string().meta({ description: "The agent's at that time." }),
    label: z.string().nullable(),
    live: z.boolean().meta({ description: 'Calls go by it.' }),
    created_at: z.iso.datetime(),
    deployed_at: z.union([z.iso.datetime(), z.null()]).meta({ description: 'When it was deployed last; null where nobody did.' }),
  })
  .meta({ id: 'AgentVersion' });
