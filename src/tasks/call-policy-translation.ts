import type { z } from 'zod';
import type { CallHours, CallWindow } from '../domain/call-window.js';
import type { OutboundPolicy } from '../domain/ports/outbound-policy.js';
import type { TollLimits } from '../domain/ports/toll-guard.js';
import { RETRY_OUTCOMES, type RetryPolicy } from '../domain/retry-policy.js';
import type {
  CallHoursField,
  CallWindowField,
  LimitsField,
  OutboundPolicyBody,
  OutboundPolicyResource,
  RetryField,
} from './call-policy-input.js';

export const toWindow = (body: z.output<typeof CallWindowField> | null | undefined): CallWindow | undefined =>
  body ? { ...body, ...(body.days && { days: inOrder(body.days) }) } : undefined;

export function toRetry(body: z.output<typeof RetryField> | null | undefined): RetryPolicy | undefined {
  if (!body) return undefined;
  const outcomes: RetryPolicy['outcomes'] = {};
  for (const outcome of RETRY_OUTCOMES) {
    const waits = body.outcomes[outcome];
    if (waits) outcomes[outcome] = { afterMs: waits.after_seconds.map((seconds) => seconds * 1000) };
  }
  return { maxAttempts: body.max_attempts, outcomes };
}

export const toPolicy = (body: z.output<typeof OutboundPolicyBody>): OutboundPolicy => ({
  hours: body.call_window ? { ...body.call_window, days: inOrder(body.call_window.days) } : undefined,
  retry: toRetry(body.retry),
  limits: toLimits(body.limits),
});

export const toLimits = (limits: z.output<typeof LimitsField> | null | undefined): TollLimits | undefined =>
  limits
    ? {
        allowedPrefixes: limits.allowed_prefixes,
        deniedPrefixes: limits.denied_prefixes,
        callsPerHour: limits.calls_per_hour,
        callsPerDay: limits.calls_per_day,
      }
    : undefined;

export const presentLimits = (limits: TollLimits | undefined): z.input<typeof LimitsField> | null =>
  limits
    ? {
        ...(limits.allowedPrefixes && { allowed_prefixes: [...limits.allowedPrefixes] }),
        ...(limits.deniedPrefixes && { denied_prefixes: [...limits.deniedPrefixes] }),
        ...(limits.callsPerHour !== undefined && { calls_per_hour: limits.callsPerHour }),
        ...(limits.callsPerDay !== undefined && { calls_per_day: limits.callsPerDay }),
      }
    : null;

export const presentWindow = (window: CallWindow | undefined): z.input<typeof CallWindowField> | null =>
  window ? { ...window, days: window.days && [...window.days] } : null;

export function presentRetry(retry: RetryPolicy | undefined): z.input<typeof RetryField> | null {
  if (!retry) return null;
  const outcomes: z.input<typeof RetryField>['outcomes'] = {};
  for (const outcome of RETRY_OUTCOMES) {
    const waits = retry.outcomes[outcome];
    if (waits) outcomes[outcome] = { after_seconds: waits.afterMs.map((ms) => ms / 1000) };
  }
  return { max_attempts: retry.maxAttempts, outcomes };
}

export const presentPolicy = ({ hours, retry, limits }: OutboundPolicy): z.input<typeof OutboundPolicyResource> => ({
  call_window: hours ? presentHours(hours) : null,
  retry: presentRetry(retry),
  limits: presentLimits(limits),
});

const presentHours = ({ days, from, to }: CallHours): z.input<typeof CallHoursField> => ({ days: [...days], from, to });

const inOrder = <T extends CallHours['days']>(days: T): T[number][] => [...new Set(days)];
