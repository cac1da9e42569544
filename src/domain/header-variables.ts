/**
 * What of a header becomes the variable: all of it; of an address (P-Asserted-Identity, Diversion …) the display name, the user or the
 * URI; of User-to-User (RFC 7433) the text that its hexadecimal digits stand for.
 */
export const HEADER_PARTS = ['value', 'display_name', 'user', 'uri', 'text'] as const;
export type HeaderPart = (typeof HEADER_PARTS)[number];

/** A variable of a call that is read from a header of its INVITE. */
export type HeaderVariable = { name: string; header: string; part: HeaderPart };

/** What calls know beside what is said, by name: fills `{{name}}`. */
export type Variables = Readonly<Record<string, string>>;

/** A header is as long as its sender likes; a variable is said, shown and stored. */
const MAX_HEADER_LENGTH = 4000;
const MAX_VALUE_LENGTH = 1000;

/** What is absent, or has no such part, makes no variable. Of two rules for one name the last that finds something holds. */
export function variablesFrom(rules: readonly HeaderVariable[], header: (name: string) => string | undefined): Variables {
  const found = rules.flatMap(({ name, header: from, part }) => {
    const text = header(from)?.slice(0, MAX_HEADER_LENGTH);
    const value = text === undefined ? undefined : clean(partOf(text, part));
    return value === undefined || value === '' ? [] : [[name, value] as const];
  });
  return Object.fromEntries(found);
}

function partOf(header: string, part: HeaderPart): string {
  if (part === 'value') return header;
  if (part === 'text') return textOf(header);
  const { displayName, uri } = addressOf(header);
  if (part === 'display_name') return displayName;
  return part === 'uri' ? uri : userOf(uri);
}

const clean = (text: string): string =>
  text
    .replace(/[\p{Cc}\p{Cs}]+/gu, ' ')
    .slice(0, MAX_VALUE_LENGTH)
    .trim();

const NAME_ADDR = /^\s*(?:"((?:[^"\\]|\\.)*)"|([^"<,]*))\s*<([^>]*)>/;

/** The first address of a header (RFC 3261 section 20.10). */
function addressOf(header: string): { displayName: string; uri: string } {
  const [whole, quoted, token, uri] = NAME_ADDR.exec(header) ?? [];
  if (whole === undefined) return { displayName: '', uri: /^\s*([^\s;,]*)/.exec(header)?.[1] ?? '' };
  return { displayName: (quoted ?? token ?? '').replace(/\\(.)/g, '$1').trim(), uri: uri ?? '' };
}

function userOf(uri: string): string {
  const user = /^(?:sips?:([^@]+)@|tel:(.+))/i.exec(uri);
  const escaped = (user?.[1] ?? user?.[2] ?? '').split(/[:;]/, 1)[0] ?? '';
  try {
    return decodeURIComponent(escaped);
  } catch {
    return escaped;
  }
}

function textOf(header: string): string {
  const digits = /^\s*"?([0-9a-f]+)/i.exec(header)?.[1] ?? '';
  return Buffer.from(digits, 'hex').toString('utf8');
}
