import { Headers } from './headers.js';
import { withTag } from './name-addr.js';
import { reasonPhrase, type SipRequest, type SipResponse } from './sip-message.js';

const FORMS_DIALOG = new Set(['INVITE', 'SUBSCRIBE', 'REFER', 'NOTIFY']);

/** A response with the headers RFC 3261 section 8.2.6 copies from the request; `toTag` is set unless the request had one. */
export function buildResponse(request: SipRequest, status: number, toTag?: string, reason?: string): SipResponse {
  const headers = new Headers();
  for (const { name, value } of request.headers) {
    if (name === 'Via') headers.append(name, value);
  }
  // A proxy may have put itself in the path of requests to come (section 12.1.1).
  if (status > 100 && status < 300 && FORMS_DIALOG.has(request.method)) {
    for (const { name, value } of request.headers) {
      if (name === 'Record-Route') headers.append(name, value);
    }
  }
  for (const name of ['From', 'To', 'Call-ID', 'CSeq']) {
    const value = request.headers.get(name);
    if (value === undefined) continue;
    const bare = name === 'To' && toTag !== undefined && !/;\s*tag\s*=/i.test(value.slice(value.lastIndexOf('>') + 1));
    headers.append(name, bare ? withTag(value, toTag) : value);
  }
  const timestamp = request.headers.get('Timestamp');
  if (status === 100 && timestamp !== undefined) headers.append('Timestamp', timestamp);
  return { kind: 'response', status, reason: reason ?? reasonPhrase(status), headers, body: Buffer.alloc(0) };
}
