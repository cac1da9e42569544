import type { Headers } from '../message/headers.js';
import { parseHead } from '../message/parse-message.js';
import { type SipMessage, type SipRequest, serialiseMessage } from '../message/sip-message.js';
import { newBranch } from '../message/tokens.js';
import { formatHost } from '../message/uri.js';
import type { Flow } from '../transport/flow.js';
import { type AgentContext, transportParam } from './context.js';

/**
 * In an application's INVITE: milliseconds after which it counts as unanswered (408) unless any response has come, a 100 included.
 * Never sent on; a drachtio-server passes it on like any header it does not know.
 */
export const FIRST_RESPONSE = 'X-First-Response-Ms';

/** Headers that are the server's to write, whatever the application says, or are meant for the server alone. */
const OURS = new Set(
  ['Via', 'Record-Route', 'RSeq', 'Content-Length', 'From', 'To', 'Call-ID', 'CSeq', 'Max-Forwards', 'Route'].concat(
    FIRST_RESPONSE,
  ),
);

/** Reads the SIP text of an application's frame. Its Content-Length counts UTF-16 units and is ignored. */
export function parseAppMessage(text: Buffer): SipMessage | undefined {
  const end = text.indexOf('\r\n\r\n');
  const head = text.toString('utf8', 0, end < 0 ? text.length : end).replace(/(\r\n)+$/, '');
  // Headers that are none are dropped: applications may carry over what they should not.
  const parsed = parseHead(head);
  if (!parsed) return undefined;
  parsed.message.body = end < 0 ? Buffer.alloc(0) : Buffer.from(text.subarray(end + 4));
  return parsed.message;
}

/** Adds the application's own headers and body. @returns false when a body comes without saying what it is. */
export function addContent(to: SipMessage, from: SipMessage, except: ReadonlySet<string> = new Set()): boolean {
  for (const { name, value } of from.headers) {
    if (!OURS.has(name) && !except.has(name) && value !== '') to.headers.append(name, value);
  }
  to.body = from.body;
  if (to.body.length === 0 || to.headers.get('Content-Type') !== undefined) return true;
  const isSdp = to.body.subarray(0, 3).toString('latin1') === 'v=0';
  if (isSdp) to.headers.append('Content-Type', 'application/sdp');
  return isSdp || to.kind === 'response';
}

/** Applications write `@localhost` where our own address belongs. */
export function fillLocalhost(context: AgentContext, headers: Headers, flow: Flow): void {
  const { host, port } = context.transports.advertised(flow);
  for (const name of ['From', 'To', 'Contact', 'P-Asserted-Identity']) {
    const value = headers.get(name);
    if (value === undefined || !value.includes('@localhost')) continue;
    let filled = value.replace(/@localhost(?::\d+)?(?=[;>?\s,]|$)/g, `@${formatHost(host)}:${port}`);
    if (name === 'Contact' && flow.transport !== 'udp' && !/;transport=/i.test(filled)) {
      filled = filled.includes('>') ? filled.replace('>', `${transportParam(flow)}>`) : filled;
    }
    headers.set(name, filled);
  }
}

/** Puts our Via on top. @returns its branch. */
export function addVia(context: AgentContext, message: SipRequest, flow: Flow): string {
  const branch = newBranch();
  const { host, port } = context.transports.advertised(flow);
  message.headers.prepend('Via', `SIP/2.0/${flow.transport.toUpperCase()} ${formatHost(host)}:${port};branch=${branch};rport`);
  return branch;
}

/** Sends a request that has no transaction: the ACK of a 2xx. @returns how to send the same bytes again. */
export function sendAck(context: AgentContext, message: SipRequest, flow: Flow): { bytes: Buffer; resend: () => void } {
  addVia(context, message, flow);
  const bytes = serialiseMessage(message);
  const resend = (): void => flow.send(bytes);
  resend();
  return { bytes, resend };
}
