import express, { type Request, type Response, Router } from 'express';
import { AppError } from '../../../core/errors.js';
import { escapeHtml } from '../../../core/html.js';
import type { AgentId, TextHookId } from '../../../core/ids.js';
import type { TextHook } from '../../../domain/text-hook.js';
import type { TextAnswers } from '../../../sessions/text-answers.js';
import type { TextHookService } from '../../../texts/text-hook-service.js';
import type { Site } from '../../http/access/site.js';
import { parseInput } from '../../http/parse.js';
import type { RequestLimit } from '../../http/rate-limit.js';
import { markSecret, nowMsOf, principalOf } from '../../http/request-context.js';
import { HookCreate, IncomingForm, IncomingText } from './text-schema.js';
import { isBodySigned, isFormSigned } from './text-signature.js';

export type TextRoutesOptions = {
  textHooks: TextHookService;
  textAnswers: Pick<TextAnswers, 'answer'>;
  site: Site;
};

const MAX_BYTES = 64 * 1024;
const INBOUND = '/texts/inbound';

/** Where providers are told to bring texts; for those with a token. */
export function textHookRoutes({ textHooks, site }: TextRoutesOptions): Router {
  const router = Router();
  const present = (hook: TextHook, req: Request) => ({
    id: hook.id,
    agentId: hook.agentId,
    url: site.linkTo(`${INBOUND}/${hook.id}`, req),
    createdAt: new Date(hook.createdAtMs).toISOString(),
  });
  router.post('/webhooks', async (req, res) => {
    const { agentId, secret: given } = parseInput(HookCreate, req.body);
    const { hook, secret } = await textHooks.create(principalOf(res).tenantId, agentId.toLowerCase() as AgentId, given);
    markSecret(res);
    res.json({ ...present(hook, req), secret });
  });
  router.get('/webhooks', async (req, res) => {
    res.json((await textHooks.list(principalOf(res).tenantId)).map((hook) => present(hook, req)));
  });
  router.delete('/webhooks/:id', async (req, res) => {
    await textHooks.delete(principalOf(res).tenantId, req.params.id.toLowerCase() as TextHookId);
    res.json({ id: req.params.id.toLowerCase(), deleted: true });
  });
  return router;
}

/** Where providers bring texts: no token, but a signature over all they say. To be mounted before the authentication. */
export function inboundTextRoutes({ textHooks, textAnswers, site }: TextRoutesOptions, limit: RequestLimit): Router {
  const router = Router();
  router.post(
    `${INBOUND}/:id`,
    async (req, res, next) => {
      await limit.count(res, `text hook ${req.params.id}`);
      next();
    },
    express.raw({ type: ['application/json', 'application/x-www-form-urlencoded'], limit: MAX_BYTES }),
    async (req: Request<{ id: string }>, res) => {
      const { hook, secret } = await textHooks.open(req.params.id.toLowerCase() as TextHookId);
      const body = Buffer.isBuffer(req.body) ? req.body.toString('utf8') : '';
      const isForm = req.is('application/x-www-form-urlencoded') !== false;
      const text = isForm ? formOf(req, body, secret, site) : jsonOf(req, res, body, secret);
      const { tenantId, agentId } = hook;
      const reply = await textAnswers.answer({ tenantId, agentId, extType: 'sms', ...text });
      if (isForm)
        res.type('text/xml').send(`<?xml version="1.0" encoding="UTF-8"?><Response>${messageOf(reply?.text)}</Response>`);
      else res.json({ reply: reply?.text ?? null });
    },
  );
  return router;
}

const messageOf = (text: string | undefined): string => (text === undefined ? '' : `<Message>${escapeHtml(text)}</Message>`);

function formOf(req: Request, body: string, secret: string, site: Site) {
  const fields = Object.fromEntries(new URLSearchParams(body));
  const url = site.linkTo(req.originalUrl, req);
  if (!isFormSigned(req.get('x-twilio-signature') ?? '', url, fields, secret)) throw badSignature();
  const { From: from, To: to, Body: text, MessageSid: sourceId } = parseInput(IncomingForm, fields);
  return { from, to, text, sourceId };
}

function jsonOf(req: Request, res: Response, body: string, secret: string) {
  const given = { signature: req.get('x-offhook-signature') ?? '', timestamp: req.get('x-offhook-timestamp') ?? '' };
  if (!isBodySigned(given, body, secret, nowMsOf(res))) throw badSignature();
  const { id: sourceId, from, to, text } = parseInput(IncomingText, parsed(body));
  return { from, to, text, sourceId };
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch (cause) {
    throw new AppError('invalid_request', 'text is no JSON', { cause, publicMessage: 'The body is not valid JSON' });
  }
}

const badSignature = (): AppError =>
  new AppError('forbidden', 'text with a wrong signature', { publicMessage: 'The signature is missing, wrong or too old' });
