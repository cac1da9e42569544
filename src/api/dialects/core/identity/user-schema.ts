import { z } from 'zod';
import { type Invitation, MAIL_STATES, type Member, ROLES } from '../../../../domain/identity.js';
import { Email } from './auth-schema.js';

const time = z.iso.datetime();
const Role = z.enum(ROLES).meta({
  description:
    'viewer reads; operator also works with tasks and calls; admin does everything but touch ownership; owner does everything.',
});

export const InviteBody = z.strictObject({ email: Email, role: Role }).meta({ id: 'Invite' });
export const MemberPatchBody = z.strictObject({ role: Role }).meta({ id: 'MemberPatch' });

export const MemberResource = z
  .object({ id: z.uuid(), email: z.string(), name: z.string(), role: Role, member_since: time })
  .meta({ id: 'Member' });

export const InvitationResource = z
  .object({
    id: z.uuid(),
    email: z.string(),
    role: Role,
    status: z.enum(['pending', 'expired']),
    mail: z.enum(MAIL_STATES).meta({ description: '`none`: no mail server is configured, pass the link on yourself.' }),
    created_at: time,
    expires_at: time,
  })
  .meta({ id: 'Invitation' });

export const NewInvitationResource = InvitationResource.extend({
  token: z.string().meta({ description: 'Shown this once and kept nowhere.' }),
  link: z.string().meta({ description: 'Where the invited person accepts; has the token in it.' }),
}).meta({ id: 'NewInvitation' });

const isoTime = (ms: number): string => new Date(ms).toISOString();

export const presentMember = ({ id, email, name, role, sinceMs }: Member): z.input<typeof MemberResource> => ({
  id,
  email,
  name,
  role,
  member_since: isoTime(sinceMs),
});

export const presentInvitation = (invitation: Invitation, nowMs: number): z.input<typeof InvitationResource> => ({
  id: invitation.id,
  email: invitation.email,
  role: invitation.role,
  status: invitation.expiresAtMs <= nowMs ? 'expired' : 'pending',
  mail: invitation.mail,
  created_at: isoTime(invitation.createdAtMs),
  expires_at: isoTime(invitation.expiresAtMs),
});
