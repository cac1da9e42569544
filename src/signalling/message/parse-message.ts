import { canonicalHeaderName, TOKEN } from './header-names.js';
import { type HeaderLine, Headers } from './headers.js';
import type { Fault, SipMessage } from './sip-message.js';

export const MAX_MESSAGE_BYTES = 65_535;
export const MAX_HEADERS = 256;
export const MAX_HEADER_LINE_LENGTH = 8192;

/** What could be read. With a `fault` the message is good enough to say so to its sender, and no more. */
export type Parsed = { message: SipMessage; fault: Fault | undefined };

const REQUEST_LINE = /^([A-Za-z0-9\-.!%*_+`'~]+) +(.*?) *SIP\/(\d+\.\d+)\s*$/i;
const STATUS_LINE = /^SIP\/(\d+\.\d+) (\d{3})(?: (.*))?$/i;
const EMPTY = Buffer.alloc(0);

const bad = (reason: string): Fault => ({ status: 400, reason });

/**
 * Reads start line and headers.
 *
 * @param head everything before the empty line, without leading line breaks.
 * @returns undefined when this is not SIP at all.
 */
export function parseHead(head: string): Parsed | undefined {
  const lines = head.split('\r\n');
  const start = parseStartLine(lines[0] ?? '');
  if (!start) return undefined;
  let fault = start.fault;
  const headers: HeaderLine[] = [];
  for (const line of unfold(lines)) {
    const colon = line.indexOf(':');
    const name = line.slice(0, Math.max(0, colon)).trimEnd();
    if (headers.length >= MAX_HEADERS) {
      fault ??= bad('Too Many Headers');
      break;
    }
    if (line.length > MAX_HEADER_LINE_LENGTH) fault ??= bad('Header Too Long');
    else if (colon < 0 || !TOKEN.test(name)) fault ??= bad('Malformed Header');
    else headers.push({ name: canonicalHeaderName(name), value: line.slice(colon + 1).trim() });
  }
  start.message.headers = new Headers(headers);
  return { message: start.message, fault };
}

/** RFC 3261 section 7.3.1: a line that begins with white space continues the one before. */
function unfold(lines: readonly string[]): string[] {
  const unfolded: string[][] = [];
  for (const line of lines.slice(1)) {
    const last = unfolded.at(-1);
    if (last && (line.startsWith(' ') || line.startsWith('\t'))) last.push(line.trim());
    else unfolded.push([line]);
  }
  return unfolded.map((parts) => parts.join(' '));
}

function parseStartLine(line: string): Parsed | undefined {
  const status = STATUS_LINE.exec(line);
  if (status) {
    const code = Number(status[2]);
    const fault = code < 100 || code > 699 || status[1] !== '2.0' ? bad('Malformed Status Line') : undefined;
    return {
      message: { kind: 'response', status: code, reason: status[3] ?? '', headers: new Headers(), body: EMPTY },
      fault,
    };
  }
  const request = line.length > MAX_HEADER_LINE_LENGTH ? undefined : REQUEST_LINE.exec(line);
  if (!request) return undefined;
  const [, method = '', uri = '', version] = request;
  let fault: Fault | undefined;
  if (version !== '2.0') fault = { status: 505, reason: 'Version Not Supported' };
  else if (line !== `${method} ${uri} ${line.slice(-7)}`) fault = bad('Malformed Request Line');
  return { message: { kind: 'request', method, uri, headers: new Headers(), body: EMPTY }, fault };
}

/** The number in Content-Length: undefined without one, 'invalid' when it is no number or said twice differently. */
export function contentLength(headers: Headers): number | undefined | 'invalid' {
  let length: number | undefined;
  for (const { name, value } of headers) {
    if (name !== 'Content-Length') continue;
    if (!/^\d{1,9}$/.test(value)) return 'invalid';
    if (length !== undefined && length !== Number(value)) return 'invalid';
    length = Number(value);
  }
  return length;
}

/** Bytes of line breaks before the start line, which RFC 3261 section 7.5 says to ignore. */
export function leadingBreaks(bytes: Buffer): number {
  let at = 0;
  while (bytes[at] === 0x0d || bytes[at] === 0x0a) at += 1;
  return at;
}

/** Reads one datagram. @returns undefined when this is not SIP at all; never throws. */
export function parseDatagram(bytes: Buffer): Parsed | undefined {
  const start = leadingBreaks(bytes);
  const end = bytes.indexOf('\r\n\r\n', start);
  const parsed = parseHead(bytes.toString('utf8', start, end < 0 ? bytes.length : end).replace(/\r\n$/, ''));
  if (!parsed) return undefined;
  if (end < 0) return { message: parsed.message, fault: parsed.fault ?? bad('Incomplete Message') };
  const body = bytes.subarray(end + 4);
  const length = contentLength(parsed.message.headers);
  // A datagram longer than Content-Length says is cut; a shorter one is a fault (RFC 3261 section 18.3).
  if (length === 'invalid' || (length ?? 0) > body.length) {
    return { message: parsed.message, fault: parsed.fault ?? bad('Bad Content-Length') };
  }
  parsed.message.body = Buffer.from(body.subarray(0, length ?? body.length));
  return parsed;
}
