import { z } from 'zod';

export const Conversation = z.strictObject({
  /** The model begins before the caller is certainly done; what it says is used when they were. */
  speculation: z.boolean().default(true),
  /** Silence after which the agent says that it is still there; 0: it never does. */
  fillerAfterMs: z.number().int().min(0).max(60_000).default(1200),
});
