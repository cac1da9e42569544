import { type NameAddr, parseNameAddr } from './name-addr.js';
import type { Fault, SipMessage } from './sip-message.js';
import { parseSipUri, uriScheme } from './uri.js';
import { parseVia, type Via } from './via.js';

/** The headers every message has (RFC 3261 section 8.1.1), read once. */
export type Envelope = {
  via: Via;
  from: NameAddr;
  to: NameAddr;
  fromTag: string | undefined;
  toTag: string | undefined;
  callId: string;
  sequence: number;
  method: string;
};

const SINGLE = ['From', 'To', 'Call-ID', 'CSeq', 'Max-Forwards', 'Content-Type'];
/** RFC 3261 section 8.1.1.5: below 2^31. */
const MAX_SEQUENCE = 2 ** 31 - 1;

export function parseCSeq(value: string): { sequence: number; method: string } | undefined {
  const match = /^(\d{1,10})\s+([A-Za-z0-9\-.!%*_+`'~]+)$/.exec(value);
  const sequence = Number(match?.[1]);
  return match?.[2] !== undefined && sequence <= MAX_SEQUENCE ? { sequence, method: match[2] } : undefined;
}

/** Wider than a token, but safe inside an identifier: `|` parts the fields of an application frame. */
const TAG = /^[^\s|]{0,255}$/;

/** Reads the mandatory headers. @returns what is wrong with them when something is. */
export function readEnvelope(message: SipMessage): Envelope | Fault {
  const { headers } = message;
  const twice = SINGLE.find((name) => headers.count(name) > 1);
  if (twice !== undefined) return bad(`Repeated ${twice}`);
  const via = parseVia(headers.list('Via')[0] ?? '');
  const from = parseNameAddr(headers.get('From') ?? '');
  const to = parseNameAddr(headers.get('To') ?? '');
  const callId = headers.get('Call-ID');
  const cseq = parseCSeq(headers.get('CSeq') ?? '');
  if (!via) return bad('Bad Via');
  if (!from) return bad('Bad From');
  if (!to) return bad('Bad To');
  if (callId === undefined || !/^\S{1,512}$/.test(callId) || callId.includes('|')) return bad('Bad Call-ID');
  if (!cseq) return bad('Bad CSeq');
  const fromTag = from.params.get('tag');
  const toTag = to.params.get('tag');
  if (!TAG.test(fromTag ?? '')) return bad('Bad From');
  if (!TAG.test(toTag ?? '')) return bad('Bad To');
  return {
    via,
    from,
    to,
    fromTag,
    toTag,
    callId,
    sequence: cseq.sequence,
    method: cseq.method,
  };
}

const bad = (reason: string): Fault => ({ status: 400, reason });

export const isFault = (value: object): value is Fault => 'status' in value && 'reason' in value;

/** What else a request must keep to before anybody looks at its meaning (RFC 3261 sections 8.1.1 and 8.2). */
export function requestFault(method: string, uri: string, envelope: Envelope, message: SipMessage): Fault | undefined {
  if (envelope.method !== method) return bad('CSeq Method Mismatch');
  if (message.headers.list('Via').some((value) => !parseVia(value))) return bad('Bad Via');
  if (uri.startsWith('<') || /\s/.test(uri)) return bad('Malformed Request-URI');
  const scheme = uriScheme(uri);
  if (scheme === undefined) return bad('Malformed Request-URI');
  if (scheme !== 'sip' && scheme !== 'sips') {
    return scheme === 'tel' ? undefined : { status: 416, reason: 'Unsupported URI Scheme' };
  }
  if (!parseSipUri(uri)) return bad('Malformed Request-URI');
  const forwards = message.headers.get('Max-Forwards');
  if (forwards !== undefined && (!/^\d{1,9}$/.test(forwards) || Number(forwards) > 255)) return bad('Bad Max-Forwards');
  for (const contact of message.headers.list('Contact')) {
    if (contact !== '*' && !parseNameAddr(contact)) return bad('Bad Contact');
  }
  return undefined;
}
