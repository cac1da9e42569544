import { fillPlaceholders, hasPlaceholders, type Values } from './placeholders.js';

/** Headers by name; with placeholders they are templates. */
export type Headers = Readonly<Record<string, string>>;

/** What is added to requests in a dialog; `referTo` to the request that the far end of a REFER then makes. */
export type DialogHeaders = { bye: Headers; refer: Headers; referTo: Headers };

export const NO_DIALOG_HEADERS: DialogHeaders = { bye: {}, refer: {}, referTo: {} };

const MAX_VALUE_LENGTH = 500;
/** What grows longer by what is filled in is left out: cut, it would mean something else. */
const MAX_HEADER_LENGTH = 2000;

/**
 * The headers with these values in them. A value can end neither its line nor the string or the URI in which it stands. What has
 * placeholders but no value for any of them is left out.
 */
export function fillHeaders(templates: Headers, values: Values): Headers {
  const filled = Object.entries(templates).flatMap(([name, template]) => {
    if (!hasPlaceholders(template)) return [[name, template] as const];
    let found = false;
    const hex = /^user-to-user$/i.test(name) && /;\s*encoding\s*=\s*hex\b/i.test(template);
    const value = fillPlaceholders(template, values, '', (words, before) => {
      const text = clean(words);
      found ||= text !== '';
      return hex ? Buffer.from(text, 'utf8').toString('hex') : escaped(text, before);
    }).trim();
    return found && value.length <= MAX_HEADER_LENGTH ? [[name, value] as const] : [];
  });
  return Object.fromEntries(filled);
}

export const fillDialogHeaders = ({ bye, refer, referTo }: DialogHeaders, values: Values): DialogHeaders => ({
  bye: fillHeaders(bye, values),
  refer: fillHeaders(refer, values),
  referTo: fillHeaders(referTo, values),
});

/** Headers for the request that is made to a SIP URI (RFC 3261 section 19.1.1). */
export function withHeaders(uri: string, headers: Headers): string {
  const added = Object.entries(headers).map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`);
  return added.length === 0 ? uri : `${uri}${uri.includes('?') ? '&' : '?'}${added.join('&')}`;
}

const clean = (text: string): string =>
  text
    .replace(/[\p{Cc}\p{Cs}]+/gu, ' ')
    .slice(0, MAX_VALUE_LENGTH)
    // Half of a pair may be left of what was cut.
    .replace(/\p{Cs}/gu, '')
    .trim();

/** As the place asks for where a value stands: a quoted string, a URI, or anything else. */
function escaped(text: string, before: string): string {
  const outside = before.replace(/\\./g, '').replace(/"[^"]*"/g, '');
  if (outside.includes('"')) return text.replace(/["\\]/g, '\\$&');
  return outside.lastIndexOf('<') > outside.lastIndexOf('>') ? encodeURIComponent(text) : text;
}
