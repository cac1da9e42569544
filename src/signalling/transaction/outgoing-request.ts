import { Headers } from '../message/headers.js';
import { type SipRequest, type SipResponse, serialiseMessage } from '../message/sip-message.js';
import { splitList } from '../message/text.js';
import type { Flow } from '../transport/flow.js';

/** Who asked for a request and hears what becomes of it. */
export type ResponseHandler = {
  /** Each provisional, and the final response; for INVITE also repeated 2xx. */
  onResponse(response: SipResponse, flow: Flow, sizeBytes: number): void;
  /** Nobody answered in time (`timeout`; of an INVITE a late answer may still come), or the bytes could not leave. */
  onFailure(failure: 'timeout' | 'transport'): void;
  /** Nothing more will come. */
  onTerminated(): void;
};

/** A request as it was sent: its bytes are fixed from here on. */
export type OutgoingRequest = { readonly message: SipRequest; readonly bytes: Buffer; readonly flow: Flow; terminate(): void };

/** ACK to a failure response, or CANCEL: both repeat the INVITE's identity and way (RFC 3261 sections 9.1 and 17.1.1.3). */
export function buildCompanion(invite: SipRequest, method: 'ACK' | 'CANCEL', to: string): SipRequest {
  const headers = new Headers();
  headers.append('Via', splitList(invite.headers.get('Via') ?? '')[0] ?? '');
  headers.append('Max-Forwards', '70');
  for (const { name, value } of invite.headers) {
    if (name === 'Route') headers.append(name, value);
  }
  headers.append('From', invite.headers.get('From') ?? '');
  headers.append('To', to);
  headers.append('Call-ID', invite.headers.get('Call-ID') ?? '');
  headers.append('CSeq', `${Number.parseInt(invite.headers.get('CSeq') ?? '0', 10)} ${method}`);
  return { kind: 'request', method, uri: invite.uri, headers, body: Buffer.alloc(0) };
}

/** The bytes of the ACK that ends a failed INVITE. */
export function failureAck(invite: SipRequest, response: SipResponse): Buffer {
  return serialiseMessage(buildCompanion(invite, 'ACK', response.headers.get('To') ?? invite.headers.get('To') ?? ''));
}
