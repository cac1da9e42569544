import type { Envelope } from '../message/envelope.js';
import { type SipRequest, type SipResponse, serialiseMessage } from '../message/sip-message.js';
import type { Flow } from '../transport/flow.js';
import type { InviteServerTransaction } from './invite-server.js';
import type { NonInviteServerTransaction } from './non-invite-server.js';

export type ServerTransaction = InviteServerTransaction | NonInviteServerTransaction;

/** A request with the server transaction that answers it. */
export class IncomingRequest {
  readonly message: SipRequest;
  readonly envelope: Envelope;
  readonly flow: Flow;
  readonly sizeBytes: number;
  readonly transaction: ServerTransaction;

  constructor(
    received: { message: SipRequest; envelope: Envelope; flow: Flow; sizeBytes: number },
    transaction: ServerTransaction,
  ) {
    this.message = received.message;
    this.envelope = received.envelope;
    this.flow = received.flow;
    this.sizeBytes = received.sizeBytes;
    this.transaction = transaction;
  }

  get method(): string {
    return this.message.method;
  }

  /** @returns what was sent, or undefined when a final response has been given before. */
  respond(response: SipResponse): Buffer | undefined {
    const bytes = serialiseMessage(response);
    return this.transaction.respond(response.status, bytes) ? bytes : undefined;
  }
}
