import { RFC4475 } from './rfc4475.js';

/** What a parser must take, and what it must refuse and how: the messages of RFC 4475, and what it leaves out. */
const lines = (...parts: string[]): string => parts.join('\r\n');

/** A plain INVITE with the given lines in place of, or besides, its usual ones. */
export function invite(replaced: Record<string, string | undefined> = {}, extra: readonly string[] = [], body = ''): string {
  const usual: Record<string, string> = {
    start: 'INVITE sip:vivekg@chair.example.net SIP/2.0',
    via: 'Via: SIP/2.0/UDP 192.0.2.2:5060;branch=z9hG4bK390skdjuw',
    maxForwards: 'Max-Forwards: 68',
    from: 'From: <sip:caller@example.com>;tag=98asjd8',
    to: 'To: <sip:vivekg@chair.example.net>',
    callId: 'Call-ID: torture.1@192.0.2.2',
    cseq: 'CSeq: 9 INVITE',
    contact: 'Contact: <sip:caller@192.0.2.2>',
    length: `Content-Length: ${Buffer.byteLength(body)}`,
  };
  const chosen = Object.entries({ ...usual, ...replaced }).flatMap(([, line]) => (line === undefined ? [] : [line]));
  return `${lines(...chosen, ...extra)}\r\n\r\n${body}`;
}

/** By name. */
export const VALID: Record<string, string> = {
  ...Object.fromEntries(
    Object.entries(RFC4475).flatMap(([name, { text, refused }]) => (refused === undefined ? [[name, text]] : [])),
  ),
  'line breaks before the start line': `\r\n\r\n${invite()}`,
  'more bytes than Content-Length': `${invite()}trailing`,
  'compact names only': lines(
    'INVITE sip:a@h SIP/2.0',
    'v: SIP/2.0/UDP h;branch=z9hG4bK1',
    'f: <sip:b@h>;tag=1',
    't: <sip:a@h>',
    'i: 1@h',
    'CSeq: 1 INVITE',
    'm: <sip:b@h>',
    'l: 0',
    '',
    '',
  ),
};

/** By name: the message and the status it deserves. */
export const INVALID: Record<string, [message: string, status: number]> = {
  ...Object.fromEntries(
    Object.entries(RFC4475).flatMap(([name, { text, refused }]) => (refused === undefined ? [] : [[name, [text, refused]]])),
  ),
  'Content-Length said twice': [invite({}, ['Content-Length: 5']), 400],
  'no Call-ID': [invite({ callId: undefined }), 400],
  'no From': [invite({ from: undefined }), 400],
  'no To': [invite({ to: undefined }), 400],
  'no CSeq': [invite({ cseq: undefined }), 400],
  'two Call-IDs': [invite({}, ['Call-ID: another@192.0.2.2']), 400],
  'two Froms': [invite({}, ['From: <sip:other@example.com>;tag=2']), 400],
  'Max-Forwards out of range': [invite({ maxForwards: 'Max-Forwards: 300' }), 400],
  'a header without a colon': [invite({}, ['this is no header']), 400],
  'a header of 9 KB': [invite({}, [`Subject: ${'x'.repeat(9000)}`]), 400],
  '300 headers': [
    invite(
      {},
      Array.from({ length: 300 }, (_, i) => `X-H${i}: 1`),
    ),
    400,
  ],
};
