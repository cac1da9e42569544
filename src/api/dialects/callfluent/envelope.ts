import { z } from 'zod';

export const success = <T>(data: T) => ({ status: true as const, data });

export const envelope = (data: z.ZodType) => z.object({ status: z.literal(true), data });
