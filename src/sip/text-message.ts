import { randomBytes, randomUUID } from 'node:crypto';
import type { SipParty } from '../domain/ports/telephony.js';
import type { IncomingText, OutgoingText } from '../domain/ports/texts.js';
import type { RequestDeps } from './binding.js';
import { DigestSession } from './digest.js';
import { challengeHeaders, credentialsOf } from './digest-header.js';
import { sendRequest } from './send-request.js';
import { ALLOW, contentType, partyOf, userOf } from './sip-headers.js';
import type { SrfRequest, SrfResponse } from './srf-types.js';

const TEXT_TYPE = 'text/plain';
/** Nobody types more at once; what is longer is something else. */
const MAX_BYTES = 32_768;
const DEFAULT_FROM: SipParty = { uri: 'sip:offhook@localhost', user: 'offhook', displayName: undefined };

/** The text of a MESSAGE (RFC 3428), or undefined after it was refused: for its type, character set or size. */
export function readText(request: SrfRequest, response: SrfResponse): IncomingText | undefined {
  const fault = faultOf(request);
  if (fault) {
    response.send(fault.status, fault.headers && { headers: fault.headers });
    return undefined;
  }
  return {
    method: 'MESSAGE',
    credentials: credentialsOf(request),
    challenge: (challenges) => response.send(407, { headers: challengeHeaders('Proxy-Authenticate', challenges) }),
    sipId: `${request.get('call-id') ?? ''} ${request.get('cseq') ?? ''}`,
    from: partyOf(request, 'from'),
    to: partyOf(request, 'to'),
    requestUser: userOf(request.uri),
    source: { address: request.source_address, port: request.source_port, transport: request.protocol || 'udp' },
    text: request.body ?? '',
    header: (name) => request.get(name),
    answer: (status, headers = {}) => response.send(status, { headers: { ...headers, ...(status === 200 && { Allow: ALLOW }) } }),
  };
}

function faultOf(request: SrfRequest): { status: number; headers?: Record<string, string> } | undefined {
  const accept = { Accept: TEXT_TYPE };
  if (contentType(request) !== TEXT_TYPE) return { status: 415, headers: accept };
  const charset = /;\s*charset\s*=\s*"?([^\s";]+)/i.exec(request.get('content-type') ?? '')?.[1]?.toLowerCase() ?? 'utf-8';
  // ASCII is UTF-8; of other sets the octets are gone by the time we see the text.
  if (!['utf-8', 'utf8', 'us-ascii', 'ascii'].includes(charset))
    return { status: 415, headers: { Accept: `${TEXT_TYPE};charset=utf-8` } };
  const encoding = request.get('content-encoding')?.trim().toLowerCase() ?? 'identity';
  if (encoding !== 'identity') return { status: 415, headers: { 'Accept-Encoding': 'identity' } };
  const text = request.body ?? '';
  if (Buffer.byteLength(text) > MAX_BYTES) return { status: 413 };
  return text.includes('\u0000') ? { status: 400 } : undefined;
}

/** Sends one MESSAGE outside a dialog: see `TextSignalling.sendText`. */
export async function sendText({ uri, from = DEFAULT_FROM, text, proxy, headers, credentials }: OutgoingText, deps: RequestDeps) {
  const digest = credentials && new DigestSession(credentials);
  const name = from.displayName?.replace(/[\r\n\0]/g, ' ').replace(/["\\]/g, '\\$&');
  const common = {
    ...headers,
    From: `${name === undefined ? '' : `"${name}" `}<${from.uri}>;tag=${randomBytes(6).toString('hex')}`,
    To: `<${uri}>`,
    'Call-ID': randomUUID(),
    'Content-Type': `${TEXT_TYPE};charset=utf-8`,
    'User-Agent': deps.userAgent,
  };
  for (let sequence = 1; ; sequence += 1) {
    const proof = digest?.headers('MESSAGE', uri);
    const { response } = await sendRequest(deps, {
      method: 'MESSAGE',
      uri,
      proxy,
      headers: { ...common, CSeq: `${sequence} MESSAGE`, ...proof },
      body: text,
    });
    if (!digest?.takeFrom(response)) return response.status;
  }
}
