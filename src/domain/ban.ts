/** What somebody does who means no call. Closed: they are values of a label in metrics, and words that fail2ban reads. */
export const OFFENCE_KINDS = ['authentication', 'unknown_user', 'unknown_source', 'malformed', 'scanner'] as const;
export type OffenceKind = (typeof OFFENCE_KINDS)[number];

export const BAN_REASONS = [...OFFENCE_KINDS, 'operator'] as const;
export type BanReason = (typeof BAN_REASONS)[number];

/** A source that nothing is taken from. Of the whole server: sources belong to no tenant. */
export type Ban = {
  /** CIDR: an IPv4 address or an IPv6 /64 where the server itself bans, any block where people do. */
  source: string;
  reason: BanReason;
  /** How often it has been banned, this time included: each lasts longer than the one before. */
  times: number;
  createdAtMs: number;
  expiresAtMs: number;
};
