import type { CallId, TenantId, TextId } from '../../core/ids.js';
import type { Text, TextDirection, TextStatus, TextThread } from '../text.js';
import type { DigestChallenge } from './authentication.js';
import type { CallerRequest } from './inbound-callers.js';
import type { Listed, Page } from './repositories.js';
import type { DialTerms, IncomingInvite, SipParty } from './telephony.js';

/** What is absent does not matter; all that is present must hold. */
export type TextFilter = {
  contact?: string | undefined;
  direction?: TextDirection | undefined;
  status?: TextStatus | undefined;
  callId?: CallId | undefined;
};

export interface TextRepository {
  /** False, and nothing is stored, for one that came before. */
  insert(text: Text): Promise<boolean>;
  update(text: Text): Promise<void>;
  find(tenant: TenantId, id: TextId): Promise<Text | undefined>;
  /** Newest first. */
  list(tenant: TenantId, filter: TextFilter, page: Page): Promise<Listed<Text>>;
  /** The thread with the newest text first. */
  threads(tenant: TenantId, page: Page): Promise<Listed<TextThread>>;
  /** Pending ones of all tenants, the longest overdue first. */
  due(nowMs: number, limit: number): Promise<Text[]>;
  /** When the next pending one after `nowMs` is due. */
  nextDueMs(nowMs: number): Promise<number | undefined>;
}

/** A MESSAGE that came, with plain text that could be read. */
export type IncomingText = CallerRequest &
  Pick<IncomingInvite, 'header'> & {
    /** Call-ID and CSeq. */
    readonly sipId: string;
    readonly text: string;
    /** Sends 407: the sender has to prove who it is. Instead of `answer`. */
    challenge(challenges: readonly DigestChallenge[]): void;
    /** Sends the final response; to be called once. */
    answer(status: number, headers?: Readonly<Record<string, string>>): void;
  };

export type OutgoingText = Pick<DialTerms, 'proxy' | 'headers' | 'credentials'> & {
  uri: string;
  from: SipParty | undefined;
  text: string;
};

export interface TextSignalling {
  onText(handler: (text: IncomingText) => void): void;
  /**
   * Sends a MESSAGE and answers challenges. Resolves with the final status, 408 or 503 when there was none.
   *
   * @throws AppError `signalling_unavailable`.
   */
  sendText(text: OutgoingText): Promise<number>;
}
