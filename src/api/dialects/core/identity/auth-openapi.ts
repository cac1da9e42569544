import type { RouteConfig } from '@asteasolutions/zod-to-openapi';
import { z } from 'zod';
import { failures, json, one } from '../openapi-parts.js';
import { AcceptInvitationBody, ChangePasswordBody, LoginBody, SessionResource, SwitchBody } from './auth-schema.js';
import { BY_SESSION, BY_SESSION_CHANGING } from './session-security.js';

const opened = {
  200: {
    description: 'The session, whose cookie is set: HttpOnly, SameSite=Lax, Secure where the server is reached by HTTPS',
    ...json(one(SessionResource)),
  },
};
const LIMITED = '429 after ten wrong passwords for one account, or a hundred from one address, in a quarter of an hour.';

export const AUTH_ROUTES: readonly RouteConfig[] = [
  {
    method: 'post',
    path: '/auth/login',
    tags: ['Session'],
    summary: 'Log in',
    description: `A session ends after seven days, or twelve hours without use. 401 for an unknown address and a wrong password alike. ${LIMITED}`,
    request: { body: json(LoginBody) },
    security: [],
    responses: { ...opened, ...failures(400, 401, 403, 413, 503) },
  },
  {
    method: 'post',
    path: '/auth/accept-invitation',
    tags: ['Session'],
    summary: 'Accept an invitation, and log in',
    description: LIMITED,
    request: { body: json(AcceptInvitationBody) },
    security: [],
    responses: { ...opened, ...failures(400, 401, 403, 404, 409, 413, 503) },
  },
  {
    method: 'get',
    path: '/auth/me',
    tags: ['Session'],
    summary: 'Get who is logged in, and the CSRF token',
    security: BY_SESSION,
    responses: { 200: { description: 'The session', ...json(one(SessionResource)) }, ...failures(401, 403) },
  },
  {
    method: 'post',
    path: '/auth/organization',
    tags: ['Session'],
    summary: 'Work in another of your organisations',
    request: { body: json(SwitchBody) },
    security: BY_SESSION_CHANGING,
    responses: { 200: { description: 'The session', ...json(one(SessionResource)) }, ...failures(400, 401, 403, 404) },
  },
  {
    method: 'post',
    path: '/auth/change-password',
    tags: ['Session'],
    summary: 'Change your password',
    description: `Every session of yours ends; this one goes on under another cookie and CSRF token. 403 for a wrong present password. ${LIMITED}`,
    request: { body: json(ChangePasswordBody) },
    security: BY_SESSION_CHANGING,
    responses: { ...opened, ...failures(400, 401, 403, 503) },
  },
  {
    method: 'post',
    path: '/auth/logout',
    tags: ['Session'],
    summary: 'End the session',
    security: BY_SESSION_CHANGING,
    responses: {
      200: { description: 'Ended; the cookie is taken away', ...json(one(z.object({ logged_out: z.literal(true) }))) },
      ...failures(401, 403),
    },
  },
];
