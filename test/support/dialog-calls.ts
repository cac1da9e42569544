import type { AudioAgreement } from '../../src/domain/ports/media.js';
import type { Dialog, DialogEnd, DialTerms, InviteTerms } from '../../src/domain/ports/telephony.js';
import { header, type RawMessage, type SipPeer } from './sip-peer.js';
import { ackText, inviteText, newCall, type RequestOptions, random, responseText } from './sip-texts.js';
import type { TestTelephony } from './telephony.js';

const LOCAL = { rtpPort: 20_000, rtcpPort: 20_001 };

export const sdp = (...lines: string[]): string =>
  ['v=0', 'o=- 1 1 IN IP4 127.0.0.1', 's=-', 'c=IN IP4 127.0.0.1', 't=0 0', ...lines, ''].join('\r\n');
export const PCMU = sdp('m=audio 40000 RTP/AVP 0');

export type EstablishedCall = {
  dialog: Dialog;
  agreements: AudioAgreement[];
  ended: Promise<DialogEnd>;
  /** The 200 or the INVITE that we have sent. */
  ours: RawMessage;
  /** A request of the peer's inside the dialog. */
  send(method: string, cseq: number, options?: RequestOptions): void;
  /** The peer acknowledges a 2xx of ours. */
  acknowledge(cseq: number, body?: string): void;
  /** The peer answers a request of ours; a 2xx to INVITE and UPDATE with its Contact. */
  answer(request: RawMessage, status: number, headers?: readonly string[], body?: string): void;
};

/** The peer calls us. */
export async function calledBy(
  s: TestTelephony,
  { terms, ...options }: RequestOptions & { terms?: InviteTerms } = {},
): Promise<EstablishedCall> {
  const { peer } = s;
  const call = newCall();
  peer.send(inviteText(peer, call, { body: PCMU, ...options }));
  const invite = await s.nextInvite();
  const agreements: AudioAgreement[] = [];
  const dialog = await invite.answer(LOCAL, (agreement) => agreements.push(agreement), terms);
  const ours = await peer.status(200);
  peer.send(ackText(peer, call, ours));
  const from = `"Ann" <sip:ann@127.0.0.1:${peer.port}>;tag=${call.fromTag}`;
  return established(peer, { dialog, agreements, ours, from, to: header(ours, 'To'), callId: call.callId });
}

/** We call the peer, which answers with `body` and these headers. */
export async function placedTo(
  s: TestTelephony,
  { terms = {}, headers = [], body = PCMU }: { terms?: DialTerms; headers?: readonly string[]; body?: string } = {},
): Promise<EstablishedCall> {
  const { peer } = s;
  const agreements: AudioAgreement[] = [];
  const dialled = s.telephony.dial({
    uri: `sip:bob@127.0.0.1:${peer.port}`,
    local: LOCAL,
    onAgreement: (agreement) => agreements.push(agreement),
    signal: new AbortController().signal,
    ...terms,
  });
  const ours = await peer.request('INVITE');
  peer.send(responseText(ours, 200, 'OK', 'bob', [contactOf(peer), ...headers], body));
  await peer.request('ACK');
  const outcome = await dialled;
  if (!outcome.answered) throw new Error(`not answered: ${outcome.failure.sipCode}`);
  const from = `${header(ours, 'To')};tag=bob`;
  const callId = header(ours, 'Call-ID');
  return established(peer, { dialog: outcome.dialog, agreements, ours, from, to: header(ours, 'From'), callId });
}

const contactOf = (peer: SipPeer): string => `Contact: <sip:bob@127.0.0.1:${peer.port}>`;

type Parts = { dialog: Dialog; agreements: AudioAgreement[]; ours: RawMessage; from: string; to: string; callId: string };

function established(peer: SipPeer, { dialog, agreements, ours, from, to, callId }: Parts): EstablishedCall {
  const send = (method: string, cseq: number, { headers = [], body = '', branch, contact }: RequestOptions = {}): void => {
    const lines = [
      `${method} sip:agent@127.0.0.1 SIP/2.0`,
      `Via: SIP/2.0/UDP 127.0.0.1:${peer.port};branch=${branch ?? `z9hG4bK${random()}`};rport`,
      'Max-Forwards: 70',
      `From: ${from}`,
      `To: ${to}`,
      `Call-ID: ${callId}`,
      `CSeq: ${cseq} ${method}`,
      contact === undefined ? contactOf(peer) : `Contact: ${contact}`,
      ...headers,
      ...(body ? ['Content-Type: application/sdp'] : []),
      `Content-Length: ${Buffer.byteLength(body)}`,
    ];
    peer.send(`${lines.join('\r\n')}\r\n\r\n${body}`);
  };
  return {
    dialog,
    agreements,
    ours,
    ended: new Promise((resolve) => dialog.onEnded(resolve)),
    send,
    acknowledge: (cseq, body) => send('ACK', cseq, body === undefined ? {} : { body }),
    answer: (request, status, headers = [], body = '') => {
      const contact = status < 300 && request.method !== 'BYE' ? [contactOf(peer)] : [];
      peer.send(responseText(request, status, 'Whatever', 'bob', [...contact, ...headers], body));
    },
  };
}

export const directionOf = (message: RawMessage): string =>
  /a=(sendrecv|sendonly|recvonly|inactive)/.exec(message.body)?.[1] ?? '';
export const versionOf = (message: RawMessage): number => Number(/o=\S+ \d+ (\d+)/.exec(message.body)?.[1]);
