import type { RouteId, TenantId } from '../core/ids.js';
import type { CallHours } from './call-window.js';
import type { HeaderVariable } from './header-variables.js';

/** When a route holds, by the clock in `timezone` (IANA). */
export type RouteSchedule = {
  timezone: string;
  /** Within any of them; at any time when there are none. */
  hours: readonly CallHours[];
  /** `YYYY-MM-DD`, or `MM-DD` of every year: on these alone, unless there are none. */
  dates: readonly string[];
  /** Not on these. */
  exceptDates: readonly string[];
};

/** Which calls a route is for: all that is given must hold, and of each list one entry. Numbers and values are patterns (`matchesPattern`). */
export type RouteMatch = {
  /** Ids or names of trunks. */
  trunks: readonly string[];
  /** Numbers or users that were called: as they came, or in E.164. */
  called: readonly string[];
  callers: readonly string[];
  /** Undefined: both those who show their number and those who do not. */
  anonymous: boolean | undefined;
  /** By the name of the header. */
  headers: Readonly<Record<string, string>>;
  schedule: RouteSchedule | undefined;
};

/** Where a call goes by itself. */
export type DirectTarget =
  /** SIP user or id of an agent, or a built-in one. `answersTexts`: those that come this way; as the agent says when undefined. */
  | { type: 'agent'; agent: string; answersTexts?: boolean | undefined }
  /** The caller is told to call there (302): an E.164 number, or a SIP URI. */
  | { type: 'redirect'; to: string }
  /** A final failure, 400 to 699. */
  | { type: 'reject'; status: number }
  /** Words that are said in the voice of `agent` or the usual one; then the call is over. */
  | { type: 'announcement'; text: string; agent: string | undefined };

export type RouteTarget =
  | DirectTarget
  /** We call these for the caller, one after the other: E.164 numbers, SIP URIs, user names of phones. Who answers is put through. */
  | {
      type: 'transfer';
      to: readonly string[];
      /** How long each of them is called; the server's own time when undefined. */
      ringTimeoutMs: number | undefined;
      /** Where the call goes when nobody was reached; undefined: the caller is told why by the final status. */
      otherwise: DirectTarget | undefined;
    };

/** What decides where a call goes. */
export type RouteRule = {
  name: string;
  match: RouteMatch;
  target: RouteTarget;
  /** What is read from the headers of its calls. */
  variables: readonly HeaderVariable[];
};

/** A tenant's rule; of those that match a call the one with the lowest priority decides, then the oldest. */
export type Route = RouteRule & {
  id: RouteId;
  tenantId: TenantId;
  enabled: boolean;
  priority: number;
  /** Grows by one with every change. */
  version: number;
  createdAtMs: number;
  updatedAtMs: number;
};

export const ANY_CALL: RouteMatch = {
  trunks: [],
  called: [],
  callers: [],
  anonymous: undefined,
  headers: {},
  schedule: undefined,
};
