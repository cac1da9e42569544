/** Lower-case name to value; `undefined` for a flag such as `;lr`. */
export type Params = Map<string, string | undefined>;

/** Splits at `separator` where it stands outside quoted strings and angle brackets. One pass, whatever the input. */
export function splitOutside(text: string, separator: string): string[] {
  if (!text.includes(separator)) return [text];
  const parts: string[] = [];
  let start = 0;
  let quoted = false;
  let bracketed = false;
  for (let i = 0; i < text.length; i += 1) {
    const char = text[i];
    if (quoted) {
      if (char === '\\') i += 1;
      else if (char === '"') quoted = false;
    } else if (char === '"') quoted = true;
    else if (char === '<') bracketed = true;
    else if (char === '>') bracketed = false;
    else if (char === separator && !bracketed) {
      parts.push(text.slice(start, i));
      start = i + 1;
    }
  }
  parts.push(text.slice(start));
  return parts;
}

/** The values of a comma-separated header, trimmed. Empty ones are kept: whether they are a fault is the caller's to say. */
export const splitList = (value: string): string[] => splitOutside(value, ',').map((part) => part.trim());

/** Parses `;name=value;flag`. @returns undefined when a parameter is empty or has no name. */
export function parseParams(text: string): Params | undefined {
  const params: Params = new Map();
  const trimmed = text.trim();
  if (trimmed === '') return params;
  if (!trimmed.startsWith(';')) return undefined;
  for (const part of splitOutside(trimmed.slice(1), ';')) {
    const equals = part.indexOf('=');
    const name = (equals < 0 ? part : part.slice(0, equals)).trim().toLowerCase();
    if (name === '') return undefined;
    params.set(name, equals < 0 ? undefined : part.slice(equals + 1).trim());
  }
  return params;
}

export function formatParams(params: Params): string {
  let text = '';
  for (const [name, value] of params) text += value === undefined ? `;${name}` : `;${name}=${value}`;
  return text;
}
