import { matchesPattern } from '../domain/pattern.js';
import type { ToRoute } from '../domain/ports/inbound-routes.js';
import type { RouteMatch } from '../domain/route.js';
import { isOpen } from './opening-hours.js';

export const ROUTE_CRITERIA = ['trunk', 'called', 'caller', 'anonymous', 'header', 'schedule'] as const;
export type RouteCriterion = (typeof ROUTE_CRITERIA)[number];

/** The first thing that keeps a route from a call; undefined when it matches. */
export function mismatchOf(match: RouteMatch, call: ToRoute, atMs: number): RouteCriterion | undefined {
  const { trunk } = call;
  if (match.trunks.length > 0 && !(trunk && match.trunks.some((name) => name === trunk.id || name === trunk.name))) {
    return 'trunk';
  }
  if (call.fromPhone && match.called.length === 0) return 'called';
  if (!anyMatches(match.called, call.called)) return 'called';
  if (!anyMatches(match.callers, call.callers)) return 'caller';
  if (match.anonymous !== undefined && match.anonymous !== call.anonymous) return 'anonymous';
  const unlike = ([name, pattern]: [string, string]): boolean => !headerMatches(pattern, call.header(name));
  if (Object.entries(match.headers).some(unlike)) return 'header';
  return match.schedule && !isOpen(match.schedule, atMs) ? 'schedule' : undefined;
}

/** No patterns: whoever it is. */
const anyMatches = (patterns: readonly string[], forms: readonly string[]): boolean =>
  patterns.length === 0 || patterns.some((pattern) => forms.some((form) => matchesPattern(pattern, form)));

/** Bounds what a comparison costs; longer values are looked at as far as this. */
const MAX_HEADER_LENGTH = 2000;

/** Whoever writes a header seldom means its case. */
const headerMatches = (pattern: string, value: string | undefined): boolean =>
  value !== undefined && matchesPattern(pattern.toLowerCase(), value.slice(0, MAX_HEADER_LENGTH).trim().toLowerCase());
