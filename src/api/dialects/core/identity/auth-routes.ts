import { type Request, type RequestHandler, type Response, Router } from 'express';
import { AppError } from '../../../../core/errors.js';
import type { Identity } from '../../../../identity/identity.js';
import type { OpenedSession } from '../../../../identity/session-service.js';
import { csrfTokenOf } from '../../../../identity/tokens.js';
import { sessionOf } from '../../../http/access/require-permission.js';
import { sessionTokenOf, setSessionCookie } from '../../../http/access/session-cookie.js';
import type { Site } from '../../../http/access/site.js';
import { parseInput } from '../../../http/parse.js';
import type { RequestLimit } from '../../../http/rate-limit.js';
import { success } from '../envelope.js';
import { AcceptInvitationBody, ChangePasswordBody, LoginBody, presentSession, SwitchBody } from './auth-schema.js';

export type AuthRouterOptions = { identity: Identity; site: Site; limit: RequestLimit };

/** How a session begins. To stand before authentication; what it does not know goes on to it. */
export function loginRouter({ identity, site, limit }: AuthRouterOptions, body: readonly RequestHandler[]): Router {
  const { sessions, invitations } = identity;
  const router = Router();
  const fromOurPages: RequestHandler = async (req, res, next) => {
    await limit.count(res, `address ${req.ip ?? ''}`);
    if (site.isForeign(req))
      throw new AppError('forbidden', 'login from another site', { publicMessage: 'Log in on a page of this server' });
    next();
  };
  router.post('/login', fromOurPages, ...body, async (req, res) => {
    const { email, password, organization_id: tenant } = parseInput(LoginBody, req.body);
    await begin(req, res, await sessions.login({ email, password, address: req.ip ?? '' }, tenant));
  });
  router.post('/accept-invitation', fromOurPages, ...body, async (req, res) => {
    const { token, name, password } = parseInput(AcceptInvitationBody, req.body);
    await begin(req, res, await invitations.accept({ token, name, password, address: req.ip ?? '' }));
  });
  return router;

  /** Never goes on with a session that the browser had before: somebody else may know its token. */
  async function begin(req: Request, res: Response, opened: OpenedSession): Promise<void> {
    const before = sessionTokenOf(req);
    if (before !== undefined) await sessions.forget(before);
    setSessionCookie(res, opened, site.isSecure(req));
    res.json(success(res, presentSession(await sessions.describe(opened.principal), csrfTokenOf(opened.token))));
  }
}

/** What somebody does with the session they have. To stand after authentication and the body's parser. */
export function sessionRouter({ identity: { sessions }, site }: AuthRouterOptions): Router {
  const router = Router();
  router.use((_req, res, next) => {
    sessionOf(res);
    next();
  });
  router.get('/me', async (req, res) => {
    res.json(success(res, presentSession(await sessions.describe(sessionOf(res)), csrfTokenOf(sessionTokenOf(req) ?? ''))));
  });
  router.post('/logout', async (req, res) => {
    await sessions.logout(sessionOf(res));
    setSessionCookie(res, undefined, site.isSecure(req));
    res.json(success(res, { logged_out: true }));
  });
  router.post('/organization', async (req, res) => {
    const { organization_id: tenant } = parseInput(SwitchBody, req.body);
    const moved = await sessions.switchTo(sessionOf(res), tenant);
    res.json(success(res, presentSession(await sessions.describe(moved), csrfTokenOf(sessionTokenOf(req) ?? ''))));
  });
  router.post('/change-password', async (req, res) => {
    const { current_password: current, new_password: next } = parseInput(ChangePasswordBody, req.body);
    const opened = await sessions.changePassword(sessionOf(res), { current, next, address: req.ip ?? '' });
    setSessionCookie(res, opened, site.isSecure(req));
    res.json(success(res, presentSession(await sessions.describe(opened.principal), csrfTokenOf(opened.token))));
  });
  return router;
}
