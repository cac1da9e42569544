import { isIP } from 'node:net';
import { buildResponse } from '../message/build-response.js';
import { isFault, readEnvelope } from '../message/envelope.js';
import type { SipResponse } from '../message/sip-message.js';
import { newTag } from '../message/tokens.js';
import { parseVia } from '../message/via.js';
import { giveUpMs } from '../transaction/timing.js';
import type { Flow } from '../transport/flow.js';
import type { Passage } from './application.js';
import type { ClientExchange } from './client-exchange.js';
import { type AgentContext, noPassage, passageOf } from './context.js';
import { contactUri, Dialog, natTargetOf } from './dialog.js';
import { acknowledge, hangUp } from './in-dialog.js';

/** Takes the responses to applications' requests: keeps dialogs, hands them on. */
export class ResponseIntake {
  readonly #context: AgentContext;
  readonly #onFinal: (exchange: ClientExchange) => void;

  constructor(context: AgentContext, onFinal: (exchange: ClientExchange) => void) {
    this.#context = context;
    this.#onFinal = onFinal;
  }

  onResponse(exchange: ClientExchange, response: SipResponse, flow: Flow, sizeBytes: number): void {
    if (!exchange.provisional && response.status < 200) {
      exchange.provisional = true;
      exchange.deferredCancel?.();
    }
    if (response.status === 100) return;
    if (exchange.learnsAddress) this.#learnAddress(response, flow);
    const passage = passageOf(flow, sizeBytes);
    const isInvite = exchange.request.method === 'INVITE';
    if (response.status < 200) {
      if (exchange.final) return;
      if (isInvite && !exchange.dialog) this.#enterEarly(exchange, response, flow);
      if (!isInvite || this.#isNext(exchange, response)) this.#forward(exchange, response, passage);
    } else if (isInvite && response.status < 300) this.#onSuccess(exchange, response, flow, passage);
    else this.#onFinalResponse(exchange, response, passage);
  }

  /** Tells the application of a failure no peer has reported. */
  fail(exchange: ClientExchange, status: number, reason: string): void {
    if (exchange.final) return;
    const response = buildResponse(exchange.request, status, newTag(), reason);
    this.#onFinalResponse(exchange, response, noPassage(exchange.flow.transport));
  }

  #onFinalResponse(exchange: ClientExchange, response: SipResponse, passage: Passage): void {
    if (exchange.final) return;
    this.#finish(exchange);
    const { dialog, request } = exchange;
    for (const early of exchange.forks) this.#context.dialogs.end(early);
    const challenged = response.status === 401 || response.status === 407;
    if (dialog && request.method === 'BYE') this.#onByeAnswered(dialog, challenged);
    if (dialog && request.method === 'UPDATE' && response.status < 300) {
      dialog.refreshTarget(response.headers.list('Contact')[0]);
    }
    if (request.method === 'REGISTER' && response.status < 300) this.#keepWayOpen(exchange);
    this.#forward(exchange, response, passage);
  }

  /** An application that cannot answer the challenge must not leave the dialog behind. */
  #onByeAnswered(dialog: Dialog, challenged: boolean): void {
    const { clock, timing, dialogs } = this.#context;
    dialog.cancelForget?.();
    if (challenged) dialog.cancelForget = clock.schedule(giveUpMs(timing), () => dialogs.end(dialog));
    else dialogs.end(dialog);
  }

  /** RFC 3581 section 4; a challenge tells it as well, so that what is repeated with credentials names the right Contact. */
  #learnAddress(response: SipResponse, flow: Flow): void {
    const { host, port, params } = parseVia(response.headers.list('Via')[0] ?? '') ?? {};
    const seenAt = Number(params?.get('rport') ?? port ?? 0);
    const address = params?.get('received') ?? host;
    if (address !== undefined && isIP(address) !== 0 && seenAt > 0) {
      this.#context.transports.learn(flow.remote.address, { address, port: seenAt });
    }
  }

  #keepWayOpen({ request, flow, keepAliveMs, callId, target, located }: ClientExchange): void {
    const forMs = Number(request.headers.get('Expires') ?? 3600) * 1000;
    this.#context.keepAlives.hold(flow, keepAliveMs, forMs);
    if (target) this.#context.standIns.accepted({ callId, target, located, forMs });
  }

  #onSuccess(exchange: ClientExchange, response: SipResponse, flow: Flow, passage: Passage): void {
    const envelope = readEnvelope(response);
    if (isFault(envelope)) return;
    const toTag = envelope.toTag ?? '';
    if (exchange.final) {
      const known = this.#context.dialogs.find(exchange.callId, exchange.localTag, toTag);
      if (known?.invite?.sequence === exchange.sequence) known.invite.resendAck?.();
      else if (!exchange.dialog && !exchange.refused.has(toTag)) this.refuseFork(exchange, response, flow);
      return;
    }
    this.#finish(exchange);
    const dialog = exchange.dialog ?? this.#newDialog(exchange, response, flow);
    if (exchange.dialog) dialog.refreshTarget(response.headers.list('Contact')[0]);
    else {
      for (const early of exchange.forks) this.#context.dialogs.end(early);
      this.#context.dialogs.add(dialog);
      this.#context.dialogs.confirm(dialog);
      exchange.forks.push(dialog);
    }
    this.#awaitAppAck(exchange, dialog, response);
    if (exchange.owner.connected) this.#forward(exchange, response, passage);
    else this.#acknowledgeAndEnd(dialog, 'the application is gone');
  }

  #awaitAppAck(exchange: ClientExchange, dialog: Dialog, response: SipResponse): void {
    let endAfterAck: string | undefined;
    if (exchange.cancelled) endAfterAck = 'ACK-BYE due to cancel race condition';
    else if (!exchange.dialog && contactUri(response.headers.list('Contact')[0]) === undefined) {
      endAfterAck = 'no Contact in the final response';
    }
    dialog.invite = {
      sequence: exchange.sequence,
      resendAck: undefined,
      endAfterAck,
      credentials: [...exchange.request.headers].filter(({ name }) => name.endsWith('uthorization')),
    };
  }

  /** Another fork has answered too: accept it for the protocol's sake and end it (RFC 3261 section 13.2.2.4). */
  refuseFork(exchange: ClientExchange, response: SipResponse, flow: Flow): void {
    const dialog = this.#newDialog(exchange, response, flow);
    dialog.state = 'confirmed';
    exchange.refused.add(dialog.remoteTag);
    this.#awaitAppAck(exchange, dialog, response);
    this.#acknowledgeAndEnd(dialog, 'another branch has answered', false);
  }

  #acknowledgeAndEnd(dialog: Dialog, why: string, tell = true): void {
    const { invite } = dialog;
    acknowledge(this.#context, dialog, invite?.sequence ?? dialog.localSequence, invite?.credentials);
    hangUp(this.#context, dialog, why, tell);
  }

  #enterEarly(exchange: ClientExchange, response: SipResponse, flow: Flow): void {
    const envelope = readEnvelope(response);
    if (isFault(envelope) || envelope.toTag === undefined) return;
    const known = this.#context.dialogs.find(exchange.callId, exchange.localTag, envelope.toTag);
    if (known) known.refreshTarget(response.headers.list('Contact')[0]);
    else {
      const dialog = this.#newDialog(exchange, response, flow);
      exchange.forks.push(dialog);
      this.#context.dialogs.add(dialog);
    }
  }

  /** RFC 3262 section 4: a reliable provisional that repeats another, or that one before it is missing for, is passed over. */
  #isNext(exchange: ClientExchange, response: SipResponse): boolean {
    const { headers } = response;
    const sequence = /^\d{1,10}$/.test(headers.get('RSeq') ?? '') ? Number(headers.get('RSeq')) : undefined;
    const envelope = readEnvelope(response);
    if (sequence === undefined || !headers.hasOption('Require', '100rel') || isFault(envelope) || envelope.toTag === undefined) {
      // The library would acknowledge it.
      headers.remove('RSeq');
      return true;
    }
    const last = exchange.reliable.get(envelope.toTag);
    if (last !== undefined && sequence !== last + 1) return false;
    exchange.reliable.set(envelope.toTag, sequence);
    const fork = exchange.dialog ?? this.#context.dialogs.find(exchange.callId, exchange.localTag, envelope.toTag);
    if (fork) this.#context.dialogs.unacknowledged(fork, `${sequence} ${exchange.sequence} INVITE`);
    return true;
  }

  /** RFC 3261 section 12.1.2; the route set of a 2xx replaces that of the early dialog (section 13.2.2.4). */
  #newDialog(exchange: ClientExchange, response: SipResponse, flow: Flow): Dialog {
    const { request, callId, localTag } = exchange;
    const remoteParty = response.headers.get('To') ?? '';
    const remoteTag = /;\s*tag\s*=\s*([^;\s]+)/i.exec(remoteParty.slice(remoteParty.lastIndexOf('>') + 1))?.[1] ?? '';
    const remoteTarget = contactUri(response.headers.list('Contact')[0]) ?? request.uri;
    const routeSet = response.headers.list('Record-Route').toReversed();
    const early = this.#context.dialogs.find(callId, localTag, remoteTag);
    const dialog = new Dialog({
      id: exchange.dialogId,
      role: 'uac',
      owner: exchange.owner,
      callId,
      localTag,
      remoteTag,
      localParty: request.headers.get('From') ?? '',
      remoteParty,
      remoteTarget,
      routeSet,
      localSequence: Math.max(early?.localSequence ?? 0, exchange.sequence),
      remoteSequence: early?.remoteSequence,
      flow,
    });
    dialog.natTarget = natTargetOf(flow, remoteTarget, routeSet);
    dialog.localContact = request.headers.get('Contact');
    return dialog;
  }

  #finish(exchange: ClientExchange): void {
    exchange.final = true;
    exchange.cancelGiveUp?.();
    if (exchange.pendsInDialog && exchange.dialog) exchange.dialog.pendingInvite = undefined;
    this.#onFinal(exchange);
  }

  #forward(exchange: ClientExchange, response: SipResponse, passage: Passage): void {
    const { owner, transactionId, dialogId } = exchange;
    owner.deliverResponse({ message: response, passage, transactionId, dialogId });
  }
}
