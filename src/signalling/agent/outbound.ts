import { randomUUID } from 'node:crypto';
import type { Cancel } from '../../core/clock.js';
import { parseCSeq } from '../message/envelope.js';
import { type Fault, type SipRequest, serialiseMessage } from '../message/sip-message.js';
import { parseSipUri } from '../message/uri.js';
import { buildCompanion } from '../transaction/outgoing-request.js';
import { giveUpMs } from '../transaction/timing.js';
import type { Flow } from '../transport/flow.js';
import { addContent, addVia, FIRST_RESPONSE, fillLocalhost, parseAppMessage, sendAck } from './app-message.js';
import { type Application, type Outcome, type Reply, refuse } from './application.js';
import { Attempts } from './attempts.js';
import type { ClientExchange } from './client-exchange.js';
import { type AgentContext, locate, ownContact, passageOf } from './context.js';
import { type Dialog, dialogIdOf } from './dialog.js';
import { dialogFlow, hangUp } from './in-dialog.js';
import type { Identity } from './new-request.js';
import { firstHop } from './next-hop.js';
import { ResponseIntake } from './response-intake.js';
import { Ways } from './ways.js';

/** What an application's frame asks for. */
export type Command = { transactionId: string; dialogId: string; routeUrl: string; text: Buffer };

const REQUEST_PENDING: Fault = { status: 491, reason: 'Request Pending' };
const DNS_ERROR: Fault = { status: 503, reason: 'DNS Error' };
const NO_DIALOG = 'Server error: unable to find dialog for dialog id provided';
/** Requests that carry our Contact inside a dialog. */
const WITH_CONTACT = new Set(['INVITE', 'SUBSCRIBE', 'REFER', 'UPDATE', 'NOTIFY']);
/** What a request says of its way when it has none. */
const NOWHERE = { transport: 'udp', address: '0.0.0.0', port: 5060 } as const;
const NOT_IN_CANCEL = new Set(['Contact', 'P-Asserted-Identity', 'Content-Type']);

/** The client half of the user agent: requests of applications, and what the network answers. */
export class Outbound {
  readonly #context: AgentContext;
  readonly #intake: ResponseIntake;
  readonly #attempts: Attempts;
  readonly #exchanges = new Map<string, ClientExchange>();
  /** Waits for the end of an INVITE that was taken back; some outlive their exchange. */
  readonly #giveUps = new Set<Cancel>();

  constructor(context: AgentContext) {
    this.#context = context;
    this.#intake = new ResponseIntake(context, (exchange) => this.#exchanges.delete(exchange.transactionId));
    // Should it ring after all, it rings for nobody.
    this.#attempts = new Attempts(context, this.#intake, (exchange) => this.#takeBack(exchange, undefined));
  }

  /** Requests that wait for the network's final response. */
  get pending(): number {
    return this.#exchanges.size;
  }

  request(owner: Application, command: Command, reply: Reply): void {
    const message = parseAppMessage(command.text);
    if (message?.kind !== 'request') reply(refuse('invalid request-uri: malformed start line'));
    else if (message.method === 'CANCEL') this.#cancel(owner, command.transactionId, message, reply);
    else if (message.method === 'ACK') this.#acknowledge(owner, command.dialogId, message, reply);
    else if (command.dialogId === '') this.#outside(owner, message, command.routeUrl, reply);
    else this.#inside(owner, command.dialogId, message, reply);
  }

  /** The application (or with none given, each) is gone: what it has begun is taken back. */
  abandon(owner: Application | undefined): void {
    for (const exchange of this.#exchanges.values()) {
      const abandoned = owner === undefined || exchange.owner === owner;
      if (abandoned && exchange.request.method === 'INVITE') this.#takeBack(exchange, undefined);
    }
  }

  /** Nobody is waited for any more. */
  close(): void {
    for (const cancel of this.#giveUps) cancel();
    this.#giveUps.clear();
  }

  #outside(owner: Application, wanted: SipRequest, routeUrl: string, reply: Reply): void {
    // The library's stand-in for the remote target of a dialog it has failed to name.
    const hop = wanted.uri === 'sip:placeholder' ? NO_DIALOG : firstHop(wanted, routeUrl);
    if (typeof hop === 'string') {
      reply(refuse(hop));
      return;
    }
    locate(this.#context, hop, (located) => {
      const targets = this.#context.avoided.last(located);
      const [first] = targets;
      if (first && this.#context.transports.isSelf(first)) {
        reply(refuse('can not send request to myself'));
        return;
      }
      // A name that leads nowhere is reported as a response, after the request was accepted.
      const ways = new Ways(this.#context, wanted, first ? targets : [NOWHERE]);
      const way = ways.next();
      if (!way) {
        reply(refuse('missing content-type'));
        return;
      }
      const exchange = this.#newExchange(owner, way.request, way.flow, way.identity, undefined, way.branch);
      exchange.patienceMs = patienceOf(wanted);
      exchange.keepAliveMs = hop.keepAliveMs;
      exchange.learnsAddress = wanted.method === 'REGISTER' && hop.learnsAddress;
      if (first) Object.assign(exchange, { ways, located, target: way.target });
      this.#launch(exchange, reply, first ? undefined : DNS_ERROR);
    });
  }

  #inside(owner: Application, dialogId: string, wanted: SipRequest, reply: Reply): void {
    const dialog = this.#dialogOf(dialogId, wanted);
    if (dialog?.owner !== owner) {
      reply(refuse(NO_DIALOG));
      return;
    }
    if ((wanted.method === 'BYE' || wanted.method === 'INVITE') && dialog.ackWait) {
      // The callee must not say BYE before it has the ACK (RFC 3261 section 15), and one INVITE follows the other (section 14.1).
      dialog.ackWait.afterwards(() => this.#inside(owner, dialogId, wanted, reply));
      return;
    }
    // What the far end would say if it were asked now (RFC 3261 section 14.2).
    const blocked = wanted.method === 'INVITE' && dialog.pendingInvite !== undefined;
    dialogFlow(this.#context, dialog, (flow) => {
      if (dialog.state === 'ended') {
        reply(refuse(NO_DIALOG));
        return;
      }
      const message = this.#inDialogRequest(dialog, wanted, flow ?? dialog.flow);
      if (!message) {
        reply(refuse('missing content-type'));
        return;
      }
      const identity = { callId: dialog.callId, localTag: dialog.localTag, sequence: dialog.localSequence };
      const exchange = this.#newExchange(owner, message, flow ?? dialog.flow, identity, dialog);
      const obstacle = blocked ? REQUEST_PENDING : flow ? undefined : DNS_ERROR;
      if (message.method === 'INVITE' && !obstacle) {
        dialog.pendingInvite = 'local';
        exchange.pendsInDialog = true;
      }
      this.#launch(exchange, reply, obstacle);
    });
  }

  /** Forks share one identifier: a PRACK is for the one whose provisional it names. */
  #dialogOf(dialogId: string, wanted: SipRequest): Dialog | undefined {
    const { dialogs } = this.#context;
    const fork = wanted.method === 'PRACK' ? dialogs.takeUnacknowledged(dialogId, wanted.headers.get('RAck') ?? '') : undefined;
    return fork ?? dialogs.byId(dialogId);
  }

  #inDialogRequest(dialog: Dialog, wanted: SipRequest, flow: Flow): SipRequest | undefined {
    // A repeated request with credentials says its own number (RFC 3261 section 22.1).
    const asked = parseCSeq(wanted.headers.get('CSeq') ?? '')?.sequence ?? 0;
    dialog.localSequence = Math.max(dialog.localSequence + 1, asked);
    const message = dialog.newRequest(wanted.method, dialog.localSequence);
    // The library repeats the INVITE's URI in a PRACK; the early dialog knows better.
    const literal = wanted.method !== 'PRACK' && !wanted.uri.includes('placeholder') && parseSipUri(wanted.uri);
    if (literal) message.uri = wanted.uri;
    if (!addContent(message, wanted)) return undefined;
    if (WITH_CONTACT.has(wanted.method) && message.headers.get('Contact') === undefined) {
      message.headers.append('Contact', dialog.localContact ?? ownContact(this.#context, flow));
    }
    fillLocalhost(this.#context, message.headers, flow);
    return message;
  }

  #newExchange(
    owner: Application,
    request: SipRequest,
    flow: Flow,
    identity: Identity,
    dialog: Dialog | undefined,
    branch = addVia(this.#context, request, flow),
  ): ClientExchange {
    const makesDialog = request.method === 'INVITE' || request.method === 'SUBSCRIBE';
    return {
      ...identity,
      transactionId: randomUUID(),
      owner,
      request,
      flow,
      branch,
      sent: undefined,
      dialogId: dialog?.id ?? (makesDialog ? dialogIdOf(identity.callId, identity.localTag) : ''),
      dialog,
      pendsInDialog: false,
      forks: [],
      refused: new Set(),
      provisional: false,
      final: false,
      cancelled: false,
      patienceMs: undefined,
      target: undefined,
      ways: undefined,
      located: [],
      keepAliveMs: undefined,
      learnsAddress: false,
      reliable: new Map(),
      deferredCancel: undefined,
      cancelGiveUp: undefined,
    };
  }

  /** Tells the application first, then sends; or what cannot be sent, why. */
  #launch(exchange: ClientExchange, reply: Reply, obstacle: Fault | undefined): void {
    const bytes = serialiseMessage(exchange.request);
    this.#exchanges.set(exchange.transactionId, exchange);
    reply(this.#outcome(exchange, bytes, exchange.transactionId));
    if (obstacle) this.#intake.fail(exchange, obstacle.status, obstacle.reason);
    else this.#attempts.start(exchange);
  }

  #outcome(exchange: ClientExchange, bytes: Buffer, transactionId: string): Outcome {
    const { flow, callId } = exchange;
    const passage = { ...passageOf(flow, bytes.length), peer: flow.local };
    return { ok: true, bytes, passage, callId, transactionId, dialogId: '' };
  }

  #acknowledge(owner: Application, dialogId: string, wanted: SipRequest, reply: Reply): void {
    const dialog = this.#context.dialogs.byId(dialogId);
    const { invite } = dialog ?? {};
    if (dialog?.owner !== owner || !invite) {
      reply(refuse('Server error: ACK for non-success final response is automatically generated by server'));
      return;
    }
    dialogFlow(this.#context, dialog, (found) => {
      const flow = found ?? dialog.flow;
      const ack = dialog.newRequest('ACK', invite.sequence);
      for (const { name, value } of invite.credentials) ack.headers.append(name, value);
      addContent(ack, wanted);
      const { bytes, resend } = sendAck(this.#context, ack, flow);
      invite.resendAck = resend;
      reply({
        ok: true,
        bytes,
        passage: { ...passageOf(flow, bytes.length), peer: flow.local },
        callId: dialog.callId,
        transactionId: randomUUID(),
        dialogId,
      });
      if (invite.endAfterAck !== undefined) hangUp(this.#context, dialog, invite.endAfterAck);
    });
  }

  #cancel(owner: Application, transactionId: string, wanted: SipRequest, reply: Reply): void {
    const exchange = this.#exchanges.get(transactionId);
    if (exchange?.owner !== owner || exchange.final || exchange.request.method !== 'INVITE') {
      reply(refuse(`unable to cancel unknown transaction id: ${transactionId}`));
      return;
    }
    const cancel = this.#takeBack(exchange, wanted);
    reply(this.#outcome(exchange, serialiseMessage(cancel), randomUUID()));
  }

  /** Sends CANCEL, now or with the first provisional. */
  #takeBack(exchange: ClientExchange, wanted: SipRequest | undefined): SipRequest {
    const { request, flow, branch } = exchange;
    const cancel = buildCompanion(request, 'CANCEL', request.headers.get('To') ?? '');
    if (wanted) {
      wanted.body = Buffer.alloc(0);
      addContent(cancel, wanted, NOT_IN_CANCEL);
    }
    if (exchange.cancelled) return cancel;
    exchange.cancelled = true;
    const send = (): void => {
      this.#context.transactions.send(cancel, branch, flow, {
        onResponse: () => {},
        onFailure: () => {},
        onTerminated: () => {},
      });
      // A peer that never ends the INVITE must not hold it for ever (RFC 3261 section 9.1).
      const cancelTimer = this.#context.clock.schedule(giveUpMs(this.#context.timing), () => {
        forget();
        exchange.sent?.terminate();
        this.#intake.fail(exchange, 487, 'Request Terminated');
      });
      const forget = (): void => {
        cancelTimer();
        this.#giveUps.delete(forget);
      };
      this.#giveUps.add(forget);
      exchange.cancelGiveUp = forget;
    };
    if (exchange.provisional) send();
    else exchange.deferredCancel = send;
    return cancel;
  }
}

function patienceOf(wanted: SipRequest): number | undefined {
  const value = wanted.headers.get(FIRST_RESPONSE);
  return value !== undefined && /^[1-9]\d{1,5}$/.test(value) ? Number(value) : undefined;
}
