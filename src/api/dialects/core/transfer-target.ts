import { z } from 'zod';

/** Whom we call beside the far end: a number, or a SIP URI, which a phone that registers here has too. */
export const TransferTarget = z
  .string()
  .max(1000)
  .regex(/^(?:\+[1-9]\d{1,14}|sips?:[^\s<>"\\]+)$/, 'must be a number in E.164 or a SIP URI')
  .meta({ example: '+15550199' });
