import type { RequestHandler } from 'express';
import type { Clock } from '../../core/clock.js';
import type { OpenApiDocument } from './openapi-document.js';

export type RequestSeen = { route: string; statusCode: number; durationMs: number };

/** What no template fits: a closed list of routes has one place for all that is none of them. */
const OTHER = 'other';
const METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const;

/** Finds the route of the document that a request is for, e.g. `GET /api/v1/calls/{id}`. */
export function routeTemplates({ paths = {} }: OpenApiDocument): (method: string, path: string) => string {
  const routes = Object.entries(paths).flatMap(([path, item]) =>
    METHODS.filter((method) => item[method] !== undefined).map((method) => ({
      route: `${method.toUpperCase()} ${path}`,
      method: method.toUpperCase(),
      segments: path.toLowerCase().split('/'),
    })),
  );
  // Fixed names before parameters, as the routers have them.
  routes.sort((a, b) => parametersOf(a.segments) - parametersOf(b.segments));
  return (method, path) => {
    const segments = path.toLowerCase().replace(/\/+$/, '').split('/');
    const asked = method === 'HEAD' ? 'GET' : method;
    return routes.find((route) => route.method === asked && fits(route.segments, segments))?.route ?? OTHER;
  };
}

const isParameter = (segment: string): boolean => segment.startsWith('{');
const parametersOf = (segments: readonly string[]): number => segments.filter(isParameter).length;

const fits = (template: readonly string[], segments: readonly string[]): boolean =>
  template.length === segments.length && template.every((part, index) => isParameter(part) || part === segments[index]);

/** Tells of every request when its answer is out, or its client gone. */
export function watchRequests(options: {
  document: OpenApiDocument;
  clock: Clock;
  onRequest: (seen: RequestSeen) => void;
}): RequestHandler {
  const { document, clock, onRequest } = options;
  const templateOf = routeTemplates(document);
  return (req, res, next) => {
    const startMs = clock.monotonicMs();
    const route = templateOf(req.method, req.baseUrl + req.path);
    res.once('close', () => onRequest({ route, statusCode: res.statusCode, durationMs: clock.monotonicMs() - startMs }));
    next();
  };
}
