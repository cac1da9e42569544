import { TransactionLayer } from '../transaction/transaction-layer.js';
import { Avoided } from '../transport/avoided.js';
import type { Address, Flow, Received } from '../transport/flow.js';
import type { Application, ApplicationDirectory, Reply } from './application.js';
import type { AgentContext } from './context.js';
import { Dialogs } from './dialogs.js';
import { hangUp } from './in-dialog.js';
import { Inbound } from './inbound.js';
import { KeepAlives } from './keep-alives.js';
import { type Command, Outbound } from './outbound.js';
import { StandIns } from './stand-ins.js';

export type UserAgentPorts = Omit<AgentContext, 'transactions' | 'dialogs' | 'random' | 'avoided' | 'keepAlives' | 'standIns'> & {
  random?: () => number;
  /** Whoever is registered there should register again: the connection is gone, or a better server may be back. */
  onRegistrationDue?: (registrar: Address) => void;
};

/** Everything above the transports: transactions, dialogs, and the applications they belong to. */
export class UserAgent {
  readonly #context: AgentContext;
  readonly #inbound: Inbound;
  readonly #outbound: Outbound;

  constructor(ports: UserAgentPorts, directory: ApplicationDirectory) {
    const transactions = new TransactionLayer(ports.clock, ports.timing, (target) => ports.transports.flowTo(target), {
      admit: (arrived) => this.#inbound.admit(arrived),
      admitFault: (received) => this.#inbound.admitFault(received),
      onRequest: (request) => this.#inbound.onRequest(request),
      onAck: (ack) => this.#inbound.onAck(ack),
      onCancel: (cancel, invite) => this.#inbound.onCancel(cancel, invite),
    });
    const { clock, random = Math.random, onRegistrationDue = () => {} } = ports;
    const keepAlives = new KeepAlives(clock, onRegistrationDue);
    const avoided = new Avoided(clock);
    const standIns = new StandIns(clock, avoided, onRegistrationDue);
    this.#context = { ...ports, random, transactions, dialogs: new Dialogs(), avoided, keepAlives, standIns };
    this.#inbound = new Inbound(this.#context, directory);
    this.#outbound = new Outbound(this.#context);
  }

  /** What exists now; all zero when every call has ended and every transaction has been forgotten. */
  get load(): { dialogs: number; transactions: number; pending: number } {
    return {
      dialogs: this.#context.dialogs.size,
      transactions: this.#context.transactions.size,
      pending: this.#inbound.pending + this.#outbound.pending,
    };
  }

  receive(received: Received): void {
    this.#context.transactions.receive(received);
  }

  /** A connection has closed. */
  flowClosed(flow: Flow): void {
    this.#context.keepAlives.closed(flow);
  }

  receiveFaulty(received: Received, fault: { status: number; reason: string }): void {
    this.#context.transactions.receiveFaulty(received, fault);
  }

  respond(owner: Application, transactionId: string, text: Buffer, reply: Reply): void {
    this.#inbound.respond(owner, transactionId, text, reply);
  }

  request(owner: Application, command: Command, reply: Reply): void {
    this.#outbound.request(owner, command, reply);
  }

  /** The application's connection is gone for good: its calls are ended, what it was asked is answered. */
  abandon(owner: Application): void {
    this.#endAll('the application is gone', owner);
  }

  /** Says goodbye to everybody; for a server that is about to close. */
  endAll(): void {
    this.#endAll('the server is going down', undefined);
  }

  #endAll(why: string, owner: Application | undefined): void {
    this.#inbound.abandon(owner);
    this.#outbound.abandon(owner);
    for (const dialog of this.#context.dialogs.ownedBy(owner)) {
      if (dialog.state !== 'confirmed') continue;
      if (dialog.ackWait) dialog.ackWait.afterwards(() => hangUp(this.#context, dialog, why));
      else hangUp(this.#context, dialog, why);
    }
  }

  /** Forgets everything at once, without a word to anybody. */
  close(): void {
    for (const dialog of this.#context.dialogs.ownedBy(undefined)) this.#context.dialogs.end(dialog);
    this.#outbound.close();
    this.#context.keepAlives.close();
    this.#context.standIns.close();
    this.#context.transactions.close();
  }
}
