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
