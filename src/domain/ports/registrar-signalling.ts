import type { DigestChallenge, ProvableRequest } from './authentication.js';
import type { RegisteredTarget } from './phone-directory.js';

/** One Contact of a REGISTER. */
export type RequestedContact = {
  uri: string;
  /** From 0 to 1; 1 when it is not said. */
  q: number;
  /** Its own; the header's, or ours, when absent. */
  expiresS: number | undefined;
  /** `+sip.instance` and `reg-id` (RFC 5626), where they are given. */
  instance: string | undefined;
};

/** What a REGISTER asks for: `*` takes all contacts back, none at all asks what there is. */
export type RegisterWish = {
  /** User part of To: the address of record. */
  user: string;
  callId: string;
  sequence: number;
  contacts: '*' | readonly RequestedContact[];
  /** The Expires header. */
  expiresS: number | undefined;
  path: readonly string[];
  userAgent: string | undefined;
};

/** A REGISTER nobody has answered yet. Exactly one of `accept`, `challenge` and `refuse` is called. */
export interface IncomingRegister extends ProvableRequest {
  /** Undefined: it breaks a rule of RFC 3261 section 10 in a way that leaves nothing to look at. */
  readonly wish: RegisterWish | undefined;
  /** 200, with all contacts that are registered now. */
  accept(contacts: readonly { uri: string; q: number; expiresS: number }[]): void;
  /** 401. */
  challenge(challenges: readonly DigestChallenge[]): void;
  refuse(status: number, headers?: Readonly<Record<string, string>>): void;
}

/** `unreachable`: the connection is gone, or nobody listens there; `silent`: no answer came in time. */
export type ContactPing = 'answered' | 'silent' | 'unreachable';

export interface RegistrarSignalling {
  onRegister(handler: (register: IncomingRegister) => void): void;
  /** Asks a contact whether it is there (OPTIONS). @throws AppError `signalling_unavailable`. */
  pingContact(target: Omit<RegisteredTarget, 'q'>): Promise<ContactPing>;
}
