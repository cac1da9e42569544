import { parseCSeq } from '../message/envelope.js';
import { Headers } from '../message/headers.js';
import { parseNameAddr, withTag } from '../message/name-addr.js';
import type { SipRequest } from '../message/sip-message.js';
import { formatParams } from '../message/text.js';
import { newCallId, newTag } from '../message/tokens.js';
import type { Flow } from '../transport/flow.js';
import { addContent, fillLocalhost } from './app-message.js';
import { type AgentContext, ownContact } from './context.js';

const WITH_CONTACT = new Set(['INVITE', 'SUBSCRIBE', 'REFER']);

export type Identity = { callId: string; localTag: string; sequence: number };

/** An application's request made complete (RFC 3261 section 8.1.1); its own From tag, Call-ID and CSeq are kept. */
export function completeRequest(
  context: AgentContext,
  wanted: SipRequest,
  flow: Flow,
): { message: SipRequest; identity: Identity } | undefined {
  const contact = ownContact(context, flow);
  const from = bracketed(wanted.headers.get('From') ?? contact);
  const to = bracketed(wanted.headers.get('To') ?? `<${wanted.uri}>`);
  const localTag = parseNameAddr(from)?.params.get('tag') ?? newTag();
  const callId = wanted.headers.get('Call-ID') ?? newCallId();
  const sequence = parseCSeq(wanted.headers.get('CSeq') ?? '')?.sequence ?? 1;
  const headers = new Headers();
  headers.append('Max-Forwards', wanted.headers.get('Max-Forwards') ?? '70');
  for (const route of wanted.headers.list('Route')) headers.append('Route', route);
  headers.append('From', withTag(from, localTag));
  headers.append('To', to);
  headers.append('Call-ID', callId);
  headers.append('CSeq', `${sequence} ${wanted.method}`);
  const message: SipRequest = { kind: 'request', method: wanted.method, uri: wanted.uri, headers, body: wanted.body };
  if (!addContent(message, wanted)) return undefined;
  if (WITH_CONTACT.has(wanted.method) && headers.get('Contact') === undefined) headers.append('Contact', contact);
  fillLocalhost(context, headers, flow);
  return { message, identity: { callId, localTag, sequence } };
}

/** A URI with parameters needs its brackets, or they become the header's. */
function bracketed(value: string): string {
  const parsed = value.includes('<') ? undefined : parseNameAddr(value);
  return parsed ? `<${parsed.uri}>${formatParams(parsed.params)}` : value;
}
