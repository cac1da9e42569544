import { randomBytes } from 'node:crypto';

/** RFC 3261 section 8.1.1.7: the cookie that says the branch is unique by itself. */
export const BRANCH_COOKIE = 'z9hG4bK';

export const newBranch = (): string => BRANCH_COOKIE + randomBytes(12).toString('hex');
/** At least 32 random bits (RFC 3261 section 19.3). */
export const newTag = (): string => randomBytes(8).toString('hex');
export const newCallId = (): string => randomBytes(16).toString('hex');
