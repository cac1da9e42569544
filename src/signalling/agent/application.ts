import type { SipRequest, SipResponse } from '../message/sip-message.js';
import type { Address, TransportName } from '../transport/flow.js';

/** Where a message came from or went to. `sizeBytes` is 0 for messages made by the server itself. */
export type Passage = { transport: TransportName; sizeBytes: number; peer: Address };

/** A message from the network with the identifiers an application answers by. */
export type Delivery<Message> = {
  message: Message;
  passage: Passage;
  transactionId: string;
  /** Empty outside dialogs. */
  dialogId: string;
};

/** One connected application, as the agent sees it. Everything is delivered in order per Call-ID. */
export interface Application {
  readonly connected: boolean;
  /** `receivedOn` is given for requests that are in no dialog. */
  deliverRequest(delivery: Delivery<SipRequest>, receivedOn?: Address): void;
  deliverResponse(delivery: Delivery<SipResponse>): void;
  /** The server ended this dialog itself; `bye` says why in its Reason. */
  deliverUnsolicited(bye: SipRequest, passage: Passage, dialogId: string): void;
}

/** Who serves requests outside dialogs. */
export interface ApplicationDirectory {
  /** The next application in turn that routes this method. */
  next(method: string): Application | undefined;
  /** Methods anybody routes, in upper case. */
  routed(): string[];
}

/** What became of something an application asked for. */
export type Outcome =
  | { ok: true; bytes: Buffer; passage: Passage; callId: string; transactionId: string; dialogId: string }
  | { ok: false; reason: string };
/** Called once, before anything can come back from the network. */
export type Reply = (outcome: Outcome) => void;

export const refuse = (reason: string): Outcome => ({ ok: false, reason });
