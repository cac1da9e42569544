/** Reliable provisional responses (RFC 3262). `accept`: where the far end can; `require`: a far end that cannot is refused. */
export const RELIABLE_POLICIES = ['off', 'accept', 'require'] as const;
export type ReliablePolicy = (typeof RELIABLE_POLICIES)[number];

/** What the far end sends before it answers: heard and recorded, or left alone. */
export const EARLY_MEDIA_POLICIES = ['accept', 'ignore'] as const;
export type EarlyMediaPolicy = (typeof EARLY_MEDIA_POLICIES)[number];
