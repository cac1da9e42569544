import { z } from 'zod';
import { AppError } from '../../../../core/errors.js';
import { type ApiKey, DIALECTS, SCOPES } from '../../../../domain/api-key.js';
import { LimitsField } from '../../../../tasks/call-policy-input.js';
import { presentLimits } from '../../../../tasks/call-policy-translation.js';
import { required } from '../text-schema.js';

const time = z.iso.datetime();
const Expiry = z.iso
  .datetime({ offset: true })
  .nullish()
  .meta({ description: 'From then on the key opens nothing.', example: '2030-12-31T00:00:00Z' });

const Limits = LimitsField.meta({
  description:
    'For the calls, transfers and texts that are asked for with this key, beside those of the organisation and the server.',
});

export const ApiKeyCreate = z
  .strictObject({
    name: required(200).meta({ example: 'CRM' }),
    dialect: z
      .enum(DIALECTS)
      .default('core')
      .meta({ description: 'Which of the APIs it opens; `docs/dialects.md` describes them.' }),
    agent_id: z.uuid().nullish().meta({ description: 'The only agent it opens, as flametree wants it; left out or null, all.' }),
    scopes: z
      .array(z.enum(SCOPES))
      .min(1)
      .nullish()
      .meta({ description: 'What the key may do; left out or null, everything that a key may.', example: ['calls:read'] }),
    expires_at: Expiry,
    limits: Limits.nullish(),
  })
  .meta({ id: 'ApiKeyCreate' });

export const ApiKeyLimits = z
  .strictObject({ limits: Limits.nullable() })
  .meta({ id: 'ApiKeyPatch', description: 'The limits are replaced as a whole; null takes them away.' });

export const ApiKeyRegenerate = z
  .strictObject({ expires_at: Expiry })
  .default({})
  .meta({ id: 'ApiKeyRegenerate', description: 'Without `expires_at` the expiry stays.' });

export const ApiKeyResource = z
  .object({
    id: z.uuid(),
    name: z.string(),
    dialect: z.enum(DIALECTS),
    agent_id: z.uuid().nullable(),
    prefix: z.string().meta({ description: 'The beginning of the key, to tell keys apart.', example: 'va_1a2b3c4d' }),
    scopes: z.array(z.enum(SCOPES)).nullable().meta({ description: 'null is everything that a key may.' }),
    limits: Limits.nullable().meta({ description: 'null: none beside those of the organisation.' }),
    status: z.enum(['active', 'expired', 'revoked']),
    created_at: time,
    expires_at: time.nullable(),
    last_used_at: time.nullable().meta({ description: 'To the minute.' }),
    revoked_at: time.nullable(),
  })
  .meta({ id: 'ApiKey' });

export const NewApiKeyResource = ApiKeyResource.extend({
  key: z.string().meta({ description: 'Shown this once and kept nowhere.' }),
}).meta({ id: 'NewApiKey' });

const isoTime = (ms: number): string => new Date(ms).toISOString();
const orNull = (ms: number | undefined): string | null => (ms === undefined ? null : isoTime(ms));

export const presentApiKey = (key: ApiKey, nowMs: number): z.input<typeof ApiKeyResource> => ({
  id: key.id,
  name: key.name,
  dialect: key.dialect,
  agent_id: key.agentId ?? null,
  prefix: key.prefix,
  scopes: key.scopes ? [...key.scopes] : null,
  limits: presentLimits(key.limits),
  status:
    key.revokedAtMs !== undefined ? 'revoked' : key.expiresAtMs !== undefined && key.expiresAtMs <= nowMs ? 'expired' : 'active',
  created_at: isoTime(key.createdAtMs),
  expires_at: orNull(key.expiresAtMs),
  last_used_at: orNull(key.lastUsedAtMs),
  revoked_at: orNull(key.revokedAtMs),
});

/** @throws AppError `invalid_request` for a time that has come already. */
export function expiryOf(text: string | null | undefined, nowMs: number): number | undefined {
  if (text === null || text === undefined) return undefined;
  const ms = Date.parse(text);
  if (ms > nowMs) return ms;
  const fault = { field: 'expires_at', message: 'must be a time to come' };
  throw new AppError('invalid_request', 'expiry in the past', { faults: [fault] });
}
