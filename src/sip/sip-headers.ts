import type { EarlyDialog, SipParty } from '../domain/ports/telephony.js';
import type { SrfMessage, SrfResponse } from './srf-types.js';

/** Nothing that could break out of a request line or a header. */
export const SIP_URI = /^sips?:[^\s<>"\\]+$/i;

export const ALLOW = 'INVITE, ACK, CANCEL, BYE, OPTIONS, INFO, UPDATE, PRACK, NOTIFY, MESSAGE, REFER';
export const SDP_TYPE = 'application/sdp';

/** From or To as the message has it; a header nobody can read is an empty party, not an error. */
export function partyOf(message: SrfMessage, header: 'from' | 'to'): SipParty {
  try {
    const { uri, name } = message.getParsedHeader(header);
    return { uri, user: userOf(uri), displayName: unquote(name) };
  } catch {
    return { uri: '', user: undefined, displayName: undefined };
  }
}

/** The tag of From or To. */
export const tagOf = (message: SrfMessage, header: 'from' | 'to'): string | undefined => {
  const value = message.get(header) ?? '';
  return /;\s*tag\s*=\s*([^;\s]+)/i.exec(value.slice(value.lastIndexOf('>') + 1))?.[1];
};

/** What a provisional response to an INVITE of ours has begun; without a tag (RFC 2543) nobody can name it. */
export const earlyDialogOf = (response: SrfResponse): EarlyDialog => ({
  callId: response.get('call-id') ?? '',
  localTag: tagOf(response, 'from') ?? '',
  remoteTag: tagOf(response, 'to') ?? '',
  address: response.source_address,
});

/** The SIP URIs of a Contact, the most wanted first (RFC 3261 section 20.10). */
export function contactsOf(message: SrfMessage): string[] {
  const contacts = splitList(message.get('contact') ?? '').map((member) => {
    const uri = /<([^>]*)>/.exec(member)?.[1] ?? member.replace(/;.*$/, '');
    const parameters = member.includes('>') ? member.slice(member.indexOf('>')) : member;
    return { uri: uri.trim(), q: Number(/;\s*q\s*=\s*([01](?:\.\d{1,3})?)/i.exec(parameters)?.[1] ?? 1) };
  });
  const known = contacts.filter(({ uri }) => SIP_URI.test(uri));
  return known.toSorted((a, b) => b.q - a.q).map(({ uri }) => uri);
}

/** The user part of a sip or sips URI, unescaped (RFC 3261 section 19.1.4 compares it that way), without its parameters. */
export function userOf(uri: string): string | undefined {
  const escaped = /^sips?:([^@]+)@/i.exec(uri)?.[1]?.split(/[:;]/, 1)[0];
  if (!escaped) return undefined;
  try {
    return decodeURIComponent(escaped);
  } catch {
    return escaped;
  }
}

function unquote(name: string | undefined): string | undefined {
  const text = name
    ?.replace(/^"(.*)"$/, '$1')
    .replace(/\\(.)/g, '$1')
    .trim();
  return text === '' ? undefined : text;
}

/** The media type of the body, without parameters. */
export function contentType(message: SrfMessage): string | undefined {
  return message.get('content-type')?.split(';', 1)[0]?.trim().toLowerCase();
}

/** The session description the message carries, if any: its body, or that part of a multipart body. */
export function sdpOf(message: SrfMessage): string | undefined {
  if (!message.body) return undefined;
  if (!contentType(message)?.startsWith('multipart/')) return message.body;
  const part = message.payload?.find(({ type }) => type?.split(';', 1)[0]?.trim().toLowerCase() === SDP_TYPE);
  return part?.content;
}

/** The failure this message deserves before anybody looks at its session description, if any (RFC 3261 sections 8.2.3, 21.4.7). */
export function mediaTypeFault(message: SrfMessage): { status: number; headers: Record<string, string> } | undefined {
  const type = contentType(message);
  const understood = type === undefined || type === SDP_TYPE || (type.startsWith('multipart/') && sdpOf(message) !== undefined);
  if (message.body && !understood) return { status: 415, headers: { Accept: SDP_TYPE } };
  const encoding = message.get('content-encoding')?.trim().toLowerCase();
  if (message.body && encoding !== undefined && encoding !== 'identity')
    return { status: 415, headers: { 'Accept-Encoding': 'identity' } };
  return takesSdp(message.get('accept')) ? undefined : { status: 406, headers: {} };
}

/** A member of a list header of tokens: an option tag, a method. Compared without case. */
export function hasOption(message: SrfMessage, header: string, option: string): boolean {
  return (message.get(header) ?? '').split(',').some((member) => member.trim().toLowerCase() === option);
}

/** No Accept means SDP; an empty one means nothing at all (RFC 3261 section 20.1). */
function takesSdp(accept: string | undefined): boolean {
  if (accept === undefined) return true;
  const ranges = accept.split(',').map((range) => range.split(';', 1)[0]?.trim().toLowerCase());
  return ranges.some((range) => range === SDP_TYPE || range === 'application/*' || range === '*/*');
}

/** The members of a list header: split at commas that stand in no quotes and no angle brackets. */
export function splitList(value: string): string[] {
  const members = value.match(/(?:"(?:[^"\\]|\\.)*"|<[^>]*>|[^,"<])+/g) ?? [];
  return members.map((member) => member.trim()).filter((member) => member !== '');
}
