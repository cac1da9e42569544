import { Headers } from '../message/headers.js';
import { type SipRequest, serialiseMessage } from '../message/sip-message.js';
import type { Flow, Target } from '../transport/flow.js';
import { addVia } from './app-message.js';
import type { AgentContext } from './context.js';
import { completeRequest, type Identity } from './new-request.js';

/** RFC 3261 section 18.1.1: what is larger goes over TCP, where the path's MTU is not known. */
const MOST_OVER_UDP_BYTES = 1300;

/** A request as it goes to one target. */
export type Way = { request: SipRequest; identity: Identity; target: Target; flow: Flow; branch: string };

/** The targets of one request in their order; the request is the same for all but for what says how it travels. */
export class Ways {
  readonly #context: AgentContext;
  #wanted: SipRequest;
  readonly #left: { target: Target; anySize: boolean }[];

  constructor(context: AgentContext, wanted: SipRequest, targets: readonly Target[]) {
    this.#context = context;
    this.#wanted = wanted;
    this.#left = targets.map((target) => ({ target, anySize: false }));
  }

  /** Another target follows the present one. */
  get more(): boolean {
    return this.#left.length > 0;
  }

  /** @returns undefined when none is left, or the request cannot be completed, which shows with the first. */
  next(): Way | undefined {
    const candidate = this.#left.shift();
    if (!candidate) return undefined;
    const way = this.#wayTo(candidate.target);
    if (!way || candidate.anySize || way.target.transport !== 'udp') return way;
    if (serialiseMessage(way.request).length <= MOST_OVER_UDP_BYTES) return way;
    const stream: Target = { ...candidate.target, transport: 'tcp' };
    if (this.#context.avoided.includes(stream)) return way;
    // Where nobody listens on TCP, UDP has to do (the same section).
    this.#left.unshift({ ...candidate, anySize: true });
    return this.#wayTo(stream);
  }

  #wayTo(target: Target): Way | undefined {
    const flow = this.#context.transports.flowTo(target);
    const complete = completeRequest(this.#context, this.#wanted, flow);
    if (!complete) return undefined;
    const { message: request, identity } = complete;
    this.#keepIdentity(request);
    return { request, identity, target, flow, branch: addVia(this.#context, request, flow) };
  }

  /** RFC 3263 section 4.3: only the branch is another on another way. */
  #keepIdentity(request: SipRequest): void {
    const headers = new Headers([...this.#wanted.headers]);
    for (const name of ['From', 'To', 'Call-ID', 'CSeq']) headers.set(name, request.headers.get(name) ?? '');
    this.#wanted = { ...this.#wanted, headers };
  }
}
