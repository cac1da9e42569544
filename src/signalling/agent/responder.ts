import { randomUUID } from 'node:crypto';
import type { Cancel } from '../../core/clock.js';
import { buildResponse } from '../message/build-response.js';
import { withTag } from '../message/name-addr.js';
import { reasonPhrase, type SipRequest, type SipResponse } from '../message/sip-message.js';
import { InviteServerTransaction } from '../transaction/invite-server.js';
import { Retransmitter } from '../transaction/retransmitter.js';
import { giveUpMs } from '../transaction/timing.js';
import { AckWait } from './ack-wait.js';
import { addContent, fillLocalhost } from './app-message.js';
import { type Outcome, refuse } from './application.js';
import { type AgentContext, ownContact, passageOf } from './context.js';
import { contactUri, Dialog, dialogIdOf, natTargetOf } from './dialog.js';
import { hangUp } from './in-dialog.js';
import type { ServerExchange } from './server-exchange.js';

/** Responses to these carry our Contact when they succeed. */
const WITH_CONTACT = new Set(['INVITE', 'UPDATE', 'SUBSCRIBE']);

/** Turns applications' answers into responses, and keeps the dialogs they make, change and end. */
export class Responder {
  readonly #context: AgentContext;
  readonly #allow: () => string;
  readonly #onNoPrack: (exchange: ServerExchange) => void;

  constructor(context: AgentContext, allow: () => string, onNoPrack: (exchange: ServerExchange) => void) {
    this.#context = context;
    this.#allow = allow;
    this.#onNoPrack = onNoPrack;
  }

  respond(exchange: ServerExchange, answer: SipResponse): Outcome {
    const { request } = exchange;
    const { status } = answer;
    const reliable = this.#reliable(exchange, answer);
    if (reliable === 'impossible') return refuse('Remote endpoint does not support 100rel');
    this.#adoptTag(exchange, answer);
    const reason = answer.reason === '' || answer.reason === 'undefined' ? reasonPhrase(status) : answer.reason;
    const response = buildResponse(request.message, status, status === 100 ? undefined : exchange.localTag, reason);
    addContent(response, answer, new Set(['Require']));
    for (const option of answer.headers.list('Require')) response.headers.append('Require', option);
    this.#addOwnHeaders(exchange, response, reliable);
    const bytes = request.respond(response);
    if (!bytes) return refuse('Response not sent due to unknown transaction');
    exchange.tagged ||= status > 100;
    exchange.final = status >= 200;
    if (request.method === 'INVITE' && status > 100 && status < 300) this.#enterDialog(exchange, response);
    if (exchange.final) this.settleDialog(exchange, status);
    if (reliable === 'yes') this.#awaitPrack(exchange, bytes);
    return {
      ok: true,
      bytes,
      passage: passageOf(request.flow, bytes.length),
      callId: request.envelope.callId,
      transactionId: exchange.transactionId,
      dialogId: request.method === 'BYE' ? '' : (exchange.dialog?.id ?? ''),
    };
  }

  /** What a final response does to the dialog around it. */
  settleDialog(exchange: ServerExchange, status: number): void {
    const { dialog, request } = exchange;
    if (!dialog) return;
    const success = status < 300;
    // Its PRACK may be under way (RFC 3262 section 3).
    if (request.method === 'INVITE') dialog.provisional?.stop();
    if (request.method === 'BYE') this.#context.dialogs.end(dialog);
    else if (exchange.inDialog) {
      if (request.method === 'INVITE') dialog.pendingInvite = undefined;
      if (request.method === 'UPDATE') dialog.pendingUpdate = false;
      if (success && (request.method === 'INVITE' || request.method === 'UPDATE')) {
        dialog.refreshTarget(request.message.headers.list('Contact')[0]);
      }
    } else if (!success && request.method === 'INVITE') this.#context.dialogs.end(dialog);
  }

  /** @returns false when the PRACK is for no provisional that waits (RFC 3262 section 3). */
  takePrack(prack: SipRequest, dialog: Dialog): boolean {
    const rack = /^\s*(\d+)\s+(\d+)\s+INVITE\b/.exec(prack.headers.get('RAck') ?? '');
    if (!rack || dialog.provisional?.rack !== `${Number(rack[1])} ${Number(rack[2])}`) return false;
    dialog.provisional.stop();
    dialog.provisional = undefined;
    return true;
  }

  /** The first tagged response may carry a tag of the application's choice. */
  #adoptTag(exchange: ServerExchange, answer: SipResponse): void {
    if (exchange.tagged || exchange.inDialog) return;
    const to = answer.headers.get('To') ?? '';
    const tag = /;\s*tag\s*=\s*([^;\s|]+)/i.exec(to.slice(to.lastIndexOf('>') + 1))?.[1];
    if (tag !== undefined) exchange.localTag = tag;
  }

  #reliable(exchange: ServerExchange, answer: SipResponse): 'yes' | 'no' | 'impossible' {
    const { message } = exchange.request;
    if (message.method !== 'INVITE' || answer.status <= 100 || answer.status >= 200) return 'no';
    if (message.headers.hasOption('Require', '100rel')) return 'yes';
    if (!answer.headers.hasOption('Require', '100rel')) return 'no';
    return message.headers.hasOption('Supported', '100rel') ? 'yes' : 'impossible';
  }

  #addOwnHeaders(exchange: ServerExchange, response: SipResponse, reliable: 'yes' | 'no'): void {
    const { request } = exchange;
    const { headers, status } = response;
    if (reliable === 'yes') {
      exchange.reliableSequence += 1;
      headers.append('RSeq', String(exchange.reliableSequence));
      if (!headers.hasOption('Require', '100rel')) headers.append('Require', '100rel');
    }
    const success = status >= 200 && status < 300;
    const wantsContact = WITH_CONTACT.has(request.method) && (success || reliable === 'yes');
    if (wantsContact && headers.get('Contact') === undefined) {
      headers.append('Contact', exchange.dialog?.localContact ?? ownContact(this.#context, request.flow));
    }
    fillLocalhost(this.#context, headers, request.flow);
    if (success && request.method === 'INVITE' && headers.get('Allow') === undefined) headers.append('Allow', this.#allow());
  }

  /** The first response with a tag makes the dialog, a 2xx confirms it (RFC 3261 section 12.1.1). */
  #enterDialog(exchange: ServerExchange, response: SipResponse): void {
    const { dialogs } = this.#context;
    const { message, envelope, flow } = exchange.request;
    if (!exchange.dialog) {
      const contact = message.headers.list('Contact')[0];
      const routeSet = message.headers.list('Record-Route');
      const remoteTarget = contactUri(contact) ?? envelope.from.uri;
      exchange.dialog = new Dialog({
        id: dialogIdOf(envelope.callId, envelope.fromTag ?? ''),
        role: 'uas',
        owner: exchange.owner,
        callId: envelope.callId,
        localTag: exchange.localTag,
        remoteTag: envelope.fromTag ?? '',
        localParty: withTag(message.headers.get('To') ?? '', exchange.localTag),
        remoteParty: message.headers.get('From') ?? '',
        remoteTarget,
        routeSet,
        localSequence: 0,
        remoteSequence: envelope.sequence,
        flow,
      });
      exchange.dialog.natTarget = natTargetOf(flow, remoteTarget, routeSet);
      dialogs.add(exchange.dialog);
    }
    const { dialog } = exchange;
    dialog.localContact = response.headers.get('Contact') ?? dialog.localContact;
    if (response.status < 200) return;
    if (!exchange.inDialog) dialogs.confirm(dialog);
    this.#awaitAck(exchange, dialog);
  }

  #awaitAck(exchange: ServerExchange, dialog: Dialog): void {
    const { clock, timing } = this.#context;
    const { transaction, envelope } = exchange.request;
    const transactionId = exchange.inDialog ? (randomUUID() as string) : exchange.transactionId;
    dialog.ackWait = new AckWait(
      clock,
      timing,
      { sequence: envelope.sequence, transactionId },
      {
        resend: () => {
          if (transaction instanceof InviteServerTransaction) transaction.resendAccepted();
        },
        onTimeout: () => hangUp(this.#context, dialog, 'ACK timeout'),
      },
    );
  }

  /** RFC 3262 section 3: repeated from T1 on, doubling, and given up after 64*T1. */
  #awaitPrack(exchange: ServerExchange, bytes: Buffer): void {
    const { dialog, request, reliableSequence } = exchange;
    if (!dialog) return;
    const { clock, timing } = this.#context;
    dialog.provisional?.stop();
    const retransmitter = new Retransmitter(clock, timing.t1Ms, Infinity, () => request.flow.send(bytes));
    const cancelDeadline: Cancel = clock.schedule(giveUpMs(timing), () => {
      retransmitter.stop();
      this.#onNoPrack(exchange);
    });
    dialog.provisional = {
      rack: `${reliableSequence} ${request.envelope.sequence}`,
      stop: () => {
        retransmitter.stop();
        cancelDeadline();
      },
    };
  }
}
