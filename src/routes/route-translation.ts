import type { DirectTarget, Route, RouteMatch, RouteRule, RouteTarget } from '../domain/route.js';
import type { RouteBody, RouteView } from './route-input.js';

/** A route without what the server gives it. */
export type RouteSettings = RouteRule & Pick<Route, 'enabled' | 'priority'>;

export const toSettings = ({ name, enabled, priority, match, target, variables }: RouteBody): RouteSettings => ({
  name,
  enabled,
  priority,
  match: toMatch(match),
  target: toTarget(target),
  variables,
});

const toMatch = ({ anonymous, schedule, ...rest }: RouteBody['match']): RouteMatch => ({
  ...rest,
  anonymous: anonymous ?? undefined,
  schedule: schedule
    ? { timezone: schedule.timezone, hours: schedule.hours, dates: schedule.dates, exceptDates: schedule.except_dates }
    : undefined,
});

type TargetBody = RouteBody['target'];
type DirectBody = Exclude<TargetBody, { type: 'transfer' }>;

function toTarget(target: TargetBody): RouteTarget {
  if (target.type !== 'transfer') return toDirect(target);
  const { type, to, ring_seconds: seconds, otherwise } = target;
  const ringTimeoutMs = seconds === null ? undefined : seconds * 1000;
  return { type, to, ringTimeoutMs, otherwise: otherwise ? toDirect(otherwise) : undefined };
}

function toDirect(target: DirectBody): DirectTarget {
  if (target.type === 'announcement') return { ...target, agent: target.agent ?? undefined };
  if (target.type !== 'agent') return target;
  return { type: 'agent', agent: target.agent, answersTexts: target.answer_texts ?? undefined };
}

export const presentRoute = (route: Route): RouteView => ({
  id: route.id,
  ...presentSettings(route),
  version: route.version,
  created_at: new Date(route.createdAtMs).toISOString(),
  updated_at: new Date(route.updatedAtMs).toISOString(),
});

export const presentSettings = ({ name, enabled, priority, match, target, variables }: RouteSettings): RouteBody => ({
  name,
  enabled,
  priority,
  match: presentMatch(match),
  target: presentTarget(target),
  variables: variables.map((variable) => ({ ...variable })),
});

const presentMatch = ({ trunks, called, callers, anonymous, headers, schedule }: RouteMatch): RouteBody['match'] => ({
  trunks: [...trunks],
  called: [...called],
  callers: [...callers],
  anonymous: anonymous ?? null,
  headers: { ...headers },
  schedule: schedule
    ? {
        timezone: schedule.timezone,
        hours: schedule.hours.map(({ days, from, to }) => ({ days: [...days], from, to })),
        dates: [...schedule.dates],
        except_dates: [...schedule.exceptDates],
      }
    : null,
});

export function presentTarget(target: RouteTarget): TargetBody {
  if (target.type !== 'transfer') return presentDirect(target);
  const { type, to, ringTimeoutMs: ringMs, otherwise } = target;
  const ring_seconds = ringMs === undefined ? null : ringMs / 1000;
  return { type, to: [...to], ring_seconds, otherwise: otherwise ? presentDirect(otherwise) : null };
}

function presentDirect(target: DirectTarget): DirectBody {
  if (target.type === 'announcement') return { ...target, agent: target.agent ?? null };
  if (target.type !== 'agent') return target;
  return { type: 'agent', agent: target.agent, answer_texts: target.answersTexts ?? null };
}
