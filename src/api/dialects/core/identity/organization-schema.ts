import { z } from 'zod';
import { type OrganizationPatch, ROLES } from '../../../../domain/identity.js';
import type { OwnOrganization } from '../../../../identity/organization-service.js';
import { required } from '../text-schema.js';

const Name = required(200).meta({ example: 'Green Valley Dental' });
const CorsOrigins = z
  .array(z.string().max(300))
  .max(50)
  .meta({
    description: "Origins whose pages may use the API with this organisation's keys, beside those of the server's configuration.",
    example: ['https://app.example.com'],
  });

const Days = z
  .number()
  .int()
  .min(1)
  .max(36_500)
  .nullable()
  .meta({ description: 'Days since a call began after which it goes.', example: 90 });

export const OrganizationCreate = z
  .strictObject({ name: Name, cors_origins: CorsOrigins.default([]) })
  .meta({ id: 'OrganizationCreate' });

export const OrganizationPatchBody = z
  .strictObject({
    name: Name.optional(),
    cors_origins: CorsOrigins.optional(),
    retention: z
      .strictObject({ calls_days: Days.optional(), recordings_days: Days.optional() })
      .optional()
      .meta({ description: "Null takes the organisation's own number back: the server's configuration then says." }),
  })
  .meta({ id: 'OrganizationPatch' });

export const toOrganizationPatch = ({ retention, ...body }: z.output<typeof OrganizationPatchBody>): OrganizationPatch => ({
  name: body.name,
  corsOrigins: body.cors_origins,
  retention: retention && { callsDays: retention.calls_days, recordingsDays: retention.recordings_days },
});

export const OrganizationResource = z
  .object({
    id: z.uuid(),
    name: z.string(),
    cors_origins: z.array(z.string()),
    retention: z
      .object({ calls_days: Days, recordings_days: Days })
      .meta({ description: "Null where the server's configuration says." }),
    role: z.enum(ROLES).meta({ description: 'Yours there.' }),
    created_at: z.iso.datetime(),
    updated_at: z.iso.datetime(),
  })
  .meta({ id: 'Organization' });

export const presentOrganization = ({ organization, role }: OwnOrganization): z.input<typeof OrganizationResource> => ({
  id: organization.id,
  name: organization.name,
  cors_origins: [...organization.corsOrigins],
  retention: {
    calls_days: organization.retention.callsDays ?? null,
    recordings_days: organization.retention.recordingsDays ?? null,
  },
  role,
  created_at: new Date(organization.createdAtMs).toISOString(),
  updated_at: new Date(organization.updatedAtMs).toISOString(),
});
