import { z } from 'zod';

export const Conversation = z.strictObject({
  /** Silence after which the agent says that it is still there; 0: it never does. */
  fillerAfterMs: z.number().int().min(0).max(60_000).default(1200),
});
