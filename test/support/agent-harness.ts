import { FakeClock } from '../../src/core/clock.js';
import { silentLogger } from '../../src/core/log.js';
import type { Seen } from '../../src/core/own-addresses.js';
import type { Application, Delivery, Outcome, Passage } from '../../src/signalling/agent/application.js';
import type { AgentContext } from '../../src/signalling/agent/context.js';
import { UserAgent } from '../../src/signalling/agent/user-agent.js';
import { parseDatagram } from '../../src/signalling/message/parse-message.js';
import type { SipMessage, SipRequest, SipResponse } from '../../src/signalling/message/sip-message.js';
import { RFC_TIMING } from '../../src/signalling/transaction/timing.js';
import type { Naptr, Srv } from '../../src/signalling/transport/dns.js';
import type { Address, Flow, Target } from '../../src/signalling/transport/flow.js';

export const PEER: Target = { transport: 'udp', address: '198.51.100.7', port: 5062 };

export type Sent = { atMs: number; to: Target; message: SipMessage; text: string };

/** An application that writes down what it is told. */
export class FakeApplication implements Application {
  connected = true;
  readonly requests: Delivery<SipRequest>[] = [];
  readonly responses: Delivery<SipResponse>[] = [];
  readonly unsolicited: { reason: string; dialogId: string }[] = [];

  deliverRequest(delivery: Delivery<SipRequest>): void {
    this.requests.push(delivery);
  }

  deliverResponse(delivery: Delivery<SipResponse>): void {
    this.responses.push(delivery);
  }

  deliverUnsolicited(bye: SipRequest, _: Passage, dialogId: string): void {
    this.unsolicited.push({ reason: bye.headers.get('Reason') ?? '', dialogId });
  }

  /** The newest request of this method. */
  last(method: string): Delivery<SipRequest> {
    const found = this.requests.findLast((r) => r.message.method === method);
    if (!found) throw new Error(`no ${method} was delivered`);
    return found;
  }
}

/** A user agent between a network and an application that are both in the test's hands; time stands still until told. */
export class AgentHarness {
  readonly clock: FakeClock;
  readonly app = new FakeApplication();
  readonly sent: Sent[] = [];
  /** What the DNS knows. */
  readonly names: Record<string, string[]> = {};
  readonly srv: Record<string, Srv[]> = {};
  readonly naptr: Record<string, Naptr[]> = {};
  /** Connections to these are refused. */
  readonly refusing = new Set<string>();
  routed: string[] = ['INVITE', 'INFO', 'OPTIONS'];
  /** Where peers see us. */
  readonly learned: [peer: string, seen: Seen][] = [];
  /** Registrars that are to be asked again. */
  readonly due: Address[] = [];
  readonly agent: UserAgent;

  /** `gate`: absent, everybody is let in. */
  constructor(gate: AgentContext['gate'] = { judge: () => 'serve', judgeMalformed: () => true }, clock = new FakeClock(0)) {
    this.clock = clock;
    const transports = {
      flowTo: (target: Target) => this.flow(target),
      advertised: () => ({ host: '192.0.2.1', port: 5060 }),
      learn: (peer: string, seen: Seen) => void this.learned.push([peer, seen]),
      isSelf: (target: Target) => target.address === '192.0.2.1' && target.port === 5060,
    };
    const dns = {
      addresses: (host: string) => Promise.resolve(this.names[host] ?? []),
      services: (name: string) => Promise.resolve(this.srv[name] ?? []),
      pointers: (domain: string) => Promise.resolve(this.naptr[domain] ?? []),
    };
    this.agent = new UserAgent(
      {
        clock: this.clock,
        timing: RFC_TIMING,
        transports,
        dns,
        gate,
        log: silentLogger,
        onRegistrationDue: (registrar) => this.due.push(registrar),
      },
      {
        next: (method) => (this.app.connected && this.routed.includes(method) ? this.app : undefined),
        routed: () => this.routed,
      },
    );
  }

  flow(remote: Target): Flow {
    const local: Address = { address: '192.0.2.1', port: 5060 };
    const send = (bytes: Buffer, onError?: (error: Error) => void): void => {
      if (this.refusing.has(`${remote.transport}/${remote.address}`)) {
        this.clock.schedule(0, () => onError?.(new Error('refused')));
        return;
      }
      const message = parseDatagram(bytes)?.message;
      if (message) this.sent.push({ atMs: this.clock.nowMs(), to: remote, message, text: bytes.toString() });
    };
    return { transport: remote.transport, reliable: remote.transport === 'tcp', local, remote, alive: true, send };
  }

  /** A message arrives from the network. */
  receive(text: string, from: Target = PEER): void {
    const parsed = parseDatagram(Buffer.from(text));
    if (!parsed) return;
    const received = { message: parsed.message, flow: this.flow(from), sizeBytes: text.length };
    if (parsed.fault) this.agent.receiveFaulty(received, parsed.fault);
    else this.agent.receive(received);
  }

  /** The application answers the newest request of this method. */
  respond(method: string, startLine: string, headers: readonly string[] = [], body = ''): Outcome {
    return this.#outcome((reply) =>
      this.agent.respond(this.app, this.app.last(method).transactionId, appText(startLine, headers, body), reply),
    );
  }

  /** The application asks for a request. */
  request(
    startLine: string,
    headers: readonly string[] = [],
    where: { dialogId?: string; transactionId?: string; routeUrl?: string; body?: string } = {},
  ): Outcome {
    const { dialogId = '', transactionId = '', routeUrl = '', body = '' } = where;
    const text = appText(startLine, headers, body);
    return this.#outcome((reply) => this.agent.request(this.app, { dialogId, transactionId, routeUrl, text }, reply));
  }

  /** Start lines of what was sent, with their time, since the last look. */
  look(): string[] {
    return this.sent.splice(0).map(({ atMs, message }) => `${atMs} ${firstWords(message)}`);
  }

  lastSent(): Sent {
    const last = this.sent.at(-1);
    if (!last) throw new Error('nothing was sent');
    return last;
  }

  #outcome(ask: (reply: (outcome: Outcome) => void) => void): Outcome {
    let outcome: Outcome | undefined;
    ask((given) => {
      outcome = given;
    });
    return outcome ?? { ok: false, reason: 'no reply yet' };
  }
}

const appText = (startLine: string, headers: readonly string[], body: string): Buffer =>
  Buffer.from([startLine, ...headers, '', body].join('\r\n'));

const firstWords = (message: SipMessage): string =>
  message.kind === 'request' ? message.method : `${message.status} ${message.headers.get('CSeq')?.split(' ')[1]}`;

export type Overrides = { branch?: string; cseq?: number; toTag?: string; fromTag?: string; callId?: string; uri?: string };

/** A request of the peer's. */
export function peerRequest(method: string, overrides: Overrides = {}, extra: readonly string[] = [], body = ''): string {
  const { branch = `z9hG4bK-${method}-1`, cseq = 1, toTag, fromTag = 'ann', callId = 'call-1' } = overrides;
  const lines = [
    `${method} ${overrides.uri ?? 'sip:agent@192.0.2.1'} SIP/2.0`,
    `Via: SIP/2.0/UDP 198.51.100.7:5062;branch=${branch};rport`,
    'Max-Forwards: 70',
    `From: <sip:ann@198.51.100.7>;tag=${fromTag}`,
    `To: <sip:agent@192.0.2.1>${toTag === undefined ? '' : `;tag=${toTag}`}`,
    `Call-ID: ${callId}`,
    `CSeq: ${cseq} ${method}`,
    ...(extra.some((line) => line.startsWith('Contact')) ? [] : ['Contact: <sip:ann@198.51.100.7:5062>']),
    ...extra.filter((line) => line !== 'Contact'),
    `Content-Length: ${Buffer.byteLength(body)}`,
  ];
  return `${lines.join('\r\n')}\r\n\r\n${body}`;
}

/** The peer's response to a request of ours. */
export function peerResponse(request: SipMessage, status: number, toTag: string, extra: readonly string[] = []): string {
  const lines = [`SIP/2.0 ${status} Whatever`];
  for (const { name, value } of request.headers) {
    if (!['Via', 'From', 'To', 'Call-ID', 'CSeq'].includes(name)) continue;
    lines.push(
      name === 'To' && toTag !== '' && !value.includes(';tag=') ? `${name}: ${value};tag=${toTag}` : `${name}: ${value}`,
    );
  }
  return `${[...lines, ...extra].join('\r\n')}\r\n\r\n`;
}

export const tagIn = (value: string | undefined): string => /;tag=([^;\s]+)/.exec(value ?? '')?.[1] ?? '';
