import { type Params, parseParams } from './text.js';
import { uriScheme } from './uri.js';

/** One value of From, To, Contact, Route, Record-Route … `display` is as written, quotes included. */
export type NameAddr = { display: string; uri: string; params: Params };

/** @returns undefined when it is no `name-addr` and no `addr-spec` (RFC 3261 section 25.1). */
export function parseNameAddr(value: string): NameAddr | undefined {
  const text = value.trim();
  const open = openBracket(text);
  if (open === undefined) return undefined;
  if (open < 0) {
    // Without brackets, everything after `;` belongs to the header, not to the URI (RFC 3261 section 20).
    const semicolon = text.indexOf(';');
    const uri = (semicolon < 0 ? text : text.slice(0, semicolon)).trim();
    if (/[\s"<>,?]/.test(uri)) return undefined;
    const params = parseParams(semicolon < 0 ? '' : text.slice(semicolon));
    return params && uriScheme(uri) !== undefined ? { display: '', uri, params } : undefined;
  }
  const close = text.indexOf('>', open);
  if (close < 0) return undefined;
  const display = text.slice(0, open).trim();
  if (!display.startsWith('"') && /[",<>;:@]/.test(display)) return undefined;
  const uri = text.slice(open + 1, close);
  const params = parseParams(text.slice(close + 1));
  if (!params || uriScheme(uri) === undefined || /[\s"]/.test(uri)) return undefined;
  return { display, uri, params };
}

/** Where `<` opens the URI: -1 without brackets, undefined when a quoted name never ends. */
function openBracket(text: string): number | undefined {
  if (!text.startsWith('"')) return text.indexOf('<');
  let i = 1;
  while (i < text.length && text[i] !== '"') i += text[i] === '\\' ? 2 : 1;
  if (i >= text.length) return undefined;
  const open = text.indexOf('<', i);
  return open < 0 || text.slice(i + 1, open).trim() !== '' ? undefined : open;
}

/** The value with this tag and no other. */
export function withTag(value: string, tag: string): string {
  return `${withoutTag(value)};tag=${tag}`;
}

/** The value as it is, but for its tag. */
export function withoutTag(value: string): string {
  const close = value.lastIndexOf('>');
  const head = close < 0 ? '' : value.slice(0, close + 1);
  return head + value.slice(close + 1).replace(/\s*;\s*tag\s*=\s*[^;\s]*/gi, '');
}
