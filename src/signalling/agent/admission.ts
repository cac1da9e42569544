import { randomInt } from 'node:crypto';
import type { Envelope } from '../message/envelope.js';
import { type Refusal, reasonPhrase, type SipRequest } from '../message/sip-message.js';
import type { ApplicationDirectory } from './application.js';

/** Methods with a place in RFC 3261 and its extensions; others are 501 (section 21.5.2). */
const KNOWN = ['INVITE', 'OPTIONS', 'REGISTER', 'MESSAGE', 'INFO', 'NOTIFY', 'SUBSCRIBE', 'PUBLISH', 'REFER'];
/** Meaningless outside a dialog. */
const DIALOG_ONLY = new Set(['BYE', 'PRACK', 'UPDATE']);
/** Extensions the server or its applications understand; others required by the peer are refused (section 8.2.2.3). */
const EXTENSIONS = new Set(['100rel', 'timer', 'replaces', 'norefersub']);

const refusal = (status: number, headers?: Readonly<Record<string, string>>): Refusal => ({
  status,
  reason: reasonPhrase(status),
  ...(headers && { headers }),
});

const tryAgain = (): Refusal => refusal(500, { 'Retry-After': String(randomInt(0, 11)) });

/** The Allow header: what applications route, and what the server does for them. */
export function allowedMethods(directory: ApplicationDirectory): string {
  return [...new Set(['INVITE', 'ACK', 'CANCEL', 'BYE', 'OPTIONS', 'PRACK', 'UPDATE', ...directory.routed()])].join(', ');
}

/** Option tags in Require that nobody here understands. */
export function unsupportedExtensions(message: SipRequest): string[] {
  return message.headers.list('Require').filter((option) => option !== '' && !EXTENSIONS.has(option.toLowerCase()));
}

/** What the server itself says to a request outside any dialog; undefined when it is the application's to answer. */
export function refuseOutside(message: SipRequest, envelope: Envelope, directory: ApplicationDirectory): Refusal | undefined {
  const { method, headers } = message;
  if (envelope.toTag !== undefined || DIALOG_ONLY.has(method)) return refusal(481);
  const routed = directory.routed();
  if (!KNOWN.includes(method) && !routed.includes(method)) {
    return refusal(501, { Allow: allowedMethods(directory) });
  }
  // Nothing is forwarded here, but a request at the end of its hops is a loop in the making.
  if (headers.get('Max-Forwards') === '0' && method !== 'OPTIONS') return refusal(483);
  const unsupported = unsupportedExtensions(message);
  if (unsupported.length > 0) return refusal(420, { Unsupported: unsupported.join(', ') });
  if (method === 'INVITE' && headers.get('Contact') === undefined) return { status: 400, reason: 'Missing Contact' };
  if (routed.includes(method)) return undefined;
  if (routed.length === 0 || method === 'INVITE') return refusal(503);
  const allow = { Allow: allowedMethods(directory) };
  return method === 'OPTIONS'
    ? refusal(200, { ...allow, Accept: 'application/sdp', Supported: '100rel, timer' })
    : refusal(405, allow);
}

/** What the server itself says to a request inside a dialog. */
export function refuseInside(
  message: SipRequest,
  envelope: Envelope,
  dialog: { remoteSequence: number | undefined; pendingInvite: 'local' | 'remote' | undefined; pendingUpdate: boolean },
): Refusal | undefined {
  const unsupported = unsupportedExtensions(message);
  if (unsupported.length > 0) return refusal(420, { Unsupported: unsupported.join(', ') });
  // RFC 3261 section 12.2.2: out of order.
  if (dialog.remoteSequence !== undefined && envelope.sequence < dialog.remoteSequence) return refusal(500);
  // RFC 3311 section 5.2.
  if (message.method === 'UPDATE' && dialog.pendingUpdate) return tryAgain();
  if (message.method !== 'INVITE') return undefined;
  // Section 14.2: one offer at a time.
  if (dialog.pendingInvite === 'local') return refusal(491);
  if (dialog.pendingInvite === 'remote') return tryAgain();
  return undefined;
}
