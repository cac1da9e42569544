import type { Clock } from '../../core/clock.js';
import { buildResponse } from '../message/build-response.js';
import { type Envelope, isFault, readEnvelope, requestFault } from '../message/envelope.js';
import { type Fault, type Refusal, type SipRequest, type SipResponse, serialiseMessage } from '../message/sip-message.js';
import { newTag } from '../message/tokens.js';
import { formatVia, parseVia } from '../message/via.js';
import type { Flow, Received, Target } from '../transport/flow.js';
import { defaultPort } from '../transport/resolver.js';
import { IncomingRequest, type ServerTransaction } from './incoming-request.js';
import { InviteClientTransaction } from './invite-client.js';
import { InviteServerTransaction } from './invite-server.js';
import { NonInviteClientTransaction } from './non-invite-client.js';
import { NonInviteServerTransaction } from './non-invite-server.js';
import { failureAck, type OutgoingRequest, type ResponseHandler } from './outgoing-request.js';
import type { Timing } from './timing.js';
import { clientKey, mergeKey, serverKey } from './transaction-keys.js';

export type Arrived = { message: SipRequest; envelope: Envelope; flow: Flow; sizeBytes: number };

/** The layer above: dialogs and applications. */
export type TransactionUser = {
  /** Asked for every new request but a CANCEL that matches, before anything is kept of it. `silence`: as if it had not come. */
  admit(arrived: Arrived): 'serve' | 'silence' | Refusal;
  /** Asked before somebody is told that they sent nonsense. */
  admitFault(received: Received): boolean;
  onRequest(request: IncomingRequest): void;
  /** An ACK for a 2xx. */
  onAck(ack: Arrived): void;
  /** `invite` is undefined when the CANCEL matches none. */
  onCancel(cancel: IncomingRequest, invite: IncomingRequest | undefined): void;
};

type ClientResponse = { response: SipResponse; flow: Flow; sizeBytes: number };
type ClientTransaction = InviteClientTransaction<ClientResponse> | NonInviteClientTransaction<ClientResponse>;

/** Matches messages to transactions, absorbs what repeats, and answers what cannot be served. */
export class TransactionLayer {
  readonly #clock: Clock;
  readonly #timing: Timing;
  readonly #flowTo: (target: Target) => Flow;
  readonly #user: TransactionUser;
  readonly #server = new Map<string, IncomingRequest>();
  readonly #client = new Map<string, ClientTransaction>();
  /** Requests outside dialogs by what two copies of one have in common. */
  readonly #byMergeKey = new Map<string, IncomingRequest>();

  constructor(clock: Clock, timing: Timing, flowTo: (target: Target) => Flow, user: TransactionUser) {
    this.#clock = clock;
    this.#timing = timing;
    this.#flowTo = flowTo;
    this.#user = user;
  }

  /** Transactions that exist now, of both kinds. */
  get size(): number {
    return this.#server.size + this.#client.size;
  }

  receive(received: Received): void {
    const { message } = received;
    if (message.kind === 'response') this.#receiveResponse(message, received);
    else this.#receiveRequest(message, received);
  }

  /** Answers without a transaction, as long as there is a Via to answer by. ACKs and responses are never answered. */
  receiveFaulty(received: Received, fault: Fault): void {
    const { message, flow } = received;
    if (message.kind !== 'request' || !this.#user.admitFault(received) || message.method === 'ACK') return;
    // One that cannot be read is sent back as it came, to where it came from (RFC 4475 section 3.1.2.1).
    if (message.headers.get('Via') === undefined) return;
    markSource(message, received);
    this.#answerWithout(flow, message, fault);
  }

  /**
   * @param message complete, its first Via included.
   * @param patienceMs of an INVITE: `timeout` comes after so long without any response, where that is less than timer B.
   */
  send(message: SipRequest, branch: string, flow: Flow, handler: ResponseHandler, patienceMs?: number): OutgoingRequest {
    const bytes = serialiseMessage(message);
    const key = clientKey(branch, message.method);
    let failed = false;
    const fail = (): void => {
      const open = this.#client.get(key);
      if (failed || !open) return;
      failed = true;
      handler.onFailure('transport');
      open.terminate();
    };
    const port = {
      clock: this.#clock,
      timing: this.#timing,
      reliable: flow.reliable,
      send: () => flow.send(bytes, fail),
      onResponse: (r: ClientResponse) => handler.onResponse(r.response, r.flow, r.sizeBytes),
      onTimeout: () => handler.onFailure('timeout'),
      onTerminated: () => {
        this.#client.delete(key);
        handler.onTerminated();
      },
    };
    const transaction =
      message.method === 'INVITE'
        ? new InviteClientTransaction<ClientResponse>(
            { ...port, sendAck: ({ response }) => flow.send(failureAck(message, response)) },
            patienceMs,
          )
        : new NonInviteClientTransaction<ClientResponse>(port);
    this.#client.set(key, transaction);
    return { message, bytes, flow, terminate: () => transaction.terminate() };
  }

  /** Ends every transaction without a word to anybody. */
  close(): void {
    for (const request of this.#server.values()) request.transaction.terminate();
    for (const transaction of this.#client.values()) transaction.terminate();
  }

  #receiveResponse(response: SipResponse, received: Received): void {
    const envelope = readEnvelope(response);
    // More than one Via means it was for somebody behind us (RFC 3261 section 8.1.3.3).
    if (isFault(envelope) || response.headers.list('Via').length !== 1) return;
    const branch = envelope.via.params.get('branch') ?? '';
    const transaction = this.#client.get(clientKey(branch, envelope.method));
    transaction?.onResponse(response.status, { response, flow: received.flow, sizeBytes: received.sizeBytes });
  }

  #receiveRequest(message: SipRequest, received: Received): void {
    const envelope = readEnvelope(message);
    if (isFault(envelope)) {
      this.receiveFaulty(received, envelope);
      return;
    }
    const fault = requestFault(message.method, message.uri, envelope, message);
    if (fault) {
      this.receiveFaulty(received, fault);
      return;
    }
    markSource(message, received);
    const arrived = { message, envelope, flow: received.flow, sizeBytes: received.sizeBytes };
    if (message.method === 'ACK') {
      const invite = this.#server.get(serverKey(envelope, message.uri, 'INVITE'))?.transaction;
      const absorbed = invite instanceof InviteServerTransaction && invite.onAck();
      if (!absorbed) this.#user.onAck(arrived);
      return;
    }
    const key = serverKey(envelope, message.uri, message.method);
    const known = this.#server.get(key);
    if (known) {
      known.transaction.onRetransmission();
      return;
    }
    const cancels = message.method === 'CANCEL' && this.#server.has(serverKey(envelope, message.uri, 'INVITE'));
    const verdict = cancels ? 'serve' : this.#user.admit(arrived);
    if (verdict === 'serve') this.#open(key, arrived);
    else if (verdict !== 'silence') this.#answerWithout(received.flow, message, verdict);
  }

  /** A final response of which nothing is kept: the request's repetition is judged anew (RFC 3261 section 8.2.7). */
  #answerWithout(flow: Flow, message: SipRequest, refusal: Refusal): void {
    const response = buildResponse(message, refusal.status, newTag(), refusal.reason);
    for (const [name, value] of Object.entries(refusal.headers ?? {})) response.headers.append(name, value);
    flow.send(serialiseMessage(response));
  }

  #open(key: string, arrived: Arrived): void {
    const { message, envelope, flow } = arrived;
    const merge = mergeKey(envelope);
    const outside = envelope.toTag === undefined;
    const port = {
      clock: this.#clock,
      timing: this.#timing,
      reliable: flow.reliable,
      send: (bytes: Buffer) => this.#sendResponse(arrived, bytes),
      onTerminated: () => {
        this.#server.delete(key);
        if (this.#byMergeKey.get(merge) === request) this.#byMergeKey.delete(merge);
      },
    };
    const transaction: ServerTransaction =
      message.method === 'INVITE' ? new InviteServerTransaction(port) : new NonInviteServerTransaction(port);
    const request = new IncomingRequest(arrived, transaction);
    this.#server.set(key, request);
    if (message.method === 'CANCEL') {
      this.#user.onCancel(request, this.#server.get(serverKey(envelope, message.uri, 'INVITE')));
      return;
    }
    if (outside && this.#byMergeKey.has(merge)) {
      request.respond(buildResponse(message, 482, newTag(), 'Merged Request'));
      return;
    }
    if (outside) this.#byMergeKey.set(merge, request);
    this.#user.onRequest(request);
  }

  /** To where the request came from; when that connection is gone, to the address in its Via (RFC 3261 section 18.2.2). */
  #sendResponse(arrived: Arrived, bytes: Buffer): void {
    const { flow, envelope } = arrived;
    if (flow.alive) flow.send(bytes);
    else if (flow.reliable) {
      const { transport, remote } = flow;
      const { host, port = defaultPort(transport) } = envelope.via;
      this.#flowTo({ transport, address: remote.address, port, serverName: host }).send(bytes);
    }
  }
}

/** Notes in the top Via where the request really came from (RFC 3261 section 18.2.1, RFC 3581 section 4). */
function markSource(message: SipRequest, received: Received): void {
  const via = parseVia(message.headers.list('Via')[0] ?? '');
  if (!via) return;
  const { address, port } = received.flow.remote;
  const asksForPort = via.params.has('rport');
  if (!asksForPort && via.host === address) return;
  via.params.set('received', address);
  if (asksForPort) via.params.set('rport', String(port));
  message.headers.replaceFirst('Via', formatVia(via));
}
