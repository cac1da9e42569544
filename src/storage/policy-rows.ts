import { z } from 'zod';
import { type CallHours, type CallWindow, WEEKDAYS } from '../domain/call-window.js';
import type { TollLimits } from '../domain/ports/toll-guard.js';
import { RETRY_OUTCOMES, type RetryPolicy, type RetryWaits } from '../domain/retry-policy.js';

const Days = z.array(z.enum(WEEKDAYS));
const Outcome = z.enum(RETRY_OUTCOMES);

const WindowJson = z.object({
  days: Days.optional(),
  from: z.string().optional(),
  to: z.string().optional(),
  timezone: z.string().optional(),
});
const HoursJson = z.object({ days: Days, from: z.string(), to: z.string() });
const RetryJson = z.object({
  maxAttempts: z.number(),
  outcomes: z.partialRecord(Outcome, z.object({ afterMs: z.array(z.number()) })),
});
const LimitsJson = z.object({
  allowedPrefixes: z.array(z.string()).optional(),
  deniedPrefixes: z.array(z.string()).optional(),
  callsPerHour: z.number().optional(),
  callsPerDay: z.number().optional(),
});
const WaitsJson = z.partialRecord(Outcome, z.number());

/** Columns that may be null and otherwise hold JSON. */
const reader =
  <T>(schema: z.ZodType<T>) =>
  (json: string | null): T | undefined =>
    json === null ? undefined : schema.parse(JSON.parse(json));

export const toWindow: (json: string | null) => CallWindow | undefined = reader(WindowJson);
export const toHours: (json: string | null) => CallHours | undefined = reader(HoursJson);
export const toRetry: (json: string | null) => RetryPolicy | undefined = reader(RetryJson);
export const toLimits: (json: string | null) => TollLimits | undefined = reader(LimitsJson);
export const toWaits: (json: string | null) => RetryWaits | undefined = reader(WaitsJson);

export const jsonColumn = (value: object | undefined): string | null => (value === undefined ? null : JSON.stringify(value));
