import type { EndReason } from '../domain/ports/telephony.js';
import { splitList } from './sip-headers.js';

/** Reads a Reason header (RFC 3326): what its SIP and Q.850 members say; words of Q.850 where SIP has none. */
export function readReason(header: string | undefined): EndReason | undefined {
  const reason: EndReason = {};
  for (const member of splitList(header ?? '')) {
    const protocol = /^[^;\s]+/.exec(member)?.[0].toLowerCase();
    const field = protocol === 'sip' ? 'sip' : protocol === 'q.850' ? 'q850' : undefined;
    if (!field) continue;
    const cause = /;\s*cause\s*=\s*(\d{1,3})\b/i.exec(member)?.[1];
    const text = /;\s*text\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;\s]+))/i.exec(member);
    const words = text?.[1]?.replace(/\\(.)/g, '$1') ?? text?.[2];
    if (cause !== undefined) reason[field] ??= Number(cause);
    if (words !== undefined && words !== '' && (field === 'sip' || reason.text === undefined)) reason.text = words;
  }
  return Object.keys(reason).length > 0 ? reason : undefined;
}

/** Writes both protocols, each with the words: most gateways read only Q.850, most proxies only SIP. */
export function writeReason({ sip, q850, text }: EndReason): string {
  const words = text === undefined ? '' : `;text="${text.replace(/[\r\n\0]/g, ' ').replace(/["\\]/g, '\\$&')}"`;
  const members = [q850 !== undefined && `Q.850;cause=${q850}${words}`, sip !== undefined && `SIP;cause=${sip}${words}`];
  return members.filter((member) => member !== false).join(', ');
}

/** For the BYE of a call that was taken back as it was answered. */
export const CROSSED = { Reason: writeReason({ q850: 16, sip: 487, text: 'cancelled' }) };
