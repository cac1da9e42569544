import { buildResponse } from '../message/build-response.js';
import { Headers } from '../message/headers.js';
import type { Refusal, SipRequest } from '../message/sip-message.js';
import { newTag } from '../message/tokens.js';
import type { IncomingRequest } from '../transaction/incoming-request.js';
import type { Arrived, TransactionUser } from '../transaction/transaction-layer.js';
import type { Received } from '../transport/flow.js';
import { allowedMethods, refuseInside, refuseOutside } from './admission.js';
import { parseAppMessage } from './app-message.js';
import { type Application, type ApplicationDirectory, type Reply, refuse } from './application.js';
import { type AgentContext, passageOf } from './context.js';
import { type Dialog, dialogIdOf, natTargetOf } from './dialog.js';
import { Responder } from './responder.js';
import { ServerExchange } from './server-exchange.js';

/** How long an application may think about an INVITE before its first response. */
const INVITE_ANSWER_MS = 64_000;
/** Who comes in a flood is asked to come back later than the flood may last. */
const BUSY: Refusal = { status: 503, reason: 'Service Unavailable', headers: { 'Retry-After': '10' } };
/** Just before the peer's timer F. */
const ANSWER_MS = 30_000;

/** The server half of the user agent: requests from the network, and applications' answers to them. */
export class Inbound implements TransactionUser {
  readonly #context: AgentContext;
  readonly #directory: ApplicationDirectory;
  readonly #responder: Responder;
  readonly #exchanges = new Map<string, ServerExchange>();
  readonly #byRequest = new WeakMap<IncomingRequest, ServerExchange>();
  /** INVITEs without a final response, inside dialogs or not. */
  readonly #invites = new Map<string, ServerExchange>();

  constructor(context: AgentContext, directory: ApplicationDirectory) {
    this.#context = context;
    this.#directory = directory;
    // RFC 3262 section 3: whoever does not acknowledge the ringing would not learn of the answer.
    const onNoPrack = (exchange: ServerExchange): void => this.#giveUp(exchange, 504, 'PRACK timeout');
    this.#responder = new Responder(context, () => allowedMethods(directory), onNoPrack);
  }

  /** Requests that wait for an application's final response. */
  get pending(): number {
    return this.#exchanges.size;
  }

  admit(arrived: Arrived): 'serve' | 'silence' | Refusal {
    if (this.#dialogOf(arrived)) return 'serve';
    const verdict = this.#context.gate.judge(arrived.message, arrived.flow.remote.address);
    return verdict === 'busy' ? BUSY : verdict;
  }

  admitFault({ flow }: Received): boolean {
    return this.#context.gate.judgeMalformed(flow.remote.address);
  }

  onRequest(request: IncomingRequest): void {
    const dialog = this.#dialogOf(request);
    if (request.method === 'INVITE') request.respond(buildResponse(request.message, 100));
    if (dialog) this.#inside(request, dialog);
    else this.#outside(request);
  }

  onAck(ack: Arrived): void {
    const { envelope } = ack;
    const dialog = this.#context.dialogs.find(envelope.callId, envelope.toTag ?? '', envelope.fromTag ?? '');
    const wait = dialog?.ackWait;
    if (!dialog || wait?.sequence !== envelope.sequence) return;
    dialog.ackWait = undefined;
    dialog.owner.deliverRequest({
      message: ack.message,
      passage: passageOf(ack.flow, ack.sizeBytes),
      transactionId: wait.transactionId,
      dialogId: dialog.id,
    });
    wait.end();
  }

  onCancel(cancel: IncomingRequest, invite: IncomingRequest | undefined): void {
    const exchange = invite && this.#byRequest.get(invite);
    const status = invite ? 200 : 481;
    cancel.respond(buildResponse(cancel.message, status, exchange?.localTag ?? newTag()));
    if (exchange) this.#cancel(exchange, cancel.message);
  }

  /** An application answers. */
  respond(owner: Application, transactionId: string, text: Buffer, reply: Reply): void {
    const exchange = this.#exchanges.get(transactionId);
    const message = parseAppMessage(text);
    if (!exchange || exchange.owner !== owner) reply(refuse('Response not sent due to unknown transaction'));
    else if (message?.kind !== 'response') reply(refuse('Response not sent due to malformed status line'));
    else {
      exchange.cancelNoAnswer?.();
      reply(this.#responder.respond(exchange, message));
      if (exchange.final) this.#settled(exchange);
    }
  }

  /** The application (or with none given, each) is gone: nobody will answer what it was asked. */
  abandon(owner: Application | undefined): void {
    for (const exchange of this.#exchanges.values()) {
      if (owner === undefined || exchange.owner === owner)
        this.#answerItself(exchange, exchange.request.method === 'BYE' ? 200 : 480);
    }
  }

  #dialogOf({ envelope }: Pick<IncomingRequest, 'envelope'>): Dialog | undefined {
    const { callId, toTag, fromTag } = envelope;
    return toTag === undefined ? undefined : this.#context.dialogs.find(callId, toTag, fromTag ?? '');
  }

  #outside(request: IncomingRequest): void {
    const { message, envelope } = request;
    const refusal = refuseOutside(message, envelope, this.#directory) ?? this.#refuseSecond(request);
    if (refusal) {
      this.#refuse(request, refusal);
      return;
    }
    const owner = this.#directory.next(message.method);
    if (owner) this.#deliver(new ServerExchange(request, owner, undefined));
    else this.#refuse(request, { status: 503, reason: 'Service Unavailable' });
  }

  /** Applications know a call by its Call-ID, so a second one of that name (a fork come together again) is a loop. */
  #refuseSecond(request: IncomingRequest): Refusal | undefined {
    if (request.method !== 'INVITE') return undefined;
    const { callId, fromTag } = request.envelope;
    const inUse = this.#invites.has(callId) || this.#context.dialogs.byId(dialogIdOf(callId, fromTag ?? ''));
    return inUse ? { status: 482, reason: 'Loop Detected' } : undefined;
  }

  #inside(request: IncomingRequest, dialog: Dialog): void {
    const { message, envelope } = request;
    const refusal = dialog.owner.connected
      ? refuseInside(message, envelope, dialog)
      : { status: 481, reason: 'Call/Transaction Does Not Exist' };
    if (refusal) {
      this.#refuse(request, refusal);
      return;
    }
    dialog.remoteSequence = envelope.sequence;
    dialog.flow = request.flow;
    if (dialog.natTarget) dialog.natTarget = natTargetOf(request.flow, dialog.remoteTarget, dialog.routeSet);
    if (message.method === 'BYE' && this.#byeEndsInvite(request, dialog)) return;
    if (message.method === 'PRACK' && !this.#responder.takePrack(message, dialog)) {
      this.#refuse(request, { status: 481, reason: 'Call/Transaction Does Not Exist' });
      return;
    }
    if (message.method === 'PRACK' && dialog.state === 'confirmed') {
      // The application has answered without it, and forgotten the provisional.
      request.respond(buildResponse(message, 200));
      return;
    }
    if (message.method === 'INVITE') dialog.pendingInvite = 'remote';
    if (message.method === 'UPDATE') dialog.pendingUpdate = true;
    this.#deliver(new ServerExchange(request, dialog.owner, dialog));
  }

  /** RFC 3261 section 15.1.2. @returns true when the dialog was early: to the application that is a cancelled call. */
  #byeEndsInvite(request: IncomingRequest, dialog: Dialog): boolean {
    const wait = dialog.ackWait;
    dialog.ackWait = undefined;
    wait?.end();
    const invite = this.#invites.get(dialog.callId);
    if (invite?.dialog !== dialog) return false;
    if (dialog.state === 'confirmed') {
      this.#answerItself(invite, 487);
      return false;
    }
    request.respond(buildResponse(request.message, 200));
    this.#giveUp(invite, 487, 'BYE before the answer');
    return true;
  }

  #deliver(exchange: ServerExchange): void {
    const { request, owner, dialog } = exchange;
    const isInvite = request.method === 'INVITE';
    this.#exchanges.set(exchange.transactionId, exchange);
    if (isInvite) {
      this.#byRequest.set(request, exchange);
      this.#invites.set(request.envelope.callId, exchange);
    }
    exchange.cancelNoAnswer = this.#context.clock.schedule(isInvite ? INVITE_ANSWER_MS : ANSWER_MS, () => {
      this.#answerItself(exchange, isInvite ? 480 : request.method === 'BYE' ? 200 : 500);
    });
    if (isInvite && !dialog) this.#watchExpiry(exchange);
    const delivery = {
      message: request.message,
      passage: passageOf(request.flow, request.sizeBytes),
      transactionId: exchange.transactionId,
      dialogId: dialog?.id ?? '',
    };
    owner.deliverRequest(delivery, dialog ? undefined : request.flow.local);
  }

  /** RFC 3261 section 13.3.1: an invitation that has run out is answered 487. */
  #watchExpiry(exchange: ServerExchange): void {
    const seconds = /^\s*(\d{1,6})\s*$/.exec(exchange.request.message.headers.get('Expires') ?? '')?.[1];
    if (seconds === undefined) return;
    const expire = (): void => this.#giveUp(exchange, 487, 'Invitation expired');
    exchange.cancelExpiry = this.#context.clock.schedule(Number(seconds) * 1000, expire);
  }

  /** Ends an INVITE that nobody has answered; to the application it is a call that was cancelled. */
  #giveUp(exchange: ServerExchange, status: number, why: string): void {
    this.#cancel(exchange, cancelOf(exchange.request.message, status, why), status);
  }

  #cancel(exchange: ServerExchange, cancel: SipRequest, status = 487): void {
    // Without effect once the INVITE has its final response (RFC 3261 section 9.2).
    if (exchange.final) return;
    const { owner, request, transactionId } = exchange;
    const dialogId = exchange.tagged ? (exchange.dialog?.id ?? '') : '';
    this.#answerItself(exchange, status);
    owner.deliverRequest({ message: cancel, passage: passageOf(request.flow, request.sizeBytes), transactionId, dialogId });
  }

  #answerItself(exchange: ServerExchange, status: number): void {
    if (exchange.final) return;
    exchange.request.respond(buildResponse(exchange.request.message, status, exchange.localTag));
    exchange.final = true;
    this.#responder.settleDialog(exchange, status);
    this.#settled(exchange);
  }

  #refuse(request: IncomingRequest, refusal: Refusal): void {
    const response = buildResponse(request.message, refusal.status, newTag(), refusal.reason);
    for (const [name, value] of Object.entries(refusal.headers ?? {})) response.headers.append(name, value);
    request.respond(response);
  }

  #settled(exchange: ServerExchange): void {
    exchange.cancelNoAnswer?.();
    exchange.cancelExpiry?.();
    this.#exchanges.delete(exchange.transactionId);
    const { callId } = exchange.request.envelope;
    if (this.#invites.get(callId) === exchange) this.#invites.delete(callId);
  }
}

/** The CANCEL an application is shown when an unanswered call ended in another way; its Reason says how (RFC 3326). */
function cancelOf(invite: SipRequest, status: number, why: string): SipRequest {
  const headers = new Headers();
  for (const name of ['Via', 'From', 'To', 'Call-ID', 'CSeq']) {
    const value = invite.headers.get(name) ?? '';
    headers.append(name, name === 'CSeq' ? value.replace('INVITE', 'CANCEL') : value);
  }
  headers.append('Reason', `SIP;cause=${status};text="${why}"`);
  return { kind: 'request', method: 'CANCEL', uri: invite.uri, headers, body: Buffer.alloc(0) };
}
