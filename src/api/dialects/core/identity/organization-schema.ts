import { z } from 'zod';
import { ROLES } from '../../../../domain/identity.js';
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

export const OrganizationCreate = z
  .strictObject({ name: Name, cors_origins: CorsOrigins.default([]) })
  .meta({ id: 'OrganizationCreate' });

export const OrganizationPatchBody = z
  .strictObject({ name: Name.optional(), cors_origins: CorsOrigins.optional() })
  .meta({ id: 'OrganizationPatch' });

export const OrganizationResource = z
  .object({
    id: z.uuid(),
    name: z.string(),
    cors_origins: z.array(z.string()),
    role: z.enum(ROLES).meta({ description: 'Yours there.' }),
    created_at: z.iso.datetime(),
    updated_at: z.iso.datetime(),
  })
  .meta({ id: 'Organization' });

export const presentOrganization = ({ organization, role }: OwnOrganization): z.input<typeof OrganizationResource> => ({
  id: organization.id,
  name: organization.name,
  cors_origins: [...organization.corsOrigins],
  role,
  created_at: new Date(organization.createdAtMs).toISOString(),
  updated_at: new Date(organization.updatedAtMs).toISOString(),
});
