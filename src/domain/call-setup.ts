import type { Diversion } from './diversion.js';

/** Reliable provisional responses (RFC 3262). `accept`: where the far end can; `require`: a far end that cannot is refused. */
export const RELIABLE_POLICIES = ['off', 'accept', 'require'] as const;
export type ReliablePolicy = (typeof RELIABLE_POLICIES)[number];

/** What the far end sends before it answers: heard and recorded, or left alone. */
export const EARLY_MEDIA_POLICIES = ['accept', 'ignore'] as const;
export type EarlyMediaPolicy = (typeof EARLY_MEDIA_POLICIES)[number];

/** Session timers (RFC 4028). `off`: not spoken; `accept`: when the far end asks for one; `request`: asked for on every call. */
export const SESSION_TIMER_MODES = ['off', 'accept', 'request'] as const;
/** Who refreshes where the far end leaves that to us; `auto` is `us`, so that the call does not depend on the far end's care. */
export const SESSION_REFRESHERS = ['auto', 'us', 'them'] as const;
/** `update` only where the far end allows it. */
export const SESSION_REFRESH_METHODS = ['update', 'invite'] as const;

export type SessionTimerPolicy = {
  mode: (typeof SESSION_TIMER_MODES)[number];
  /** What we ask for. */
  expiresS: number;
  /** A far end that wants to be refreshed more often than this is refused (422). At least 90. */
  minSeS: number;
  refresher: (typeof SESSION_REFRESHERS)[number];
  refreshMethod: (typeof SESSION_REFRESH_METHODS)[number];
};

export const DEFAULT_SESSION_TIMER: SessionTimerPolicy = {
  mode: 'accept',
  expiresS: 1800,
  minSeS: 90,
  refresher: 'auto',
  refreshMethod: 'update',
};

/** Where a 3xx may send a call of ours: nowhere, elsewhere on the same host, or anywhere. */
export const REDIRECT_POLICIES = ['refuse', 'same_host', 'follow'] as const;
export type RedirectRules = { policy: (typeof REDIRECT_POLICIES)[number]; max: number };

/**
 * How a call that comes in is answered. `when_ready`: it rings until the agent's first words lie ready. `immediate`: at once.
 * `early_media`: it hears an announcement, or a ring tone of ours, before it is answered and charged.
 */
export const ANSWER_MODES = ['when_ready', 'immediate', 'early_media'] as const;
export type AnswerRules = {
  mode: (typeof ANSWER_MODES)[number];
  /** After so long it is answered, ready or not; the server's own limit when absent. */
  withinMs: number | undefined;
  /** What is said before the answer with `early_media`; a ring tone when absent. */
  announcement: string | undefined;
};

/** One INVITE that was sent for a call: over another trunk after a failure, or to where a 3xx pointed. */
export type CallAttempt = {
  uri: string;
  /** The trunk's name, where it went over one. */
  trunk: string | undefined;
  invitedAtMs: number;
  /** First 18x. */
  ringingAtMs: number | undefined;
  /** The final status; absent while there is none, or where none came. */
  sipCode: number | undefined;
  sipReason: string | undefined;
  /** It was a 3xx's wish. */
  redirected: boolean;
};

/** How a call came to stand. */
export type CallSetup = {
  /** When the INVITE came, or the last one of ours left. */
  invitedAtMs: number | undefined;
  /** The first 18x to that INVITE. */
  ringingAtMs: number | undefined;
  /** INVITEs of ours, in order; none of a call that came in. */
  attempts: readonly CallAttempt[];
  /** Who a call that came in was for before, the newest diversion first. */
  diversions: readonly Diversion[];
};

export const NO_SETUP: CallSetup = { invitedAtMs: undefined, ringingAtMs: undefined, attempts: [], diversions: [] };

/** Milliseconds; undefined where one end of the span was never reached. */
export type CallTimings = {
  /** Post-dial delay: INVITE to first 18x. */
  pddMs: number | undefined;
  /** First 18x to the answer, or to the end without one. */
  ringMs: number | undefined;
  /** INVITE to answer. */
  answerMs: number | undefined;
  /** Of the whole call, and from its answer on. */
  durationMs: number | undefined;
  talkMs: number | undefined;
};

type Times = { setup: CallSetup; startedAtMs: number; answeredAtMs: number | undefined; endedAtMs: number | undefined };

export function timingsOf({ setup, startedAtMs, answeredAtMs, endedAtMs }: Times): CallTimings {
  const { invitedAtMs, ringingAtMs } = setup;
  return {
    pddMs: span(invitedAtMs, ringingAtMs),
    ringMs: span(ringingAtMs, answeredAtMs ?? endedAtMs),
    answerMs: span(invitedAtMs, answeredAtMs),
    durationMs: span(startedAtMs, endedAtMs),
    talkMs: span(answeredAtMs, endedAtMs),
  };
}

const span = (from: number | undefined, to: number | undefined): number | undefined =>
  from === undefined || to === undefined ? undefined : Math.max(0, Math.round(to - from));
