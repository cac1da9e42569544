import cors, { type CorsOptions } from 'cors';
import type { RequestHandler } from 'express';
import helmet from 'helmet';

/** What every answer carries, pages too: they have styles of their own, no script, and play recordings. */
export function securityHeaders(corsOrigins: readonly string[]): RequestHandler[] {
  return [
    helmet({
      contentSecurityPolicy: {
        useDefaults: false,
        directives: {
          defaultSrc: ["'none'"],
          styleSrc: ["'unsafe-inline'"],
          mediaSrc: ["'self'"],
          formAction: ["'self'"],
          frameAncestors: ["'none'"],
        },
      },
      xFrameOptions: { action: 'deny' },
      // An <audio> element of another site asks without CORS; where other sites are welcome, it may play.
      crossOriginResourcePolicy: { policy: corsOrigins.length > 0 ? 'cross-origin' : 'same-origin' },
      // Whether this host is to be reached by TLS alone is for the proxy to say that has the certificate.
      strictTransportSecurity: false,
    }),
    (_req, res, next) => {
      res.setHeader('Cache-Control', 'no-store');
      next();
    },
  ];
}

/**
 * Lets pages of `origins`, and of those that `admits` knows, use the API with a key of their own; cookies and passwords of the
 * browser are never sent.
 */
export function crossOrigin(origins: readonly string[], admits: (origin: string) => Promise<boolean>): RequestHandler[] {
  return [
    async (req, res, next) => {
      const origin = req.get('origin');
      const admitted = origin !== undefined && (origins.includes(origin) || (await admits(origin)));
      cors({ ...CORS, origin: origins.includes('*') ? '*' : admitted })(req, res, next);
    },
  ];
}

const CORS: CorsOptions = {
  methods: ['GET', 'HEAD', 'POST', 'PATCH', 'PUT', 'DELETE'],
  allowedHeaders: ['Authorization', 'Content-Type', 'Idempotency-Key', 'Last-Event-ID', 'Range', 'X-Request-Id'],
  exposedHeaders: [
    'Content-Disposition',
    'Content-Range',
    'Idempotent-Replayed',
    'Retry-After',
    'X-RateLimit-Limit',
    'X-RateLimit-Remaining',
    'X-RateLimit-Reset',
    'X-Request-Id',
  ],
  maxAge: 600,
};
