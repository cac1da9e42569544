import { Router } from 'express';
import type { Identity } from '../../../../identity/identity.js';
import { sessionOf } from '../../../http/access/require-permission.js';
import type { Site } from '../../../http/access/site.js';
import { parseInput } from '../../../http/parse.js';
import { invitationIdOf, userIdOf } from '../../../http/path-id.js';
import { markSecret, nowMsOf } from '../../../http/request-context.js';
import { success, successPage } from '../envelope.js';
import { PageQuery } from '../query-schema.js';
import { InviteBody, MemberPatchBody, presentInvitation, presentMember } from './user-schema.js';

export type UsersRouterOptions = { identity: Pick<Identity, 'members' | 'invitations'>; site: Site };

/** Who belongs to the organisation, and who is asked to. */
export function usersRouter({ identity: { members, invitations }, site }: UsersRouterOptions): Router {
  const router = Router();
  router.get('/', async (req, res) => {
    const page = parseInput(PageQuery, req.query);
    const { items, total } = await members.list(sessionOf(res), page);
    res.json(successPage(res, items.map(presentMember), total, page));
  });
  router.post('/invite', async (req, res) => {
    const draft = parseInput(InviteBody, req.body);
    const linkOf = (token: string): string => site.linkTo(`/console/invitation?token=${token}`, req);
    const { invitation, token } = await invitations.invite(sessionOf(res), draft, linkOf);
    markSecret(res);
    res.status(201).json(success(res, { ...presentInvitation(invitation, nowMsOf(res)), token, link: linkOf(token) }));
  });
  router.get('/invitations', async (req, res) => {
    const page = parseInput(PageQuery, req.query);
    const { items, total } = await invitations.list(sessionOf(res), page);
    const shown = items.map((invitation) => presentInvitation(invitation, nowMsOf(res)));
    res.json(successPage(res, shown, total, page));
  });
  router.delete('/invitations/:id', async (req, res) => {
    const id = invitationIdOf(req);
    await invitations.revoke(sessionOf(res), id);
    res.json(success(res, { id, deleted: true }));
  });
  router.patch('/:id', async (req, res) => {
    const { role } = parseInput(MemberPatchBody, req.body);
    res.json(success(res, presentMember(await members.changeRole(sessionOf(res), userIdOf(req), role))));
  });
  router.delete('/:id', async (req, res) => {
    const id = userIdOf(req);
    await members.remove(sessionOf(res), id);
    res.json(success(res, { id, deleted: true }));
  });
  return router;
}
