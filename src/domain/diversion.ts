/** A party that a call was meant for, and that sent it on. `reason` is RFC 5806's: `user-busy`, `no-answer`, `unconditional` … */
export type Diversion = { uri: string; user: string | undefined; reason: string | undefined };
