import { z } from 'zod';
import type { TenantId } from '../../../../core/ids.js';
import { ROLES } from '../../../../domain/identity.js';
import type { SessionView } from '../../../../identity/session-service.js';
import { text } from '../text-schema.js';

/** Longer than any that is accepted: which those are is said by who hashes them. */
const Password = z.string().max(1000).meta({ format: 'password' });
export const Email = text(254).meta({ format: 'email', example: 'jane@example.com' });

export const LoginBody = z
  .strictObject({
    email: Email,
    password: Password.meta({ example: 'correct horse battery staple' }),
    organization_id: z
      .uuid()
      .transform((id) => id.toLowerCase() as TenantId)
      .optional()
      .meta({
        description: 'Where to work; without it, where you have been a member for longest.',
        type: 'string',
        format: 'uuid',
      }),
  })
  .meta({ id: 'Login' });

export const SwitchBody = z
  .strictObject({
    organization_id: z
      .uuid()
      .transform((id) => id.toLowerCase() as TenantId)
      .meta({ type: 'string', format: 'uuid' }),
  })
  .meta({ id: 'OrganizationSwitch' });

export const ChangePasswordBody = z
  .strictObject({
    current_password: Password.meta({ example: 'correct horse battery staple' }),
    new_password: Password.meta({
      description: 'At least 12 characters, at most 72 bytes in UTF-8.',
      example: 'a different horse, a better staple',
    }),
  })
  .meta({ id: 'PasswordChange' });

export const AcceptInvitationBody = z
  .strictObject({
    token: z.string().min(1).max(200).meta({ description: 'From the link.', example: 'J3mQ…' }),
    name: text(200).optional().meta({ description: 'Of somebody new.', example: 'Jane Doe' }),
    password: Password.meta({
      description: 'Somebody new chooses it (12 characters to 72 bytes); who has an account already says the one it has.',
      example: 'correct horse battery staple',
    }),
  })
  .meta({ id: 'InvitationAcceptance' });

const Named = z.object({ id: z.uuid(), name: z.string() });

export const SessionResource = z
  .object({
    user: Named.extend({ email: z.string() }),
    organization: Named.meta({ description: 'Where you work at the moment: what everything else is about.' }),
    role: z.enum(ROLES),
    organizations: z.array(Named.extend({ role: z.enum(ROLES) })).meta({ description: 'All that you belong to.' }),
    csrf_token: z.string().meta({ description: 'To be sent as X-CSRF-Token with everything that is not a GET.' }),
  })
  .meta({ id: 'Session' });

export const presentSession = (
  { user, organization, role, organizations }: SessionView,
  csrfToken: string,
): z.input<typeof SessionResource> => ({
  user: { id: user.id, name: user.name, email: user.email },
  organization: { id: organization.id, name: organization.name },
  role,
  organizations: organizations.map((each) => ({ id: each.organization.id, name: each.organization.name, role: each.role })),
  csrf_token: csrfToken,
});
