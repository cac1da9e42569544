import type { OpenAPIRegistry } from '@asteasolutions/zod-to-openapi';
import { type ErrorRequestHandler, type RequestHandler, type Response, Router } from 'express';
import { AppError } from '../../core/errors.js';
import type { Logger } from '../../core/log.js';
import { type Failure, toFailure } from './failure.js';
import { requestIdOf } from './request-context.js';

/** One of the API's languages: where it lives, what it answers, how it says no. */
export type Dialect = {
  /** Taken off the paths that its router sees. */
  basePath: string;
  /** What the paths that are its own begin with; all below `basePath` where absent. */
  roots?: readonly string[];
  router: Router;
  presentFailure(failure: Failure, res: Response): { status: number; body: object };
  describe(registry: OpenAPIRegistry): void;
};

/** The dialect's routes with an end to them: whatever none of them answered, and whatever any of them threw, is said in its own words. */
export function mountable(dialect: Dialect, log: Logger): Router {
  const router = Router();
  router.use(dialect.router);
  router.use(() => {
    throw new AppError('not_found', 'no such route');
  });
  router.use(
    failureHandler((failure, res) => {
      const { status, body } = dialect.presentFailure(failure, res);
      res.status(status).json(body);
    }, log),
  );
  return router;
}

/** `handlers`, for the paths only that are the dialect's own. */
export function ownPaths({ roots }: Dialect, handlers: RequestHandler[]): RequestHandler {
  const router = Router();
  router.use(handlers);
  return (req, res, next) => {
    const path = `${req.path.toLowerCase()}/`;
    if (roots?.every((root) => !path.startsWith(`${root}/`))) next();
    else router(req, res, next);
  };
}

/** Logs in full what is ours to mend, and lets `answer` tell the client. */
export function failureHandler(answer: (failure: Failure, res: Response) => void, log: Logger): ErrorRequestHandler {
  return (thrown: unknown, req, res, next) => {
    const failure = toFailure(thrown);
    const fields = { requestId: requestIdOf(res), method: req.method, path: req.baseUrl + req.path, code: failure.code };
    if (failure.code === 'internal') log.error({ ...fields, err: thrown }, 'request failed');
    else log.debug({ ...fields, reason: failure.error.message }, 'request refused');
    // Half an answer cannot be taken back: Express then cuts the connection, so that the client sees it as broken.
    if (res.headersSent) {
      next(thrown);
      return;
    }
    // Of what was to be sent instead, such as a recording.
    for (const name of ['Content-Type', 'Content-Disposition']) res.removeHeader(name);
    for (const [name, value] of Object.entries(failure.headers)) res.setHeader(name, value);
    answer(failure, res);
  };
}
