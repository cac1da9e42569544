import { randomUUID } from 'node:crypto';
import type { Delivery, Outcome, Passage } from '../agent/application.js';
import { type SipMessage, serialiseMessage } from '../message/sip-message.js';
import type { Address } from '../transport/flow.js';

/** A frame's first line, split, and the SIP text behind it. */
export type Frame = { messageId: string; kind: string; tokens: readonly string[]; text: Buffer };

const CR = 0x0d;

export function parseFrame(payload: Buffer): Frame {
  const end = payload.indexOf(CR);
  const leader = payload.toString('utf8', 0, end < 0 ? payload.length : end);
  const [messageId = '', kind = '', ...tokens] = leader.split('|');
  return { messageId, kind, tokens, text: end < 0 ? Buffer.alloc(0) : payload.subarray(end + 2) };
}

/** `HH:MM:SS.uuuuuu` UTC. */
const timeOf = (nowMs: number): string => `${new Date(nowMs).toISOString().slice(11, 23)}000`;

function encode(leader: string, text?: Buffer): Buffer {
  const head = Buffer.from(text ? `${leader}\r\n` : leader);
  const length = Buffer.from(`${head.length + (text?.length ?? 0)}#`);
  return Buffer.concat(text ? [length, head, text] : [length, head]);
}

const passageTokens = ({ sizeBytes, transport, peer }: Passage, nowMs: number): string =>
  `${sizeBytes}|${transport}|${peer.address}|${peer.port}|${timeOf(nowMs)}`;

/** Answer to a frame that asked for nothing on the network. */
export const encodeAnswer = (to: string, ...tokens: string[]): Buffer =>
  encode([randomUUID(), 'response', to, ...tokens].join('|'));

/** Answer to a `sip` frame: the message as it was sent, or why it was not. */
export function encodeOutcome(to: string, outcome: Outcome, what: 'request' | 'response', nowMs: number): Buffer {
  if (!outcome.ok) return encodeAnswer(to, 'NOK', outcome.reason);
  const { passage, transactionId, dialogId, bytes } = outcome;
  const rest = what === 'response' ? `${dialogId}||Msg sent:|` : 'Msg sent:|';
  const tokens = `OK|application|${passageTokens(passage, nowMs)}|${transactionId}|${rest}`;
  return encode(`${randomUUID()}|response|${to}|${tokens}`, bytes);
}

/** A message from the network, or with `application` one the server has made itself. */
export function encodeDelivery(
  source: 'network' | 'application',
  { message, passage, transactionId, dialogId }: Delivery<SipMessage>,
  nowMs: number,
  receivedOn?: Address,
): Buffer {
  const on = receivedOn ? `${receivedOn.address}|${receivedOn.port}|` : '';
  const leader = `${randomUUID()}|sip|${source}|${passageTokens(passage, nowMs)}|${transactionId}|${dialogId}|${on}`;
  return encode(leader, serialiseMessage(message));
}
