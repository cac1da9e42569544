import { timingSafeEqual } from 'node:crypto';
import type { Request } from 'express';
import { AppError } from '../../../core/errors.js';
import type { SessionPrincipal } from '../../../domain/principal.js';
import type { SessionService } from '../../../identity/session-service.js';
import { csrfTokenOf } from '../../../identity/tokens.js';
import { sessionTokenOf } from './session-cookie.js';
import type { Site } from './site.js';

export const CSRF_HEADER = 'X-CSRF-Token';
const HARMLESS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Lets people in by the cookie of their session, and nobody who makes their browser ask for something. */
export class SessionAccess {
  readonly #sessions: SessionService;
  readonly #site: Site;

  constructor({ sessions, site }: { sessions: SessionService; site: Site }) {
    this.#sessions = sessions;
    this.#site = site;
  }

  async principalOf(req: Request): Promise<SessionPrincipal | undefined> {
    const token = sessionTokenOf(req);
    return token === undefined ? undefined : await this.#sessions.authenticate(token);
  }

  /**
   * A browser sends the cookie whoever's page asks. What changes something must come with the token that the session was told, too.
   *
   * @throws AppError `forbidden`
   */
  refuseForgery(req: Request): void {
    if (this.#site.isForeign(req)) {
      throw new AppError('forbidden', 'session used from another site', {
        publicMessage: 'A session cannot be used from another site: use an API key',
      });
    }
    if (HARMLESS.has(req.method)) return;
    const expected = Buffer.from(csrfTokenOf(sessionTokenOf(req) ?? ''));
    const given = Buffer.from(req.get(CSRF_HEADER) ?? '');
    if (given.length === expected.length && timingSafeEqual(given, expected)) return;
    throw new AppError('forbidden', 'csrf token missing or wrong', {
      publicMessage: `The ${CSRF_HEADER} header is missing or wrong: GET /api/v1/auth/me tells it`,
    });
  }
}
