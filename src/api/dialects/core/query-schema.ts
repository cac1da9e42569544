import { z } from 'zod';
import { DO_NOT_CALL_SOURCES } from '../../../domain/do-not-call.js';
import { TASK_STATUSES } from '../../../domain/task.js';
import { DELIVERY_STATES } from '../../../domain/webhook.js';
import { text } from './text-schema.js';

/** A whole number written out; as it comes from a query, where a repeated parameter is an array and refused. */
export const count = (min: number, max: number) =>
  z
    .string()
    .regex(/^\d{1,15}$/, 'must be a whole number')
    .transform(Number)
    .pipe(z.number().int().min(min).max(max));

export const PAGE = {
  limit: count(1, 100)
    .default(50)
    .meta({ description: 'Number of results.', type: 'integer', minimum: 1, maximum: 100, default: 50 }),
  offset: count(0, Number.MAX_SAFE_INTEGER)
    .default(0)
    .meta({ description: 'Pagination offset.', type: 'integer', minimum: 0, default: 0 }),
};

export const PageQuery = z.object(PAGE);

export const DeliveriesQuery = z.object({
  state: z.enum(DELIVERY_STATES).optional().meta({ description: 'Filter by state; `dead` is what was given up.' }),
  subscription_id: z.uuid().optional().meta({ description: 'Filter by the webhook it is for.' }),
  ...PAGE,
});

export const AgentsQuery = z.object({
  enabled: z
    .enum(['true', 'false'])
    .transform((value) => value === 'true')
    .optional()
    .meta({ description: 'Filter by enabled status.', type: 'boolean' }),
  ...PAGE,
});

export const TasksQuery = z.object({
  agent_id: z.uuid().optional().meta({ description: 'Filter by agent ID.' }),
  status: z.enum(TASK_STATUSES).optional().meta({ description: 'Filter by status.' }),
  ...PAGE,
});

export const DoNotCallQuery = z.object({
  search: text(100).optional().meta({ description: 'Part of a number or of a reason.' }),
  source: z.enum(DO_NOT_CALL_SOURCES).optional().meta({ description: 'Filter by how a number came on the list.' }),
  ...PAGE,
});

export const TrunksQuery = z.object(PAGE);
export const RoutesQuery = z.object(PAGE);
