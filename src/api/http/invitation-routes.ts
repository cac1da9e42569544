import express, { type Request, type Response, Router } from 'express';
import { z } from 'zod';
import { renderAcceptedPage, renderInvitationPage } from '../../console/invitation-page.js';
import { AppError } from '../../core/errors.js';
import type { Identity } from '../../identity/identity.js';
import { sessionTokenOf, setSessionCookie } from './access/session-cookie.js';
import type { Site } from './access/site.js';
import { parseInput } from './parse.js';
import type { RequestLimit } from './rate-limit.js';

const MAX_FORM_BYTES = 16_384;
const Token = z.object({ token: z.string().min(1).max(200) });
const Form = Token.extend({ name: z.string().max(1000).optional(), password: z.string().max(1000) });

/** What the form can be sent again after. */
const STATUS = { invalid_request: 400, unauthorized: 401, rate_limited: 429 } as const;
const isMendable = (error: unknown): error is AppError & { code: keyof typeof STATUS } =>
  error instanceof AppError && error.code in STATUS;

type InvitationRouterOptions = { identity: Identity; site: Site; limit: RequestLimit };

/** The page that the link of an invitation leads to; whoever has the link may open it. */
export function invitationRouter({ identity: { invitations, sessions }, site, limit }: InvitationRouterOptions): Router {
  const router = Router();
  router.use(async (req, res, next) => {
    await limit.count(res, `address ${req.ip ?? ''}`);
    // The form names its own origin only if it may name where it stands, and then only to us: the token is in the address.
    res.setHeader('Referrer-Policy', 'same-origin');
    next();
  });
  router.get('/', async (req, res) => {
    await show(res, { ...parseInput(Token, req.query), name: '' }, undefined);
  });
  router.post('/', express.urlencoded({ extended: false, limit: MAX_FORM_BYTES }), async (req, res) => {
    if (site.isForeign(req)) throw new AppError('forbidden', 'form of another site');
    const form = parseInput(Form, req.body ?? {});
    try {
      await accept(req, res, form);
    } catch (error) {
      if (!isMendable(error)) throw error;
      await show(res.status(STATUS[error.code]), { token: form.token, name: form.name ?? '' }, faultOf(error));
    }
  });
  return router;

  async function accept(req: Request, res: Response, { token, name, password }: z.output<typeof Form>): Promise<void> {
    const opened = await invitations.accept({ token, name, password, address: req.ip ?? '' });
    const before = sessionTokenOf(req);
    if (before !== undefined) await sessions.forget(before);
    setSessionCookie(res, opened, site.isSecure(req));
    const { organization } = await sessions.describe(opened.principal);
    res.type('html').send(renderAcceptedPage(organization.name));
  }

  async function show(res: Response, { token, name }: { token: string; name: string }, fault: string | undefined): Promise<void> {
    const { invitation, organization, known } = await invitations.find(token);
    const { email, role } = invitation;
    res.type('html').send(renderInvitationPage({ token, organization, email, role, isKnown: known !== undefined, name, fault }));
  }
}

const faultOf = (error: AppError): string =>
  error.faults.map(({ field, message }) => `The ${field} ${message}.`).join(' ') || (error.publicMessage ?? 'Try again later.');
