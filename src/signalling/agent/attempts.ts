import { parseNameAddr } from '../message/name-addr.js';
import type { SipResponse } from '../message/sip-message.js';
import { buildCompanion, type OutgoingRequest } from '../transaction/outgoing-request.js';
import type { Flow, Target } from '../transport/flow.js';
import type { ClientExchange } from './client-exchange.js';
import type { AgentContext } from './context.js';
import type { ResponseIntake } from './response-intake.js';
import type { Way } from './ways.js';

/** A server that says not one word for so long, with others waiting, has lost its turn: four transmissions over UDP. */
const PATIENCE_T1 = 8;

const tagOf = (response: SipResponse): string => parseNameAddr(response.headers.get('To') ?? '')?.params.get('tag') ?? '';

type Failure = 'timeout' | 'transport' | 'unavailable';

/** Sends requests to one of their targets after the other, until one takes them (RFC 3263 section 4.3). */
export class Attempts {
  readonly #context: AgentContext;
  readonly #intake: ResponseIntake;
  readonly #onUnanswered: (exchange: ClientExchange) => void;

  /** `onUnanswered`: an INVITE has been given up that its last target may answer yet. */
  constructor(context: AgentContext, intake: ResponseIntake, onUnanswered: (exchange: ClientExchange) => void) {
    this.#context = context;
    this.#intake = intake;
    this.#onUnanswered = onUnanswered;
  }

  start(exchange: ClientExchange): void {
    const { request, branch, flow: sentTo, ways } = exchange;
    const { clock, timing, transactions } = this.#context;
    const patienceMs = ways?.more ? Math.min(exchange.patienceMs ?? Infinity, PATIENCE_T1 * timing.t1Ms) : exchange.patienceMs;
    let sent: OutgoingRequest | undefined;
    let over = false;
    const fail = (failure: Failure, response?: SipResponse): void => {
      over = true;
      cancelPatience();
      if (!this.#goOn(exchange, failure, response)) this.#giveUp(exchange, failure, response);
    };
    // INVITE transactions keep this time themselves: they live on, for whom was only slow.
    const watched = patienceMs !== undefined && request.method !== 'INVITE';
    const giveUp = (): void => {
      sent?.terminate();
      fail('timeout');
    };
    const cancelPatience = watched ? clock.schedule(patienceMs, giveUp) : () => {};
    const handler = {
      onResponse: (response: SipResponse, flow: Flow, sizeBytes: number): void => {
        cancelPatience();
        if (over) this.#late(exchange, { request, branch, flow: sentTo }, response, flow);
        else if (response.status === 503 && this.#mayGoOn(exchange)) fail('unavailable', response);
        else {
          if (exchange.target && response.status !== 503) this.#context.avoided.worked(exchange.target);
          this.#intake.onResponse(exchange, response, flow, sizeBytes);
        }
      },
      onFailure: (failure: 'timeout' | 'transport'): void => {
        if (!over) fail(failure);
      },
      onTerminated: () => {},
    };
    sent = transactions.send(request, branch, sentTo, handler, patienceMs);
    exchange.sent = sent;
  }

  /** Nothing but a 100 may have come: what rings already must not ring twice. */
  #mayGoOn({ ways, cancelled, final, forks, dialog }: ClientExchange): boolean {
    return ways?.more === true && !cancelled && !final && forks.length === 0 && !dialog;
  }

  /** @returns false when there is no other way. */
  #goOn(exchange: ClientExchange, failure: Failure, response: SipResponse | undefined): boolean {
    const { target } = exchange;
    if (target) this.#avoid(exchange, target, failure, response);
    const way = this.#mayGoOn(exchange) ? exchange.ways?.next() : undefined;
    if (!way) return false;
    this.#context.log.info({ failure, from: target, to: way.target }, 'trying the next server');
    Object.assign(exchange, { request: way.request, target: way.target, flow: way.flow, branch: way.branch, provisional: false });
    this.start(exchange);
    return true;
  }

  #avoid({ request }: ClientExchange, target: Target, failure: Failure, response: SipResponse | undefined): void {
    const seconds = /^\s*(\d{1,6})/.exec(response?.headers.get('Retry-After') ?? '')?.[1];
    // A server that does not say for how long is only passed over for this request (RFC 3261 section 21.5.4). A registration lasts:
    // the calls that follow it go where it was accepted.
    if (failure === 'unavailable' && seconds === undefined && request.method !== 'REGISTER') return;
    this.#context.avoided.failed(target, seconds === undefined ? undefined : Number(seconds) * 1000);
  }

  #giveUp(exchange: ClientExchange, failure: Failure, response: SipResponse | undefined): void {
    if (failure === 'timeout') {
      this.#intake.fail(exchange, 408, 'Request Timeout');
      if (exchange.request.method === 'INVITE') this.#onUnanswered(exchange);
    } else this.#intake.fail(exchange, 503, response?.reason ?? 'Service Unavailable');
  }

  /** An INVITE's target that was slow, and passed over: should it ring, it rings for nobody. */
  #late(exchange: ClientExchange, attempt: Pick<Way, 'request' | 'branch' | 'flow'>, response: SipResponse, flow: Flow): void {
    const { request, branch } = attempt;
    if (request.method !== 'INVITE') return;
    if (exchange.branch === branch) this.#intake.onResponse(exchange, response, flow, 0);
    else if (response.status < 200) {
      const cancel = buildCompanion(request, 'CANCEL', request.headers.get('To') ?? '');
      const deaf = { onResponse: () => {}, onFailure: () => {}, onTerminated: () => {} };
      this.#context.transactions.send(cancel, branch, attempt.flow, deaf);
    } else if (response.status < 300 && !exchange.refused.has(tagOf(response))) this.#intake.refuseFork(exchange, response, flow);
  }
}
