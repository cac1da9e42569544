import { z } from 'zod';
import { BAN_REASONS, type Ban } from '../../../domain/ban.js';

const YEAR_S = 366 * 86_400;

const Source = z.string().max(100).meta({ description: 'An IP address, or a block of them.', example: '203.0.113.9/32' });

export const BanCreate = z
  .strictObject({
    source: Source,
    duration_seconds: z.number().int().min(1).max(YEAR_S).default(86_400).meta({ description: 'From now on.', example: 86_400 }),
  })
  .meta({ id: 'BanCreate' });

export const BanResource = z
  .object({
    source: Source,
    reason: z.enum(BAN_REASONS).meta({ description: 'The last offence before the ban; `operator`: somebody asked for it.' }),
    times: z.number().int().meta({ description: 'How often the source has been banned; each time lasts longer.' }),
    created_at: z.iso.datetime(),
    expires_at: z.iso.datetime(),
  })
  .meta({ id: 'Ban' });

export const presentBan = ({ source, reason, times, createdAtMs, expiresAtMs }: Ban): z.input<typeof BanResource> => ({
  source,
  reason,
  times,
  created_at: new Date(createdAtMs).toISOString(),
  expires_at: new Date(expiresAtMs).toISOString(),
});
