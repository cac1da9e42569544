import { z } from 'zod';
import type { DoNotCallDraft } from '../../../do-not-call/do-not-call-service.js';
import { DO_NOT_CALL_SOURCES, type DoNotCallEntry } from '../../../domain/do-not-call.js';
import { isE164 } from '../../../domain/phone-number.js';
import { required, text } from './text-schema.js';

export const MAX_ENTRIES = 10_000;

const Number = z
  .string()
  .refine(isE164, 'must be an E.164 number such as +1234567890')
  .meta({ pattern: '^\\+[1-9]\\d{1,14}$', example: '+442071234567' });
const Reason = text(500).meta({ description: 'For people.', example: 'asked by e-mail' });
const ExpiresAt = z.iso
  .datetime({ offset: true })
  .meta({ description: 'From then on the number may be called again; without it never.', example: '2031-01-01T00:00:00Z' });

export const DoNotCallCreate = z
  .strictObject({ number: Number, reason: Reason.nullish(), expires_at: ExpiresAt.nullish() })
  .meta({ id: 'DoNotCallCreate' });

export const DoNotCallCreateMany = z
  .strictObject({ entries: z.array(DoNotCallCreate).min(1).max(MAX_ENTRIES) })
  .meta({ id: 'DoNotCallCreateMany', description: 'All are listed or none.' });

/** What a row of a CSV file has to be, by the names of its columns. */
export const DoNotCallRow = z.object({
  number: Number,
  reason: required(500).optional(),
  expires_at: ExpiresAt.optional(),
});

export const DoNotCallResource = z
  .object({
    number: Number,
    reason: z.string().nullable(),
    source: z.enum(DO_NOT_CALL_SOURCES).meta({ description: 'How it came on the list; `import` is JSON with several entries.' }),
    call_id: z.uuid().nullable().meta({ description: 'The call in which the other party asked for it.' }),
    created_at: z.iso.datetime(),
    expires_at: z.iso.datetime().nullable(),
  })
  .meta({ id: 'DoNotCallEntry' });

export const DoNotCallImported = z
  .object({ added: z.number().int(), already_listed: z.number().int() })
  .meta({ id: 'DoNotCallImported', example: { added: 998, already_listed: 2 } });

export const toDoNotCallDraft = (body: z.output<typeof DoNotCallCreate>): DoNotCallDraft => ({
  number: body.number,
  reason: body.reason || undefined,
  expiresAtMs: body.expires_at ? Date.parse(body.expires_at) : undefined,
});

export const presentDoNotCall = (entry: DoNotCallEntry): z.input<typeof DoNotCallResource> => ({
  number: entry.number,
  reason: entry.reason ?? null,
  source: entry.source,
  call_id: entry.callId ?? null,
  created_at: new Date(entry.createdAtMs).toISOString(),
  expires_at: entry.expiresAtMs === undefined ? null : new Date(entry.expiresAtMs).toISOString(),
});
