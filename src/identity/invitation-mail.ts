import type { Mail } from '../domain/ports/mailer.js';

/** Plain text: what somebody called their organisation can make no link of its own look like ours. */
export const invitationMail = ({ to, organization, link }: { to: string; organization: string; link: string }): Mail => ({
  to,
  subject: `Invitation to ${oneLine(organization)}`,
  text: [
    `You are invited to join ${oneLine(organization)} on Offhook.`,
    '',
    'Open this link to accept. It holds for seven days and works once:',
    link,
    '',
    'If you did not expect this, ignore it.',
    '',
  ].join('\n'),
});

const oneLine = (text: string): string => text.replaceAll(/\s+/g, ' ');
