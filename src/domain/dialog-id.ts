/** What makes a dialog this one (RFC 3261 section 12), seen from our side. */
export type DialogId = { callId: string; localTag: string; remoteTag: string };

/** Of an INVITE that is to take a dialog of ours over (RFC 3891). `earlyOnly`: not once it is answered. */
export type Replaces = DialogId & { earlyOnly: boolean };

const TOKEN = /^[^\s;,"<>]{1,255}$/;

/** Reads a Replaces header, or what stands for one in a Refer-To. Undefined for what is none, or more than one. */
export function readReplaces(text: string): Replaces | undefined {
  const [callId = '', ...params] = text.split(';').map((part) => part.trim());
  const values = new Map<string, string>();
  for (const param of params) {
    const [name = '', value = ''] = param.split('=', 2).map((part) => part.trim());
    if (values.has(name.toLowerCase())) return undefined;
    values.set(name.toLowerCase(), value);
  }
  const [localTag = '', remoteTag = ''] = [values.get('to-tag'), values.get('from-tag')];
  if (![callId, localTag, remoteTag].every((part) => TOKEN.test(part))) return undefined;
  return { callId, localTag, remoteTag, earlyOnly: values.has('early-only') };
}

export const sameDialog = (a: DialogId, b: DialogId): boolean =>
  a.callId === b.callId && a.localTag === b.localTag && a.remoteTag === b.remoteTag;
