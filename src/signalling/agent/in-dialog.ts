import type { HeaderLine } from '../message/headers.js';
import { type SipRequest, serialiseMessage } from '../message/sip-message.js';
import type { OutgoingRequest, ResponseHandler } from '../transaction/outgoing-request.js';
import type { Flow } from '../transport/flow.js';
import { transportOf } from '../transport/resolver.js';
import { addVia, sendAck } from './app-message.js';
import { type AgentContext, noPassage, resolve } from './context.js';
import type { Dialog } from './dialog.js';

/**
 * Finds the way of a request inside a dialog: its live connection, the peer's address behind a NAT, or the route set and
 * remote target. `then` gets undefined when the next hop's name leads nowhere.
 */
export function dialogFlow(context: AgentContext, dialog: Dialog, then: (flow: Flow | undefined) => void): void {
  if (dialog.flow.reliable && dialog.flow.alive) {
    then(dialog.flow);
    return;
  }
  if (dialog.natTarget) {
    then(context.transports.flowTo(dialog.natTarget));
    return;
  }
  const uri = dialog.nextHop();
  if (!uri) {
    then(undefined);
    return;
  }
  const named = uri.params.has('transport') || uri.scheme === 'sips';
  const transport = named ? transportOf(uri) : dialog.flow.transport;
  resolve(context, uri, transport ?? 'udp', (target) => {
    const flow = target && context.transports.flowTo(target);
    if (flow) dialog.flow = flow;
    then(flow);
  });
}

const DEAF: ResponseHandler = { onResponse: () => {}, onFailure: () => {}, onTerminated: () => {} };

/** Sends an in-dialog request of the server's own making. */
export function sendOwn(context: AgentContext, dialog: Dialog, message: SipRequest, handler = DEAF): void {
  dialogFlow(context, dialog, (flow) => {
    if (flow) transmit(context, message, flow, handler);
    else handler.onFailure('transport');
  });
}

export function transmit(context: AgentContext, message: SipRequest, flow: Flow, handler: ResponseHandler): OutgoingRequest {
  const branch = addVia(context, message, flow);
  return context.transactions.send(message, branch, flow, handler);
}

/** Acknowledges a 2xx that no application will acknowledge, with the INVITE's credentials if it had any. */
export function acknowledge(
  context: AgentContext,
  dialog: Dialog,
  sequence: number,
  credentials: readonly HeaderLine[] = [],
): void {
  dialogFlow(context, dialog, (found) => {
    const ack = dialog.newRequest('ACK', sequence);
    for (const { name, value } of credentials) ack.headers.append(name, value);
    sendAck(context, ack, found ?? dialog.flow);
  });
}

/** Normal clearing (16) where nothing is amiss. */
const Q850_CAUSES: Readonly<Record<string, number>> = {
  'ACK timeout': 102,
  'the application is gone': 41,
  'the server is going down': 41,
};

/** Ends a dialog on the server's own account: BYE to the peer, and unless told otherwise word of it to the application. */
export function hangUp(context: AgentContext, dialog: Dialog, why: string, tell = true): void {
  if (dialog.state === 'ended') return;
  dialog.localSequence += 1;
  const bye = dialog.newRequest('BYE', dialog.localSequence);
  // The words stand last, where drachtio's library looks for them.
  bye.headers.append('Reason', `Q.850;cause=${Q850_CAUSES[why] ?? 16}, SIP;cause=200;text="${why}"`);
  context.dialogs.end(dialog);
  sendOwn(context, dialog, bye);
  if (!tell || !dialog.owner.connected) return;
  const passage = { ...noPassage(dialog.flow.transport), peer: dialog.flow.local, sizeBytes: serialiseMessage(bye).length };
  dialog.owner.deliverUnsolicited(bye, passage, dialog.id);
}
