import { randomBytes } from 'node:crypto';
import { header, type RawMessage, type SipPeer } from './sip-peer.js';

export const random = (): string => randomBytes(6).toString('hex');

export type CallTexts = { callId: string; fromTag: string; branch: string; cseq: number };
export const newCall = (): CallTexts => ({ callId: random(), fromTag: random(), branch: `z9hG4bK${random()}`, cseq: 1 });

export const SDP = 'v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 40000 RTP/AVP 0\r\n';

export type RequestOptions = {
  uri?: string;
  to?: string;
  branch?: string;
  cseq?: number;
  headers?: readonly string[];
  body?: string;
  contact?: string;
};

/** A request of `peer`'s outside or inside a dialog, complete. */
export function requestText(peer: SipPeer, method: string, call: CallTexts, options: RequestOptions = {}): string {
  const body = options.body ?? '';
  const { host } = peer;
  const proto = peer.transport.toUpperCase();
  const transportParam = peer.transport === 'udp' ? '' : `;transport=${peer.transport}`;
  const lines = [
    `${method} ${options.uri ?? `sip:agent@${host}`} SIP/2.0`,
    `Via: SIP/2.0/${proto} ${peer.port === 0 ? 'browser.invalid' : `${host}:${peer.port}`};branch=${options.branch ?? `z9hG4bK${random()}`};rport`,
    'Max-Forwards: 70',
    `From: "Ann" <sip:ann@${host}:${peer.port}>;tag=${call.fromTag}`,
    `To: ${options.to ?? `<sip:agent@${host}>`}`,
    `Call-ID: ${call.callId}`,
    `CSeq: ${options.cseq ?? call.cseq} ${method}`,
    `Contact: ${options.contact ?? `<sip:ann@${host}:${peer.port}${transportParam}>`}`,
    ...(options.headers ?? []),
    ...(body && !options.headers?.some((h) => h.startsWith('Content-Type')) ? ['Content-Type: application/sdp'] : []),
    `Content-Length: ${Buffer.byteLength(body)}`,
  ];
  return `${lines.join('\r\n')}\r\n\r\n${body}`;
}

export const inviteText = (peer: SipPeer, call: CallTexts, options: RequestOptions = {}): string =>
  requestText(peer, 'INVITE', call, { branch: call.branch, body: SDP, ...options });

/** The ACK of a 2xx, or with the INVITE's branch that of a failure. */
export const ackText = (peer: SipPeer, call: CallTexts, response: RawMessage, options: RequestOptions = {}): string =>
  requestText(peer, 'ACK', call, { to: header(response, 'To'), ...options });

export function responseText(
  request: RawMessage,
  status: number,
  reason: string,
  toTag: string,
  extra: readonly string[] = [],
  body = '',
): string {
  const copied = ['via', 'record-route', 'from', 'to', 'call-id', 'cseq'].flatMap((name) =>
    (request.headers.get(name) ?? []).map((value) => {
      const tagged = name === 'to' && status > 100 && !value.includes(';tag=') ? `${value};tag=${toTag}` : value;
      return `${name}: ${tagged}`;
    }),
  );
  const type = body ? ['Content-Type: application/sdp'] : [];
  const lines = [`SIP/2.0 ${status} ${reason}`, ...copied, ...extra, ...type, `Content-Length: ${Buffer.byteLength(body)}`];
  return `${lines.join('\r\n')}\r\n\r\n${body}`;
}
